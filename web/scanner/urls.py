"""Addresses of the till."""

from django.urls import URLPattern, path

from web.card.installing import show_worker
from web.scanner import cancelling, enrolling, home, installing, looking_up, purchasing

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/", home.show_till, name="scanner"),
    path("<slug:slug>/location", home.choose_location, name="scanner-location"),
    path("<slug:slug>/lookup", looking_up.look_up, name="scanner-lookup"),
    path("<slug:slug>/preview", purchasing.preview, name="scanner-preview"),
    path("<slug:slug>/purchases", purchasing.record, name="scanner-purchases"),
    path(
        "<slug:slug>/purchases/<uuid:purchase_id>/cancellation",
        cancelling.cancel,
        name="scanner-cancellation",
    ),
    path("<slug:slug>/offline", installing.show_shell, name="scanner-shell"),
    path("<slug:slug>/worker.js", show_worker, name="scanner-worker"),
    path("<slug:slug>/manifest.webmanifest", installing.show_manifest, name="scanner-manifest"),
    path("<slug:slug>/members", enrolling.enrol, name="scanner-members"),
]
