"""Addresses of the wizard, below a merchant's `start/`."""

from django.urls import URLPattern, path

from web.dashboard.wizard import look, numbers, opening, programme, steps, tiers

urlpatterns: list[URLPattern] = [
    path("", steps.start, name="dashboard-start"),
    path("leave/", steps.leave, name="dashboard-start-leave"),
    path("programme/", programme.gallery, name="dashboard-start-programme"),
    path("numbers/", numbers.numbers, name="dashboard-start-numbers"),
    path("tiers/", tiers.tiers, name="dashboard-start-tiers"),
    path("tiers/ladder/", tiers.begin, name="dashboard-start-ladder"),
    path("look/", look.look, name="dashboard-start-look"),
    path("look/logo/", look.logo, name="dashboard-start-logo"),
    path("poster/", opening.poster, name="dashboard-start-poster"),
    path("scan/", opening.scan, name="dashboard-start-scan"),
]
