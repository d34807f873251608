"""Rewards on the card: all of them, one of them, and what one looks like."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from core import tenancy
from core.ids import new_id
from merchants.queries import merchant_by_slug
from rewards.pictures import read_picture
from rewards.taking import HELD_FOR
from web.card.links import note_opened
from web.card.logo import send_picture
from web.card.offered import held_words, table_of, taken_words
from web.card.session import CardRequest, member_view


@member_view
@require_safe
def show_rewards(request: CardRequest) -> HttpResponse:
    """What can be taken now, what is still to come, and what was taken before."""
    note_opened(request)
    table = table_of(request)
    version, points = table.asks.standing.version, table.asks.standing.points
    context = {
        "merchant": request.merchant,
        "member": request.member,
        "nav_current": "rewards",
        "held": [held_words(row, request.merchant) for row in table.held],
        "lead": gettext("You have %(units)s.") % {"units": table.reader.units(version.units[0].id, points)},
        "offers": [table.words(one) for one in table.shown if not one.against],
        "beyond": [table.words(one) for one in table.shown if one.against],
        "taken": taken_words(request, version),
    }
    return render(request, "card/rewards.html", context)


@member_view
@require_safe
def show_reward(request: CardRequest, reward_id: UUID) -> HttpResponse:
    """One of them: what it is, its terms, and what stands against it. 404 for one that this member does not see."""
    note_opened(request)
    table = table_of(request)
    shown = next((one for one in table.shown if one.reward.id == reward_id), None)
    if shown is None:
        raise Http404
    context = {
        "merchant": request.merchant,
        "member": request.member,
        "nav_current": "rewards",
        "reward": table.detail(shown),
        "reward_id": reward_id,
        "key": new_id(),  # of this form: sent twice, it takes once
        "days": shown.offer.valid_days,  # of the voucher that taking makes; 0 where it is only set aside
        "minutes": int(HELD_FOR.total_seconds() // 60),
    }
    return render(request, "card/reward.html", context)


@require_safe
def show_picture(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A reward's picture in one of the three sizes: public, as a logo is, and nothing under an old address."""
    merchant = merchant_by_slug(slug)
    if merchant is None:
        raise Http404
    with tenancy.scope(merchant.id):
        found = read_picture(name)
    return send_picture(found)
