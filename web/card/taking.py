"""Taking a reward on the card: it is set aside for some minutes, shown as a code that runs out, and let go again.

It is the member's own session that takes: no other proof is asked here. The end is the server's, so that a page which is
opened anew, or on another phone, counts down to the same moment.
"""

from typing import Any
from uuid import UUID

import orjson
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from core import qr
from core.errors import DomainError
from core.ids import key_within, read_id
from core.languages import reader_language
from core.rate_limits import count_if_counting
from loyalty.programme.versions import version_in_force
from loyalty.units.settling import settle_units
from loyalty.wording import say_units
from rewards.models import Redemption
from rewards.offers import say_in
from rewards.redemption import release_redemption
from rewards.saying import say_until, why_closed
from rewards.showing import write_taken
from rewards.taking import HELD_FOR, take_reward
from rewards.voucher_codes import code_of
from web.card.mine import keep_taken, told_rows
from web.card.session import CardRequest, member_view
from web.parts import wants_part

# Who cannot make up their mind takes and lets go a few times; whoever does it all hour keeps the last ones from others.
MOST_TAKEN, TAKEN_SECONDS = 20, 3600


@member_view
@require_POST
def take(request: CardRequest, reward_id: UUID) -> HttpResponse:
    """To the code that shows it, or back to the reward with the reason. A form that is sent twice takes once."""
    key = _key_of(request)
    count_if_counting("taking", request.member.id, most=MOST_TAKEN, seconds=TAKEN_SECONDS)
    try:
        answered = take_reward(
            merchant=request.merchant,
            reward_id=reward_id,
            member_id=request.member.id,
            key=key_within(key, "take"),
            actor_id=None,
        )
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return redirect("card-reward", request.merchant.slug, reward_id)
    taken_id = read_id("red", orjson.loads(answered.body)["id"])
    return keep_taken(request, redirect("card-taken", request.merchant.slug, taken_id), taken_id)


@member_view
@require_safe
def show_taken(request: CardRequest, redemption_id: UUID) -> HttpResponse:
    """The code with its time, or what became of it. For htmx, which asks again and again: 204 while it waits, then that part."""
    taken = _find(request, redemption_id)
    if taken.status == Redemption.Status.HELD and taken.held_until <= timezone.now():
        # Due, and by the next sweep done: who is told that the units are back finds them there.
        settle_units(taken.member_id, taken.unit_id)
    context = _words(request, taken)
    if not wants_part(request):
        return render(request, "card/taken.html", context)
    if context["status"] == Redemption.Status.HELD:
        return HttpResponse(status=204)
    return render(request, "card/_taken.html", context)


@member_view
@require_POST
def let_go(request: CardRequest, redemption_id: UUID) -> HttpResponse:
    """Do without: the units are the member's again at once."""
    taken = _find(request, redemption_id)
    try:
        release_redemption(
            merchant=request.merchant,
            redemption_id=taken.id,
            key=key_within(taken.id, "let go"),
            actor_id=None,
        )
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return redirect("card-taken", request.merchant.slug, taken.id)
    units = _say_cost(taken)
    messages.success(request, gettext("Let go. %(units)s are yours again.") % {"units": units})
    return redirect("card-rewards", request.merchant.slug)


def _find(request: CardRequest, redemption_id: UUID) -> Redemption:
    """Of those that this phone is told of; 404 for anybody else's."""
    found = told_rows(request).filter(id=redemption_id).first()
    if found is None:
        raise Http404
    return found


def _words(request: CardRequest, taken: Redemption) -> dict[str, Any]:
    now, language = timezone.now(), reader_language()
    status = taken.status_at(now)
    left = max(0, int((taken.held_until - now).total_seconds()))
    words: dict[str, Any] = {
        "merchant": request.merchant,
        "member": request.member,
        "nav_current": "rewards",
        "taken": taken,
        "status": status.value,
        "name": say_in(taken.what["names"], language),
        "terms": say_in(taken.what["terms"], language),
        "units": _say_cost(taken),
        "until": say_until(taken, request.merchant.time_zone),
        "why": "" if taken.serial is None else why_closed(taken, request.merchant.time_zone),
    }
    if status != Redemption.Status.HELD:
        return words
    voucher = "" if taken.serial is None else code_of(request.merchant.id, taken.serial)
    code = voucher or write_taken(taken, request.merchant)
    drawn = mark_safe(qr.soft_svg(code, name="taken-modules"))  # noqa: S308 - our own path, made of figures
    minutes, seconds = divmod(left, 60)
    period = max(left, int(HELD_FOR.total_seconds()))
    words |= {"voucher": voucher, "may_let_go": taken.cost > 0}  # one that was given would be lost
    return words | {"code_svg": drawn, "left": left, "period": period, "clock": f"{minutes}:{seconds:02}"}


def _say_cost(taken: Redemption) -> str:
    version = version_in_force()
    unit = version.unit(str(taken.unit_id))
    return say_units(unit, taken.cost, reader_language(), version.currency) if unit else str(taken.cost)


def _key_of(request: CardRequest) -> UUID:
    """Of this form, so that it takes once; nobody else's key is ever met under it."""
    try:
        return key_within(request.member.id, str(UUID(request.POST.get("key", ""))))
    except ValueError:
        raise Http404 from None
