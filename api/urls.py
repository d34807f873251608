"""Addresses of the API. `door.answer` resolves them; they stand in `config.urls` too, so that links can be made."""

from django.urls import URLPattern, path

from api.schema import openapi
from api.v1.corrections import Adjustments, Cancellation, Refunds
from api.v1.events import Events
from api.v1.members import Members, OneMember
from api.v1.problems import Problems
from api.v1.programme import Locations, Programme
from api.v1.purchases import OnePurchase, Purchases
from api.v1.rewards import Captures, Redemptions, Releases, Rewards, Voids
from api.v1.statement import Statement

urlpatterns: list[URLPattern] = [
    path("purchases", Purchases.as_view(), name="api_purchases"),
    path("purchases/<str:purchase_id>", OnePurchase.as_view(), name="api_purchase"),
    path("purchases/<str:purchase_id>/cancellation", Cancellation.as_view(), name="api_cancellation"),
    path("purchases/<str:purchase_id>/refunds", Refunds.as_view(), name="api_refunds"),
    path("events", Events.as_view(), name="api_events"),
    path("members", Members.as_view(), name="api_members"),
    path("members/<str:member_id>", OneMember.as_view(), name="api_member"),
    path("members/<str:member_id>/statement", Statement.as_view(), name="api_statement"),
    path("members/<str:member_id>/adjustments", Adjustments.as_view(), name="api_adjustments"),
    path("rewards", Rewards.as_view(), name="api_rewards"),
    path("redemptions", Redemptions.as_view(), name="api_redemptions"),
    path("redemptions/<str:redemption_id>/capture", Captures.as_view(), name="api_capture"),
    path("redemptions/<str:redemption_id>/release", Releases.as_view(), name="api_release"),
    path("redemptions/<str:redemption_id>/void", Voids.as_view(), name="api_void"),
    path("programme", Programme.as_view(), name="api_programme"),
    path("locations", Locations.as_view(), name="api_locations"),
    path("problems", Problems.as_view(), name="api_problems"),
    path("openapi.json", openapi, name="api_openapi"),
]
