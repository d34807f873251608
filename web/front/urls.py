"""Addresses of the front."""

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from web.front import views

urlpatterns: list[URLPattern] = [
    path("", views.front, name="front"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", RedirectView.as_view(url="/static/img/icon.svg"), name="favicon"),
]
