"""The main job at the till: a code, an amount, a key; the answer with its reasons. Repeating a key repeats the answer."""

from typing import Any
from uuid import UUID

import orjson
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from core import tenancy
from core.errors import DomainError
from core.idempotency import Answered
from core.languages import reader_language
from core.money import read_typed_amount
from core.rate_limits import TooManyTries
from loyalty.programme.versions import version_in_force
from loyalty.purchases.earning import NewPurchase, preview_purchase, record_purchase
from loyalty.purchases.paying import IMPOSSIBLE
from merchants.access import Permission
from rewards.paying import with_proof
from web.access import StaffRequest, staff_view
from web.parts import form_of
from web.scanner import card_texts, till
from web.scanner.cancelling import undo_words
from web.scanner.misses import count_miss, refuse_looking_up
from web.scanner.paying import as_if_proven, read_pay
from web.scanner.problems import draw_problem, read_key
from web.scanner.tickets import tickets_beside
from web.scanner.words import purchase_words


@staff_view(Permission.SCAN, scoped=False)
@require_POST
def record(request: StaffRequest) -> HttpResponse:
    """201 with the answer, 200 when it is a repetition, a 4xx with the reason and nothing written."""
    try:
        key = read_key(request.POST.get("key", ""))
        bought = _bought(request, request.POST)
        refuse_looking_up(request, bought.who)
        answered = _spend(request, bought, key) if bought.pay else _record(request, bought, key)
    except DomainError as refusal:
        return draw_problem(request, count_miss(request, refusal))
    answer = orjson.loads(answered.body)
    words = _words(request, answer, bought) | undo_words(request, answer["id"])
    beside = tickets_beside(request, request.POST.get("code", ""))
    return till.draw(
        request, "_answer", beside | {"purchase": words}, status=200 if answered.replayed else 201
    )


def _record(request: StaffRequest, bought: NewPurchase, key: UUID) -> Answered:
    return record_purchase(merchant=request.merchant, bought=bought, key=key)


def _spend(request: StaffRequest, bought: NewPurchase, key: UUID) -> Answered:
    return with_proof(
        lambda bought: _record(request, bought, key),
        bought,
        merchant=request.merchant,
        actor_id=lambda: request.staff.id,
        key=key,
        given=request.POST.get("pay_proof", ""),
        channel="scanner",
    )


@form_of("scanner")
@staff_view(Permission.SCAN, scoped=False)
def preview(request: StaffRequest) -> HttpResponse:
    """What it would earn, while the amount is typed; empty where it cannot be said. Writes nothing."""
    try:
        bought = as_if_proven(_bought(request, request.POST))
        refuse_looking_up(request, bought.who)
        answer = preview_purchase(merchant=request.merchant, bought=bought)
    except IMPOSSIBLE as refusal:
        return render(request, "scanner/_preview.html", {"refused": refusal.detail})
    except DomainError as refusal:
        too_many = isinstance(count_miss(request, refusal), TooManyTries)
        return HttpResponse(status=429 if too_many else 200)
    # Never inside the whole page: there it would look like an answer.
    return render(request, "scanner/_preview.html", {"purchase": _words(request, answer, bought)})


def _bought(request: StaffRequest, said: QueryDict) -> NewPurchase:
    amount_minor = read_typed_amount(said.get("amount", ""), request.merchant.currency)
    code = said.get("code", "").strip()
    pay = read_pay(said, request.merchant.currency)
    return NewPurchase(
        who=card_texts.read(code, request.merchant),
        amount_minor=amount_minor,
        channel="scanner",
        asked=["scanner", code, amount_minor, *([pay.unit, pay.minor] if pay else [])],
        actor_id=request.staff.id,
        location_id=till.location_id(request) or _first_location(request),
        pay=pay,
    )


def _words(request: StaffRequest, answer: dict[str, Any], bought: NewPurchase) -> dict[str, Any]:
    with tenancy.scope(request.merchant.id):
        version = version_in_force()
    return purchase_words(answer, bought.amount_minor, version, reader_language())


def _first_location(request: StaffRequest) -> UUID | None:
    with tenancy.scope(request.merchant.id):
        location = till.place(request)
    return location.id if location else None
