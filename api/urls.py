"""Addresses of the API. `door.answer` resolves them; they stand in `config.urls` too, so that links can be made."""

from django.urls import URLPattern, path

from api.schema import openapi
from api.v1.codes import BatchCodes, CodeBatches, CodeRedemptions, OneCodeBatch, StopCodes
from api.v1.corrections import Adjustments, Cancellation, Confirmation, Refunds
from api.v1.events import EventCancellation, EventConfirmation, Events
from api.v1.links import Links, OneLink
from api.v1.members import Members, OneMember
from api.v1.problems import Problems
from api.v1.programme import Locations, Programme
from api.v1.proof_codes import ProofCodes
from api.v1.purchases import OnePurchase, Purchases
from api.v1.redemptions import Captures, OneRedemption, Releases, Voids
from api.v1.rewards import Redemptions, Rewards
from api.v1.statement import Statement
from api.v1.vouchers import OneVoucher, VoucherRedemptions, Vouchers

urlpatterns: list[URLPattern] = [
    path("purchases", Purchases.as_view(), name="api_purchases"),
    path("purchases/<str:purchase_id>", OnePurchase.as_view(), name="api_purchase"),
    path("purchases/<str:purchase_id>/cancellation", Cancellation.as_view(), name="api_cancellation"),
    path("purchases/<str:purchase_id>/confirmation", Confirmation.as_view(), name="api_confirmation"),
    path("purchases/<str:purchase_id>/refunds", Refunds.as_view(), name="api_refunds"),
    path("events", Events.as_view(), name="api_events"),
    path("events/<str:event_id>/cancellation", EventCancellation.as_view(), name="api_event_cancellation"),
    path("events/<str:event_id>/confirmation", EventConfirmation.as_view(), name="api_event_confirmation"),
    path("code-batches", CodeBatches.as_view(), name="api_code_batches"),
    path("code-batches/<str:batch_id>", OneCodeBatch.as_view(), name="api_code_batch"),
    path("code-batches/<str:batch_id>/codes", BatchCodes.as_view(), name="api_batch_codes"),
    path("code-batches/<str:batch_id>/stop", StopCodes.as_view(), name="api_code_stop"),
    path("links", Links.as_view(), name="api_links"),
    path("links/<str:link_id>", OneLink.as_view(), name="api_link"),
    path("codes/redemptions", CodeRedemptions.as_view(), name="api_code_redemptions"),
    path("members", Members.as_view(), name="api_members"),
    path("members/<str:member_id>", OneMember.as_view(), name="api_member"),
    path("members/<str:member_id>/statement", Statement.as_view(), name="api_statement"),
    path("members/<str:member_id>/adjustments", Adjustments.as_view(), name="api_adjustments"),
    path("rewards", Rewards.as_view(), name="api_rewards"),
    path("proof-codes", ProofCodes.as_view(), name="api_proof_codes"),
    path("redemptions", Redemptions.as_view(), name="api_redemptions"),
    path("redemptions/<str:redemption_id>", OneRedemption.as_view(), name="api_redemption"),
    path("redemptions/<str:redemption_id>/capture", Captures.as_view(), name="api_capture"),
    path("redemptions/<str:redemption_id>/release", Releases.as_view(), name="api_release"),
    path("redemptions/<str:redemption_id>/void", Voids.as_view(), name="api_void"),
    path("members/<str:member_id>/vouchers", Vouchers.as_view(), name="api_vouchers"),
    path("vouchers/<str:voucher_code>", OneVoucher.as_view(), name="api_voucher"),
    path(
        "vouchers/<str:voucher_code>/redemption", VoucherRedemptions.as_view(), name="api_voucher_redemption"
    ),
    path("programme", Programme.as_view(), name="api_programme"),
    path("locations", Locations.as_view(), name="api_locations"),
    path("problems", Problems.as_view(), name="api_problems"),
    path("openapi.json", openapi, name="api_openapi"),
]
