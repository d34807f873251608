"""Addresses of a member's card, and of the ways to it."""

from django.urls import URLPattern, path

from web.card import (
    coming_back,
    home,
    installing,
    joining,
    leaving,
    logo,
    my_data,
    offline,
    printed,
    profile,
    proving,
    stopping,
    theme,
)

urlpatterns: list[URLPattern] = [
    path("q/<str:code>", joining.follow_code, name="card-scanned"),
    path("c/<slug:slug>/", home.show_card, name="card"),
    path("c/<slug:slug>/code", home.show_code, name="card-code"),
    path("c/<slug:slug>/live", home.show_live, name="card-live"),
    path("c/<slug:slug>/history", home.show_history, name="card-history"),
    path("c/<slug:slug>/me", profile.edit_profile, name="card-me"),
    path("c/<slug:slug>/me/letter", profile.send_link, name="card-me-letter"),
    path("c/<slug:slug>/me/proof", proving.show_proof, name="card-proof"),
    path("c/<slug:slug>/me/data.zip", my_data.download, name="card-data"),
    path("c/<slug:slug>/me/<str:size>.pdf", printed.print_card, name="card-print"),
    path("c/<slug:slug>/me/erase", leaving.erase, name="card-erase"),
    path("c/<slug:slug>/me/erase/proof", leaving.prove, name="card-erase-proof"),
    path("c/<slug:slug>/erased", leaving.erased, name="card-erased"),
    path("c/<slug:slug>/stop/<str:token>", stopping.stop, name="card-stop"),
    path("c/<slug:slug>/sign-out", profile.forget_device, name="card-sign-out"),
    path("c/<slug:slug>/join", joining.join, name="card-join"),
    path("c/<slug:slug>/return", coming_back.ask, name="card-return"),
    path("c/<slug:slug>/return/code", coming_back.enter, name="card-return-code"),
    path("c/<slug:slug>/link/<str:token>", coming_back.follow_link, name="card-link"),
    path("c/<slug:slug>/logo/<str:name>", logo.show_logo, name="card-logo"),
    path("c/<slug:slug>/key", offline.give_key, name="card-key"),
    path("c/<slug:slug>/offline", offline.show_shell, name="card-shell"),
    path("c/<slug:slug>/worker.js", installing.show_worker, name="card-worker"),
    path("c/<slug:slug>/manifest.webmanifest", installing.show_manifest, name="card-manifest"),
    path("c/<slug:slug>/icon-<int:size>.png", installing.show_icon, name="card-icon"),
    path("c/<slug:slug>/theme.css", theme.show_theme, name="card-theme"),
]
