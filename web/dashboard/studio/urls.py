"""Addresses of the QR studio."""

from django.urls import URLPattern, path

from web.dashboard.studio import designer, listing, making, one

urlpatterns: list[URLPattern] = [
    path("", listing.show, name="dashboard-studio"),
    path("figures.csv", listing.export, name="dashboard-studio-export"),
    path("designer/", designer.show, name="dashboard-designer"),
    path("designer/turn/", designer.turn, name="dashboard-designer-turn"),
    path("designer/fixes/", designer.mend, name="dashboard-designer-fixes"),
    path("new/", making.new, name="dashboard-link-new"),
    path("<uuid:link_id>/", one.show, name="dashboard-link"),
    path("<uuid:link_id>/code.png", one.png, name="dashboard-link-png"),
    path("<uuid:link_id>/code.svg", one.svg, name="dashboard-link-svg"),
    path("<uuid:link_id>/stop/", one.stop, name="dashboard-link-stop"),
    path("<uuid:link_id>/resumption/", one.resume, name="dashboard-link-resume"),
]
