"""Addresses of the API. `door.answer` resolves them; they stand in `config.urls` too, so that links can be made."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
