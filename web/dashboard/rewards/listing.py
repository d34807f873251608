"""The catalogue: tickets by status, in the shop's order; one is put elsewhere, offered, taken off, or begun."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError
from core.languages import reader_language
from loyalty.programme.advice import Numbers
from merchants.access import Permission
from rewards import catalogue
from rewards.models import Reward
from rewards.offers import Status, say_in
from rewards.pictures import picture_path
from rewards.suggesting import Suggestion, draft_of, kinds_for, suggested
from rewards.wording import KIND_NAMES, say_for_whom, say_value
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.forms import read_number
from web.dashboard.rewards.asking import Known
from web.dashboard.rewards.figures import Figures, figures_of
from web.dashboard.rewards.finding import (
    ONE,
    PAGE,
    at_blank,
    found,
    known_to,
    list_of,
    numbers_said,
    read_status,
)
from web.parts import form_of, render_part

TABS: dict[Status, Any] = {
    "live": pgettext_lazy("rewards", "Offered"),
    "draft": pgettext_lazy("rewards", "Drafts"),
    "archived": pgettext_lazy("rewards", "Taken off"),
}
DONE: dict[str, Any] = {
    "live": gettext_lazy("“%(name)s” is offered now."),
    "draft": gettext_lazy("“%(name)s” is a draft again."),
    "archived": gettext_lazy("“%(name)s” is taken off. What members hold of it stays theirs."),
}
ICONS = {
    "amount_off": "receipt", "percent_off": "receipt-text", "free_product": "shopping-bag", "credit": "wallet",
    "gift": "gift", "experience": "award", "donation": "heart", "early_access": "clock", "draw_entry": "hash",
    "free_text": "pencil",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One ticket."""

    reward: Reward
    name: str
    icon: str
    picture: str
    what: str
    figures: Figures
    is_first: bool
    is_last: bool


@require_GET
@staff_view(Permission.EDIT_PROGRAMME)
def listing(request: StaffRequest) -> HttpResponse:
    """The tickets of one status, or their part."""
    known, numbers = known_to(request), numbers_said(request)
    rewards = list(catalogue.all_rewards())
    status = read_status(request.GET.get("status", ""))
    shown = [reward for reward in rewards if reward.status == status]
    context = page_context(request, "rewards") | {
        "status": status,
        "tabs": tabs_of(request, status, rewards),
        "rows": [_row(request, one, known, numbers, shown) for one in shown],
        "suggestions": [] if rewards else _suggestions(request, known, numbers),
        "is_empty": not rewards,
    }
    return render_part(request, "dashboard/rewards/list.html", "work", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.EDIT_PROGRAMME)
def new(request: StaffRequest) -> HttpResponse:
    """Begin one: with a suggestion for this trade, or with a kind. It is a draft, and its name is open then."""
    known, numbers = known_to(request), numbers_said(request)
    chosen = _chosen(request, known) if request.method == "POST" else None
    if chosen:
        offer = draft_of(chosen, known.version, numbers, known.kit)
        made = catalogue.offer_reward(offer=offer, actor=request.staff)
        return redirect(at_blank(request, made.id, "names"))
    context = page_context(request, "rewards") | {
        "suggestions": _suggestions(request, known, numbers),
        "kinds": [
            {
                "kind": kind,
                "icon": ICONS[kind],
                "name": known.reader.say(KIND_NAMES[kind]),
                "says": _says(one, known),
            }
            for kind, one in kinds_for(known.version).items()
        ],
    }
    return render(request, "dashboard/rewards/new.html", context)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def place(request: StaffRequest, reward_id: UUID) -> HttpResponse:
    """Change places with the neighbour above or below; or, dragged, stand at a `place` counted from 0."""
    reward = found(reward_id)
    asked = read_number(request.POST.get("place", ""))
    if asked is None:
        beside = [one.id for one in catalogue.all_rewards() if one.status == reward.status]
        asked = max(0, beside.index(reward.id) + (1 if request.POST.get("direction") == "down" else -1))
    catalogue.move_reward(reward_id=reward.id, place=asked, actor=request.staff)
    return redirect(list_of(request, reward.status))


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def status(request: StaffRequest, reward_id: UUID, to: str) -> HttpResponse:
    """Offer it, take it off, or make it a draft again; the toast takes that back. What it lacks is told on its page."""
    before = found(reward_id)
    if to not in DONE:
        raise Http404
    try:
        after = catalogue.put_reward(reward_id=before.id, status=read_status(to), actor=request.staff)
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return redirect(ONE, request.merchant.slug, before.id)
    undo = reverse("dashboard-reward-status", args=[request.merchant.slug, before.id, before.status])
    words = DONE[to] % {"name": say_in(after.names, reader_language())}
    messages.success(request, words, extra_tags=undo if after.status != before.status else "")
    if "stay" in request.POST:
        return redirect(ONE, request.merchant.slug, before.id)
    return redirect(list_of(request, after.status))


def tabs_of(request: StaffRequest, current: str, rewards: list[Reward]) -> list[dict[str, Any]]:
    """The catalogue by status, with how many there are of each, and the report; `current` is one of them."""
    found = []
    for one, label in TABS.items():
        count = sum(reward.status == one for reward in rewards)
        words = f"{label} · {count}" if count else str(label)
        found.append({"label": words, "href": list_of(request, one), "current": one == current})
    report = reverse("dashboard-rewards-report", args=[request.merchant.slug])
    return [*found, {"label": _("Report"), "href": report, "current": current == "report"}]


def _row(request: StaffRequest, reward: Reward, known: Known, numbers: Numbers, shown: list[Reward]) -> Row:
    offer, reader = catalogue.offer_of(reward), known.reader
    said = (say_value(offer, reader) or reader.say(KIND_NAMES[offer.kind]), say_for_whom(offer, reader))
    return Row(
        reward=reward,
        name=say_in(reward.names, reader.language),
        icon=ICONS[reward.kind],
        picture=picture_path(request.merchant, reward),
        what=capfirst(" · ".join(phrase for phrase in said if phrase)),
        figures=figures_of(reward, offer, reader, numbers),
        is_first=reward is shown[0],
        is_last=reward is shown[-1],
    )


def _suggestions(request: StaffRequest, known: Known, numbers: Numbers) -> list[dict[str, Any]]:
    found, nobodys = [], Reward(stock=None, taken=0)
    for place, one in enumerate(suggested(request.merchant.trade)):
        offer = draft_of(one, known.version, numbers, known.kit)
        found.append(
            {
                "place": place,
                "icon": ICONS[one.kind],
                "name": say_in(offer.names, known.reader.language),
                "says": _says(one, known),
                "figures": figures_of(nobodys, offer, known.reader, numbers),
            }
        )
    return found


def _says(one: Suggestion, known: Known) -> str:
    return say_in(known.kit.priced(one.says), known.reader.language)


def _chosen(request: StaffRequest, known: Known) -> Suggestion | None:
    """What was sent: a place among the suggestions, or a kind; None for neither."""
    place = read_number(request.POST.get("suggestion", ""))
    if place is not None:
        return next(iter(suggested(request.merchant.trade)[place : place + 1]), None)
    kind = request.POST.get("kind", "")
    return next((one for each, one in kinds_for(known.version).items() if each == kind), None)
