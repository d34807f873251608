"""What a member may take now, in the cashier's words: tickets to give, and what is still missing for the others."""

from dataclasses import replace
from typing import Any

import orjson
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext

from core import tenancy
from core.errors import DomainError
from core.idempotency import Answered
from core.ids import new_id, read_id
from core.languages import reader_language
from loyalty.programme.versions import version_in_force
from loyalty.queries import standing_of
from loyalty.rules.types import Version
from loyalty.wording import say_figure
from loyalty.wording.reader import Reader
from members import queries
from rewards.asking import Guest, Shown, guest, shown_to
from rewards.catalogue import offer_of
from rewards.models import Redemption
from rewards.offers import say_in
from rewards.pictures import picture_path
from rewards.pieces import free_product_of, freed_on
from rewards.redemption import find_redemption
from rewards.saying import name_of, reader_of
from rewards.wording import say_bill, say_free, say_piece, say_refusals, say_value
from web.access import StaffRequest
from web.parts import wants_part
from web.scanner import card_texts, till
from web.scanner.cancelling import GRACE, SHOWN
from web.scanner.misses import count_miss, refuse_looking_up
from web.scanner.set_aside import set_aside

MOST_BEYOND = 4  # of what cannot be taken yet: a cashier reads no more


def tickets_of(request: StaffRequest, asks: Guest) -> dict[str, Any]:
    """`tickets`, in the shop's order, each with the key of its tap; `beyond`, the nearest first. Two queries, if there are any."""
    shown = shown_to(asks)
    if not shown:
        return {}
    reader = reader_of(request.merchant, asks.standing.version)
    beyond = sorted((one for one in shown if one.against), key=_how_far)
    return {
        "tickets": [_ticket(one, reader, request) for one in shown if not one.against],
        "beyond": [_still(one, asks, reader) for one in beyond[:MOST_BEYOND]],
    }


def tickets_beside(request: StaffRequest, text: str) -> dict[str, Any]:
    """What an answer shows of them: for htmx nothing, which asks for them once the answer is there."""
    if wants_part(request):
        return {"code": text, "comes_later": True}
    with tenancy.scope(request.merchant.id):
        return {"code": text} | tickets_for(request, text)


def tickets_for(request: StaffRequest, text: str) -> dict[str, Any]:
    """In the merchant's scope."""
    try:
        who = card_texts.read(text, request.merchant)
        refuse_looking_up(request, who)
        member = queries.scanned(who)
    except DomainError as refusal:
        count_miss(request, refusal)
        return {}
    asks = guest(member, request.merchant, location_id=till.location_id(request))
    waiting = {"set_aside": set_aside(member, request.merchant)}
    return tickets_of(request, asks) | waiting | {"code": text, "who": member.name}


def draw_handed(
    request: StaffRequest, answered: Answered, *, then: str = "", proof: str = "", code: str = ""
) -> HttpResponse:
    """What is to be handed over now: 201, or 200 where it was answered before. `then`: which step comes next, if one
    does, with whose `code`, if that is not the one sent; `proof`: that it is the member, for what is taken after this.
    """
    words = handed_words(request, answered) | {"then": then, "proof": proof}
    if words["is_back"]:  # its undo came before this repetition: nothing is handed over a second time
        return till.draw(request, "_given_back", {"given_back": words})
    context = {"handed": words, "code": code or request.POST.get("code", "")}
    return till.draw(request, "_handed", context, status=200 if answered.replayed else 201)


def handed_words(request: StaffRequest, answered: Answered) -> dict[str, Any]:
    """As `scanner/_handed.html` and `scanner/_given_back.html` take it, from the stored answer; with its undo, while there is one."""
    answer, version = orjson.loads(answered.body), version_in_force()
    handed = find_redemption(read_id("red", answer["id"]))
    unit = next((one for one in version.units if one.code == answer["cost"]["unit"]), version.units[0])
    is_back = handed.status == Redemption.Status.VOIDED
    balances = standing_of(queries.survivor_id(handed.member_id)).balances if is_back else answer["balances"]
    balance = balances.get(unit.code, {"available": 0})["available"]
    figure, word = say_figure(unit, balance, reader_language(), version.currency)
    words = waiting_words(handed, version, request) | {
        "balance": figure,
        "unit_name": word,
        "is_back": is_back,
    }
    freed = None if is_back else freed_on(handed, handed.purchase_id, request.merchant)
    if freed:
        words["free"] = say_piece(freed, reader_of(request.merchant, version))
    if handed.captured_at and timezone.now() - handed.captured_at <= GRACE - SHOWN:
        words["cancels"] = reverse("scanner-redemption-undo", args=[request.merchant.slug, handed.id])
    return words


def waiting_words(taken: Redemption, version: Version, request: StaffRequest) -> dict[str, Any]:
    """What there is to hand over, to whom and for how much: as it was when it was taken, whatever became of the reward."""
    reader, what = reader_of(request.merchant, version), taken.what
    offer = replace(offer_of(taken.reward), kind=what["kind"], value=what["value"])
    unit = next((one for one in version.units if one.id == str(taken.unit_id)), version.units[0])
    free = free_product_of(taken)
    return {
        "id": str(taken.id),
        "name": name_of(taken),
        "member": taken.member.survivor.name or gettext("Member"),
        "cost": reader.units(unit.id, taken.cost) if taken.cost else "",
        "cost_figure": say_figure(unit, taken.cost, reader.language, version.currency)[0],
        "brings": "" if free else capfirst(say_value(offer, reader)),
        "free": say_free(free, reader) if free else "",
        "terms": say_in(what["terms"], reader.language),
        "picture": picture_path(request.merchant, taken.reward),
    }


def _ticket(shown: Shown, reader: Reader, request: StaffRequest) -> dict[str, Any]:
    return {
        "reward": str(shown.reward.id),
        "key": str(new_id()),
        "name": say_in(shown.offer.names, reader.language),
        "cost": reader.units(shown.offer.unit, shown.cost),
        "brings": say_value(shown.offer, reader),
        "free": say_bill(shown.offer.kind, shown.offer.value, reader),
        "picture": picture_path(request.merchant, shown.reward),
    }


def _still(shown: Shown, asks: Guest, reader: Reader) -> dict[str, Any]:
    today = asks.facts.moment.date()
    return {
        "name": say_in(shown.offer.names, reader.language),
        "why": capfirst(say_refusals(shown.against, shown.told_on, today, reader)),
        "is_near": _is_near(shown),
    }


def _is_near(shown: Shown) -> bool:
    """Whether a few more units are all that it takes."""
    return {one.code for one in shown.against} == {"too_few_units"}


def _how_far(shown: Shown) -> tuple[bool, int]:
    return not _is_near(shown), shown.missing
