"""The main job at the till: a code, an amount, a key; the answer with its reasons. Repeating a key repeats the answer."""

from uuid import UUID

import orjson
from django.http import HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from core import tenancy
from core.errors import DomainError
from core.idempotency import Answered
from core.ids import key_of
from core.money import read_typed_amount
from loyalty.earning import Order, record_purchase
from loyalty.programme import version_in_force
from merchants.access import Permission
from web.access import StaffRequest, staff_view
from web.scanner import codes, till
from web.scanner.problems import KeyMissing, draw_problem
from web.scanner.words import purchase_words

LONGEST_KEY = 255


@staff_view(Permission.SCAN, scoped=False)
@require_POST
def record(request: StaffRequest) -> HttpResponse:
    """201 with the answer, 200 when it is a repetition, a 4xx with the reason and nothing written."""
    try:
        amount_minor = read_typed_amount(request.POST.get("amount", ""), request.merchant.currency)
        answered = _record(request, amount_minor)
    except DomainError as refusal:
        return draw_problem(request, refusal)
    with tenancy.scope(request.merchant.id):
        version = version_in_force()
    language = (get_language() or "en")[:2]
    words = purchase_words(orjson.loads(answered.body), amount_minor, version, language)
    return till.draw(request, "_answer", {"purchase": words}, status=200 if answered.replayed else 201)


def _record(request: StaffRequest, amount_minor: int) -> Answered:
    code, key = request.POST.get("code", "").strip(), request.POST.get("key", "")
    if not 0 < len(key) <= LONGEST_KEY:
        raise KeyMissing
    order = Order(
        who=codes.read(code, request.merchant),
        amount_minor=amount_minor,
        channel="scanner",
        asked=["scanner", code, amount_minor],
        actor_id=request.staff.id,
        location_id=till.location_id(request) or _first_location(request),
    )
    return record_purchase(merchant=request.merchant, order=order, key=key_of(key))


def _first_location(request: StaffRequest) -> UUID | None:
    with tenancy.scope(request.merchant.id):
        location = till.place(request)
    return location.id if location else None
