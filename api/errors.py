"""Refusals as problem+json (RFC 9457): the one table from code to status, and the one shape of an error.

Codes are a promise: integrators branch on them. A status may say more or less the same, a code never changes.
"""

import logging
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, NotSupportedError, OperationalError, connection
from django.http import Http404, HttpResponse, UnreadablePostError

from api import refusals
from core.errors import Decline, DomainError, as_problem
from core.idempotency import DECLINED, Answered

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
STATUSES: dict[str, int] = {
    # the request itself
    "request_unreadable": 400,
    "json_unreadable": 400,
    "idempotency_key_missing": 400,
    "idempotency_key_unreadable": 400,
    "cursor_unreadable": 400,
    "key_refused": 401,
    "not_allowed": 403,
    "invitation_for_another": 403,
    "manager_needed": 403,
    "proof_needed": 403,
    "pin_locked": 403,
    "scope_missing": 403,
    "second_proof_needed": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "answer_erased": 410,
    "length_required": 411,
    "body_too_large": 413,
    "content_type_unsupported": 415,
    "rate_exceeded": 429,
    "too_many_tries": 429,
    "internal_error": 500,
    "proof_unavailable": 503,
    "unavailable": 503,
    # what does not exist for this merchant
    "member_not_found": 404,
    "invitation_gone": 404,
    "location_unknown": 404,
    "purchase_not_found": 404,
    "event_not_found": 404,
    "adjustment_not_found": 404,
    "staff_unknown": 404,
    "tier_not_found": 404,
    "reward_not_found": 404,
    "redemption_not_found": 404,
    "voucher_not_found": 404,
    "code_batch_not_found": 404,
    "labels_not_found": 404,
    "link_not_found": 404,
    "design_not_found": 404,
    # what clashes with how things stand
    "already_in_team": 409,
    "already_merged": 409,
    "design_fails": 409,
    "design_not_proven": 409,
    "design_proof_broken": 409,
    "design_refused": 409,
    "draft_changed": 409,
    "draft_missing": 409,
    "nothing_to_publish": 409,
    "part_gone": 409,
    "published_meanwhile": 409,
    "version_cannot_come": 409,
    "version_not_planned": 409,
    "version_planned": 409,
    "contact_lost": 409,
    "contact_missing_after_unmerge": 409,
    "has_merged": 409,
    "not_merged": 409,
    "unmerge_too_late": 409,
    "already_invited": 409,
    "card_already_used": 409,
    "card_expired": 409,
    "card_revoked": 409,
    "too_soon": 409,
    "adjustment_used": 409,
    "exceeds_original": 409,
    "hold_closed": 409,
    "nothing_pending": 409,
    "reward_changed": 409,
    "basket_short": 409,
    "reward_elsewhere": 409,
    "reward_limit_reached": 409,
    "reward_not_for_member": 409,
    "reward_not_now": 409,
    "reward_refused": 409,
    "reward_sold_out": 409,
    "reward_withdrawn": 409,
    "redemption_closed": 409,
    "voucher_closed": 409,
    "purchase_not_open": 409,
    "void_too_late": 409,
    "day_limit_reached": 409,
    "static_limit_reached": 409,
    "code_gives_nothing": 409,
    "code_name_taken": 409,
    "code_not_yet": 409,
    "code_over": 409,
    "code_spent": 409,
    "code_stopped": 409,
    "codes_stopped": 409,
    "link_stopped": 409,
    "code_used": 409,
    "code_used_up": 409,
    "too_many_codes": 409,
    "word_taken": 409,
    "idempotency_key_reused": 409,
    "purchase_cancelled": 409,
    "event_cancelled": 409,
    "purchase_refunded": 409,
    "refund_exceeds_purchase": 409,
    "insufficient_units": 409,
    "money_needed": 409,
    "unit_pays_nothing": 409,
    "last_location": 409,
    "last_owner": 409,
    "member_exists": 409,
    "name_taken": 409,
    "recovery_unavailable": 409,
    "threshold_taken": 409,
    "too_many_tiers": 409,
    "too_many_tags": 422,
    # values that cannot be
    "address_unreadable": 422,
    "hours_unreadable": 422,
    "logo_is_svg": 422,
    "offer_wrong": 422,
    "logo_size": 422,
    "logo_too_large": 422,
    "logo_unreadable": 422,
    "map_link_unreadable": 422,
    "pin_too_easy": 422,
    "pin_unreadable": 422,
    "proof_wrong": 422,
    "role_unknown": 422,
    "aim_day_out_of_range": 422,
    "amount_out_of_range": 422,
    "amount_too_precise": 422,
    "amount_unreadable": 422,
    "bill_exceeds_amount": 422,
    "birthday_impossible": 422,
    "card_other_merchant": 422,
    "card_unreadable": 422,
    "code_unknown": 422,
    "code_wrong": 422,
    "codes_out_of_range": 422,
    "colour_unreadable": 422,
    "contact_missing": 422,
    "cost_out_of_range": 422,
    "limit_out_of_range": 422,
    "currency_mismatch": 422,
    "days_reversed": 422,
    "effective_day_out_of_range": 422,
    "email_unreadable": 422,
    "event_type_taken": 422,
    "field_missing": 422,
    "field_unknown": 422,
    "id_unreadable": 422,
    "link_unreadable": 422,
    "locale_unknown": 422,
    "location_not_found": 422,
    "busy": 503,
    "referrer_not_found": 422,
    "member_ambiguous": 422,
    "moment_unreadable": 422,
    "multiplier_out_of_range": 422,
    "name_missing": 422,
    "occurred_at_out_of_range": 422,
    "paid_twice": 422,
    "pay_ambiguous": 422,
    "phone_unreadable": 422,
    "programme_unreadable": 422,
    "programme_wrong": 422,
    "reason_missing": 422,
    "refused": 422,
    "scope_unknown": 422,
    "same_member": 422,
    "setting_unknown": 422,
    "tag_reserved": 422,
    "target_out_of_range": 422,
    "text_forbidden": 422,
    "text_too_long": 422,
    "threshold_out_of_range": 422,
    "too_many_batches": 422,
    "too_many_links": 422,
    "design_undrawable": 422,
    "sheet_unread": 422,
    "too_many_designs": 422,
    "too_many_versions": 422,
    "unit_unknown": 422,
    "void_reason_unknown": 422,
    "not_handed_over": 422,
    "location_needed": 422,
    "units_out_of_range": 422,
    "value_of_wrong_kind": 422,
    "value_out_of_range": 422,
    "value_unreadable": 422,
    "voucher_days_out_of_range": 422,
    "word_unreadable": 422,
}


def problem_response(exception: Exception) -> HttpResponse:
    """The answer to a request that was refused, or that broke."""
    refusal = refusal_of(exception)
    if isinstance(refusal, Decline) and refusal.answered is not None:
        return repeat(refusal.answered)
    status = STATUSES.get(refusal.code, 422)
    response = HttpResponse(
        orjson.dumps(as_problem(refusal, status)), content_type=CONTENT_TYPE, status=status
    )
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Habitue"'
    if isinstance(refusal, refusals.MethodRefused):
        response.headers["Allow"] = refusal.allowed
    if isinstance(refusal, refusals.RateExceeded):
        response.headers["Retry-After"] = str(refusal.seconds)
    if isinstance(refusal, refusals.Unavailable):
        response.headers["Retry-After"] = "1"
    return response


def refusal_of(exception: Exception) -> DomainError:
    """What to say about any exception. One that is no refusal is logged here, whole, and told to nobody else."""
    match exception:
        case DomainError():
            return exception
        case Http404():  # and Resolver404
            return refusals.NotFound()
        case RequestDataTooBig():
            return refusals.BodyTooLarge(limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        case SuspiciousOperation() | UnreadablePostError():
            return refusals.RequestUnreadable()
        case OperationalError() | InterfaceError() | NotSupportedError():
            # Not supported: a statement prepared before a migration changed what it reads. A new connection forgets it.
            log.error("The database did not answer", exc_info=exception)
            if not connection.in_atomic_block:
                connection.close()
            return refusals.Unavailable()
    log.error("A request to the API failed", exc_info=exception)
    return refusals.Failure()


def handle(exception: Exception, context: dict[str, Any]) -> None:
    """REST framework's hook: let every refusal through, so that its transaction ends and the door answers it."""
    raise exception


def repeat(answered: Answered) -> HttpResponse:
    """An answer that was kept, byte by byte; a decline is one too."""
    content_type = CONTENT_TYPE if answered.status == DECLINED else "application/json"
    response = HttpResponse(answered.body, content_type=content_type, status=answered.status)
    if answered.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response
