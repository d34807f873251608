"""The card itself: a code that renews itself, the balance, the way to the next tier, and why every point came."""

import time
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from core import qr
from core.languages import reader_language
from loyalty.membership.story import StoryLine, read_place, story_of, write_place
from loyalty.queries import MemberStanding, standing_of
from loyalty.rules.types import Version
from members.cards import STEP_SECONDS, code_base, phone_key, rotating_code
from web.card import words
from web.card.goals import goal_words
from web.card.offered import offers_words, table_of
from web.card.offline import SHELL
from web.card.session import CardRequest, claim_of, is_own_phone, member_view, sign_in
from web.codes import takes_codes
from web.parts import wants_part

LINES_ON_CARD, LINES_A_PAGE = 5, 20
SHOWN_SECONDS = (
    30  # what is left when the next code comes, 20 seconds, is enough to hand a phone across a counter
)


@member_view
@require_safe
def show_card(request: CardRequest) -> HttpResponse:
    """The whole card. Each visit renews the browser's year."""
    context = _base(request, "card") | _code(request) | _live(request, gained=0)
    context |= {
        "side": "quiet" if request.GET.get("side") == "quiet" else "code",
        "shell": SHELL.path(request.merchant),
        "head": phone_key(request.card, request.merchant)[0].hex(),
        "code_base": code_base(),
    }
    return _renewed(request, render(request, "card/home.html", context))


@member_view
@require_safe
def show_code(request: CardRequest) -> HttpResponse:
    """The code that is good now, alone."""
    return render(request, "card/_code.html", {"merchant": request.merchant} | _code(request))


@member_view
@require_safe
def show_live(request: CardRequest) -> HttpResponse:
    """What a purchase changes: balance, tier and newest lines. 204 when the card shows it already."""
    standing = standing_of(request.member.id)
    shown = request.GET.get("seen", "")
    if shown == _seen(standing):
        return HttpResponse(status=204)
    gained = _gained(shown, standing)
    context = _base(request, "card") | _code(request) | _live(request, standing=standing, gained=gained)
    return render(request, "card/_live.html", context)


@member_view
@require_safe
def show_history(request: CardRequest) -> HttpResponse:
    """Every line, a page at a time: the whole page, or for htmx the next lines."""
    before = request.GET.get("before", "")
    standing = standing_of(request.member.id)
    lines = story_of(
        request.member.id,
        limit=LINES_A_PAGE + 1,
        before=_place(before),
        standing=standing,
    )
    template = "card/_lines.html" if wants_part(request) else "card/history.html"
    context = _base(request, "history") | words.balance_words(
        standing, reader_language(), request.merchant.time_zone
    )
    context |= _lines(request, lines, standing.version, LINES_A_PAGE)
    months = words.months_of(context["lines"], after=request.GET.get("after", ""))
    last = context["lines"][-1]["month"] if context["lines"] else ""
    return render(request, template, context | {"months": months, "last_month": last, "before": before})


def _base(request: CardRequest, current: str) -> dict[str, Any]:
    return {
        "merchant": request.merchant,
        "member": request.member,
        "nav_current": current,
        "greeting": words.greeting(request.member),
    }


def _code(request: CardRequest) -> dict[str, Any]:
    now = time.time()
    code = rotating_code(request.card, request.merchant, now=now)
    # After two purchases in a row there is no good code for a moment: a used one stays until the next one begins.
    lasts = STEP_SECONDS if request.card.last_step > now // STEP_SECONDS else SHOWN_SECONDS
    return {
        "code_svg": mark_safe(qr.soft_svg(code, name="code-modules")),  # noqa: S308 - our own path, made of figures
        "code_side": len(qr.matrix(code, "M")),
        "code_at": int(now * 1000),  # a phone's own clock may be wrong
        "code_seconds": lasts - int(now) % lasts,
        "code_used": request.card.last_step,
        "code_period": SHOWN_SECONDS,
        "spoken_code": words.spoken(request.card.spoken_code),
    }


def _live(request: CardRequest, *, gained: int, standing: MemberStanding | None = None) -> dict[str, Any]:
    standing = standing or standing_of(request.member.id)
    language = reader_language()
    lines = story_of(request.member.id, limit=LINES_ON_CARD + 1, standing=standing)
    return {
        "tier": words.tier_words(standing, language),
        "takes_codes": takes_codes(standing.version),
        "seal": words.seal_ring(request.merchant, request.member),
        "seen": _seen(standing),
        "gained": words.gain_figure(gained, standing, language) if gained else "",
        "said": words.say_gain(gained, standing, language) if gained else "",
        "story_title": words.story_title(standing, language),
        **words.balance_words(standing, language, request.merchant.time_zone),
        **goal_words(standing, language),
        **offers_words(table_of(request, standing)),
        **_lines(request, lines, standing.version, LINES_ON_CARD),
    }


def _lines(request: CardRequest, lines: list[StoryLine], version: Version, limit: int) -> dict[str, Any]:
    """One line more than shown was read, to know whether there are older ones."""
    shown = lines[:limit]
    return {
        "lines": words.story_words(
            shown, request.merchant, version, reader_language(), has_notes=is_own_phone(request)
        ),
        "older": write_place(shown[-1].place) if len(lines) > limit else None,
    }


def _place(text: str) -> tuple[UUID, ...]:
    """The line after which a page begins; the newest page for what is no such place."""
    try:
        return read_place(text)
    except ValueError:
        return ()


def _seen(standing: MemberStanding) -> str:
    """What the card shows, in short: it changes with every purchase and every point."""
    done = sum(challenge.done for challenge in standing.challenges)
    others = sum(balance["available"] for balance in standing.balances.values()) - standing.points
    debt = sum(balance["debt"] for balance in standing.balances.values())
    figures = (standing.points, standing.purchases, standing.version.number, debt, done, others)
    return ".".join(str(figure) for figure in figures)


def _gained(shown: str, standing: MemberStanding) -> int:
    before = shown.partition(".")[0]
    return standing.points - int(before) if before.isdecimal() and len(before) < 19 else 0


def _renewed(request: CardRequest, response: HttpResponse) -> HttpResponse:
    claim = claim_of(request, request.merchant)
    return sign_in(request, response, request.merchant, claim) if claim else response
