"""A reward over the counter: what may be taken now, one tap that hands it over, and its undo."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from core import tenancy
from core.errors import DomainError
from core.idempotency import Answered, is_answered
from core.ids import key_within
from loyalty.purchases.undoing import PurchaseUnknown
from members.models import Member
from members.queries import ids_of
from merchants.access import Permission, may
from rewards import handing
from rewards.catalogue import RewardUnknown, find_reward
from rewards.models import VoidReason
from rewards.redemption import RedemptionUnknown, find_redemption
from rewards.voiding import void_redemption
from web.access import StaffRequest, staff_view
from web.parts import form_of
from web.scanner import till
from web.scanner.cancelling import GRACE
from web.scanner.problems import draw_problem, read_key, read_uuid
from web.scanner.proving import draw_refusal, member_named, prove_it_is
from web.scanner.tickets import draw_handed, handed_words, tickets_for


@staff_view(Permission.SCAN)
@require_POST
def offer(request: StaffRequest) -> HttpResponse:
    """What the member of the answer on screen may take now. Nothing, where that cannot be said: the answer stands."""
    offered = tickets_for(request, request.POST.get("code", ""))
    offered |= {"purchase_id": request.POST.get("purchase", "")}
    return render(request, "scanner/_tickets.html", {"merchant": request.merchant} | offered)


@form_of("scanner")
@staff_view(Permission.SCAN)
def hand_over(request: StaffRequest) -> HttpResponse:
    """201 with what to hand over, 200 when it is a repetition, a 4xx with the reason and nothing written."""
    try:
        # What is refused after it was proven uses up no code.
        with tenancy.scope(request.merchant.id):
            answered, proof = _hand_over(request)
    except DomainError as refusal:
        return draw_refusal(request, refusal)
    return draw_handed(request, answered, then=request.POST.get("then", ""), proof=proof)


def _hand_over(request: StaffRequest) -> tuple[Answered, str]:
    key = read_key(request.POST.get("key", ""))
    give = _what_is_asked(request)
    bought = request.POST.get("purchase", "")
    who, member = member_named(request)
    place = till.place(request)
    said = {
        "merchant": request.merchant,
        "key": key,
        "actor_id": request.staff.id,
        "location_id": place.id if place else None,
        "purchase_id": read_uuid(bought, PurchaseUnknown) if bought else None,
    }
    if is_answered([key]):  # a lost answer is told again, though the code that was typed is used up
        return give(member, **said), ""
    with prove_it_is(request, who, member, key) as proof:
        return give(member, **said), proof


def _what_is_asked(request: StaffRequest) -> Callable[..., Answered]:
    """Hand over what was taken before, or take a reward with it. Raises RewardUnknown."""
    taken = request.POST.get("redemption", "")
    if taken:
        return partial(_hand_set_aside, read_uuid(taken, RedemptionUnknown))
    reward = find_reward(read_uuid(request.POST.get("reward", ""), RewardUnknown))
    return partial(_hand_reward, reward.id)


def _hand_reward(reward_id: UUID, member: Member, **said: Any) -> Answered:
    return handing.hand_over(reward_id=reward_id, member_id=member.id, **said)


def _hand_set_aside(redemption_id: UUID, member: Member, **said: Any) -> Answered:
    """Of this member's alone: whoever proved to be somebody else gets nothing of it. Raises RedemptionUnknown."""
    if find_redemption(redemption_id).member_id not in ids_of(member.id):
        raise RedemptionUnknown
    return handing.capture_redemption(redemption_id=redemption_id, **said)


@form_of("scanner")
@staff_view(Permission.SCAN)
def take_back(request: StaffRequest, redemption_id: UUID) -> HttpResponse:
    """As the undo of a purchase: whoever handed it over, within seconds; a manager later too."""
    own_within = None if may(request.staff, Permission.CANCEL_PURCHASES) else GRACE
    try:
        answered = void_redemption(
            merchant=request.merchant,
            redemption_id=redemption_id,
            key=key_within(redemption_id, "undo at the till"),
            actor_id=request.staff.id,
            reason=VoidReason.MISTAKE,
            own_within=own_within,
            within=None,
        )
    except DomainError as refusal:
        return draw_problem(request, refusal)
    context = {"given_back": handed_words(request, answered)}
    return till.draw(request, "_given_back", context, status=200 if answered.replayed else 201)
