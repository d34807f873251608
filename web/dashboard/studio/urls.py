"""Addresses of the QR studio."""

from django.urls import URLPattern, path

from web.dashboard.studio import listing, making, one

urlpatterns: list[URLPattern] = [
    path("", listing.show, name="dashboard-studio"),
    path("figures.csv", listing.export, name="dashboard-studio-export"),
    path("new/", making.new, name="dashboard-link-new"),
    path("<uuid:link_id>/", one.show, name="dashboard-link"),
    path("<uuid:link_id>/code.png", one.png, name="dashboard-link-png"),
    path("<uuid:link_id>/code.svg", one.svg, name="dashboard-link-svg"),
    path("<uuid:link_id>/stop/", one.stop, name="dashboard-link-stop"),
    path("<uuid:link_id>/resumption/", one.resume, name="dashboard-link-resume"),
]
