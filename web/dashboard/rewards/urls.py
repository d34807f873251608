"""Addresses of the catalogue, below the merchant's own."""

from django.urls import URLPattern, path

from web.dashboard.rewards import listing, one, pictures, report

urlpatterns: list[URLPattern] = [
    path("", listing.listing, name="dashboard-rewards"),
    path("new/", listing.new, name="dashboard-rewards-new"),
    path("report/", report.report, name="dashboard-rewards-report"),
    path("report/export/", report.export, name="dashboard-rewards-report-export"),
    path("<uuid:reward_id>/", one.one, name="dashboard-reward"),
    path("<uuid:reward_id>/place/", listing.place, name="dashboard-reward-place"),
    path("<uuid:reward_id>/status/<slug:to>/", listing.status, name="dashboard-reward-status"),
    path("<uuid:reward_id>/undo/", one.undo, name="dashboard-reward-undo"),
    path("<uuid:reward_id>/preview/", one.preview, name="dashboard-reward-preview"),
    path("<uuid:reward_id>/picture/", pictures.picture, name="dashboard-reward-picture"),
    path("<uuid:reward_id>/picture/removal/", pictures.removal, name="dashboard-reward-picture-removal"),
    path("<uuid:reward_id>/blanks/<slug:field>/", one.blank, name="dashboard-reward-blank"),
    path("<uuid:reward_id>/extras/<slug:extra>/", one.extra, name="dashboard-reward-extra"),
]
