"""Addresses of the till."""

from django.urls import URLPattern, path

from web.card.installing import show_worker
from web.scanner import (
    cancelling,
    enrolling,
    entering,
    giving,
    handing,
    home,
    installing,
    looking_up,
    proving,
    purchasing,
    taken,
)

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/", home.show_till, name="scanner"),
    path("<slug:slug>/location", home.choose_location, name="scanner-location"),
    path("<slug:slug>/lookup", looking_up.look_up, name="scanner-lookup"),
    path("<slug:slug>/codes", entering.enter, name="scanner-codes"),
    path("<slug:slug>/preview", purchasing.preview, name="scanner-preview"),
    path("<slug:slug>/purchases", purchasing.record, name="scanner-purchases"),
    path(
        "<slug:slug>/purchases/<uuid:purchase_id>/cancellation",
        cancelling.cancel,
        name="scanner-cancellation",
    ),
    path("<slug:slug>/happenings", giving.tell, name="scanner-happenings"),
    path(
        "<slug:slug>/happenings/<uuid:happening_id>/cancellation",
        giving.cancel,
        name="scanner-happening-undo",
    ),
    path("<slug:slug>/rewards", handing.offer, name="scanner-rewards"),
    path("<slug:slug>/redemptions", handing.hand_over, name="scanner-redemptions"),
    path("<slug:slug>/proofs", proving.send_code, name="scanner-proofs"),
    path("<slug:slug>/captures", taken.capture, name="scanner-captures"),
    path(
        "<slug:slug>/redemptions/<uuid:redemption_id>/cancellation",
        handing.take_back,
        name="scanner-redemption-undo",
    ),
    path("<slug:slug>/offline", installing.show_shell, name="scanner-shell"),
    path("<slug:slug>/worker.js", show_worker, name="scanner-worker"),
    path("<slug:slug>/manifest.webmanifest", installing.show_manifest, name="scanner-manifest"),
    path("<slug:slug>/members", enrolling.enrol, name="scanner-members"),
]
