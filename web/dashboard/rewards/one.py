"""The page of one reward: its sentences, a blank of them opened or filled in, what it asks, and the ticket as a member sees it.

A change holds at once; nobody sees a draft. The toast of a change takes it back.
"""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError
from loyalty.rules.types import Condition
from merchants.access import Permission
from rewards.catalogue import change_reward, offer_of
from rewards.models import Reward
from rewards.offers import Offer, mark_of, say_in
from rewards.pictures import picture_path
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.branding import LogoForm
from web.dashboard.rewards.asking import Known, with_condition
from web.dashboard.rewards.card import card_of
from web.dashboard.rewards.figures import figures_of
from web.dashboard.rewards.finding import ONE, PAGE, at_blank, found, known_to, list_of, numbers_said
from web.dashboard.rewards.lines import Opened, lines_of, opened_blank
from web.dashboard.rewards.listing import ICONS, TABS
from web.errors import show_at_field
from web.parts import form_of, render_part, wants_part

BEFORE = "reward_before"  # in the session: what the last change took the place of, and what it made


@require_GET
@staff_view(Permission.EDIT_PROGRAMME)
def one(request: StaffRequest, reward_id: UUID) -> HttpResponse:
    """All that is said of it; with `blank` in the address, that blank is open."""
    reward, known = found(reward_id), known_to(request)
    return show(request, reward, known, opened_blank(request.GET.get("blank", ""), offer_of(reward), known))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.EDIT_PROGRAMME)
def blank(request: StaffRequest, reward_id: UUID, field: str) -> HttpResponse:
    """Open a blank in its place, or fill it in."""
    reward, known = found(reward_id), known_to(request)
    offer, data = offer_of(reward), request.POST if request.method == "POST" else None
    opened = opened_blank(field, offer, known, data)
    if opened is None:
        raise Http404
    if data is None:
        if not wants_part(request):
            return redirect(at_blank(request, reward.id, field))
        return _line(request, reward, known, opened)
    if opened.form.is_valid():
        try:
            _change(request, reward, opened.form.offer, request.POST.get("seen", ""))
            return redirect(ONE, request.merchant.slug, reward.id)
        except DomainError as refusal:
            show_at_field(opened.form, refusal)
    return show(request, reward, known, opened, status=422)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def extra(request: StaffRequest, reward_id: UUID, extra: str) -> HttpResponse:
    """Let it ask one thing more, whose blank is open then; or, with `out`, one thing less."""
    reward, known = found(reward_id), known_to(request)
    takes_out = "out" in request.POST
    try:
        offer = with_condition(offer_of(reward), extra, known, out=takes_out)
    except LookupError:
        raise Http404 from None
    _change(request, reward, offer, request.POST.get("seen", ""))
    opens = "" if takes_out else {"hours": "hours_from"}.get(extra, extra)
    return redirect(at_blank(request, reward.id, opens))


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def preview(request: StaffRequest, reward_id: UUID) -> HttpResponse:
    """The ticket, and what would follow of what is typed, before it is saved. It changes nothing."""
    reward, known = found(reward_id), known_to(request)
    offer = offer_of(reward)
    opened = opened_blank(request.POST.get("blank", ""), offer, known, request.POST)
    if opened is None:
        raise Http404
    typed = opened.form.offer if opened.form.is_valid() else offer
    figures = figures_of(reward, typed, known.reader, numbers_said(request))
    context = {
        "merchant": request.merchant,
        "card": card_of(reward, typed, request.merchant, known),
        "lines": [each for each in lines_of(reward, typed, known, figures) if each.id == opened.line],
    }
    return render(request, "dashboard/rewards/_previewed.html", context)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def undo(request: StaffRequest, reward_id: UUID) -> HttpResponse:
    """Take the last change back, one's own, unless somebody said otherwise since."""
    reward, kept = found(reward_id), request.session.pop(BEFORE, None)
    if kept and kept["reward"] == str(reward.id):
        conditions = tuple(Condition(each["kind"], each["given"]) for each in kept["offer"]["conditions"])
        offer = Offer(**kept["offer"] | {"conditions": conditions})
        try:
            change_reward(reward_id=reward_id, offer=offer, actor=request.staff, seen=kept["seen"])
            messages.success(request, _("It is as it was."))
        except DomainError as refusal:
            messages.error(request, refusal.detail)
    return redirect(ONE, request.merchant.slug, reward_id)


def show(
    request: StaffRequest,
    reward: Reward,
    known: Known,
    opened: Opened | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page, or its part."""
    offer = offer_of(reward)
    figures = figures_of(reward, offer, known.reader, numbers_said(request))
    context = page_context(request, "rewards") | {
        "reward": reward,
        "name": say_in(reward.names, known.reader.language),
        "seen": mark_of(offer),
        "status_name": TABS[offer.status],
        "list": list_of(request, reward.status),
        "figures": figures,
        "lines": lines_of(reward, offer, known, figures, opened),
        "card": card_of(reward, offer, request.merchant, known),
        "picture": picture_path(request.merchant, reward),
        "icon": ICONS[reward.kind],
        "picture_form": LogoForm(auto_id="picture_%s"),
    }
    return render_part(request, "dashboard/rewards/one.html", "work", context | more, status=status)


def _line(request: StaffRequest, reward: Reward, known: Known, opened: Opened) -> HttpResponse:
    """The sentence alone, with the blank open in it."""
    offer = offer_of(reward)
    figures = figures_of(reward, offer, known.reader, numbers_said(request))
    lines = lines_of(reward, offer, known, figures, opened)
    context = {
        "merchant": request.merchant,
        "reward": reward,
        "seen": mark_of(offer),
        "line": next(line for line in lines if line.opened),
    }
    return render(request, "dashboard/rewards/_sentence.html", context)


def _change(request: StaffRequest, reward: Reward, offer: Offer, seen: str) -> None:
    """Say it so from now on, unless somebody said otherwise since the page was read; the toast takes it back."""
    before = offer_of(reward)
    after = offer_of(change_reward(reward_id=reward.id, offer=offer, actor=request.staff, seen=seen))
    if mark_of(after) == mark_of(before):
        return
    request.session[BEFORE] = {"reward": str(reward.id), "offer": asdict(before), "seen": mark_of(after)}
    words = _("Changed, for everybody from now on.") if after.status == "live" else _("Changed.")
    messages.success(
        request, words, extra_tags=reverse("dashboard-reward-undo", args=[request.merchant.slug, reward.id])
    )
