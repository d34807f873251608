"""All URLs: pages of `web`, endpoints of `api`, sign-in of allauth."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
