"""Addresses of the till."""

from django.urls import URLPattern, path

from web.scanner import enrolling, home, looking_up, purchasing

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/", home.show_till, name="scanner"),
    path("<slug:slug>/location", home.choose_location, name="scanner-location"),
    path("<slug:slug>/lookup", looking_up.look_up, name="scanner-lookup"),
    path("<slug:slug>/preview", purchasing.preview, name="scanner-preview"),
    path("<slug:slug>/purchases", purchasing.record, name="scanner-purchases"),
    path("<slug:slug>/members", enrolling.enrol, name="scanner-members"),
]
