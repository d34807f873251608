"""The main job at the till: a code, an amount, a key; the answer with its reasons. Repeating a key repeats the answer."""

from typing import Any
from uuid import UUID

import orjson
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from core import tenancy
from core.errors import DomainError
from core.ids import key_of
from core.languages import reader_language
from core.money import read_typed_amount
from core.rate_limits import TooManyTries
from loyalty.earning import NewPurchase, preview_purchase, record_purchase
from loyalty.programme import version_in_force
from merchants.access import Permission
from web.access import StaffRequest, staff_view
from web.parts import form_of
from web.scanner import codes, till
from web.scanner.cancelling import undo_words
from web.scanner.misses import count_miss, refuse_guessing
from web.scanner.problems import KeyMissing, draw_problem
from web.scanner.words import purchase_words

LONGEST_KEY = 255


@staff_view(Permission.SCAN, scoped=False)
@require_POST
def record(request: StaffRequest) -> HttpResponse:
    """201 with the answer, 200 when it is a repetition, a 4xx with the reason and nothing written."""
    key = request.POST.get("key", "")
    try:
        if not 0 < len(key) <= LONGEST_KEY:
            raise KeyMissing
        bought = _bought(request, request.POST)
        answered = record_purchase(merchant=request.merchant, bought=bought, key=key_of(key))
    except DomainError as refusal:
        return draw_problem(request, refusal)
    answer = orjson.loads(answered.body)
    words = _words(request, answer, bought) | undo_words(request, answer["id"])
    return till.draw(request, "_answer", {"purchase": words}, status=200 if answered.replayed else 201)


@form_of("scanner")
@staff_view(Permission.SCAN, scoped=False)
def preview(request: StaffRequest) -> HttpResponse:
    """What it would earn, while the amount is typed; empty where it cannot be said. Writes nothing."""
    try:
        bought = _bought(request, request.POST)
        refuse_guessing(request, bought.who)
        answer = preview_purchase(merchant=request.merchant, bought=bought)
    except DomainError as refusal:
        too_many = isinstance(count_miss(request, refusal), TooManyTries)
        return HttpResponse(status=429 if too_many else 200)
    # Never inside the whole page: there it would look like an answer.
    return render(request, "scanner/_preview.html", {"purchase": _words(request, answer, bought)})


def _bought(request: StaffRequest, said: QueryDict) -> NewPurchase:
    amount_minor = read_typed_amount(said.get("amount", ""), request.merchant.currency)
    code = said.get("code", "").strip()
    return NewPurchase(
        who=codes.read(code, request.merchant),
        amount_minor=amount_minor,
        channel="scanner",
        asked=["scanner", code, amount_minor],
        actor_id=request.staff.id,
        location_id=till.location_id(request) or _first_location(request),
    )


def _words(request: StaffRequest, answer: dict[str, Any], bought: NewPurchase) -> dict[str, Any]:
    with tenancy.scope(request.merchant.id):
        version = version_in_force()
    return purchase_words(answer, bought.amount_minor, version, reader_language())


def _first_location(request: StaffRequest) -> UUID | None:
    with tenancy.scope(request.merchant.id):
        location = till.place(request)
    return location.id if location else None
