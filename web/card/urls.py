"""Addresses of a member's card, and of the ways to it."""

from django.urls import URLPattern, path

from web.card import coming_back, home, joining, profile, theme

urlpatterns: list[URLPattern] = [
    path("q/<str:code>", joining.follow_code, name="card-scanned"),
    path("c/<slug:slug>/", home.show_card, name="card"),
    path("c/<slug:slug>/code", home.show_code, name="card-code"),
    path("c/<slug:slug>/live", home.show_live, name="card-live"),
    path("c/<slug:slug>/history", home.show_history, name="card-history"),
    path("c/<slug:slug>/me", profile.edit_profile, name="card-me"),
    path("c/<slug:slug>/sign-out", profile.forget_device, name="card-sign-out"),
    path("c/<slug:slug>/join", joining.join, name="card-join"),
    path("c/<slug:slug>/return", coming_back.ask, name="card-return"),
    path("c/<slug:slug>/return/code", coming_back.enter, name="card-return-code"),
    path("c/<slug:slug>/link/<str:token>", coming_back.follow_link, name="card-link"),
    path("c/<slug:slug>/theme.css", theme.show_theme, name="card-theme"),
]
