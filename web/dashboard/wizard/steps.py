"""The steps of the wizard, where one goes on, and what every step shows around its work."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from loyalty.programme.drafting import draft_of
from loyalty.programme.versions import version_in_force
from loyalty.rehearsal.rehearsing import Prize
from loyalty.rules.types import Version
from merchants.access import Permission
from merchants.models import Location, Merchant
from rewards import planning
from rewards.catalogue import cheapest_rewards
from rewards.models import Plan
from rewards.offers import mark_of, say_in
from rewards.planning import Promise
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.forms import read_number
from web.dashboard.preview import MOST_REWARDS, preview_of
from web.parts import form_of
from web.places import names_by_id

HOME = "dashboard-home"
SHOP = "shop"  # what `/dashboard/new/` asked: done when the wizard begins
STEPS = {
    "programme": pgettext_lazy("step", "Programme"),
    "numbers": pgettext_lazy("step", "Numbers"),
    "tiers": pgettext_lazy("step", "Tiers"),
    "look": pgettext_lazy("step", "Look"),
    "poster": pgettext_lazy("step", "Poster"),
    "scan": gettext_lazy("First scan"),
}
ORDER = list(STEPS)


@dataclass(frozen=True)
class Setup:
    """What is being set up: the draft, or what is in force where there is none, and the rewards that come with it."""

    plan: Plan | None
    version: Version
    revision: int  # of the draft; 0 without one
    promises: list[Promise]

    @property
    def reward(self) -> Promise | None:
        """The reward that purchases lead to, if one is to come."""
        return planning.first_reward(self.version, self.promises)

    @property
    def mark(self) -> str:
        """Of the promises, for a page that shows them."""
        return mark_of(self.promises)


def setup_of() -> Setup:
    """Read it: five queries at most."""
    plan, draft = planning.plan_of(), draft_of()
    version = draft.version if draft else version_in_force()
    return Setup(plan, version, draft.revision if draft else 0, planning.promises_of(plan) if draft else [])


@require_GET
@staff_view(Permission.EDIT_PROGRAMME)
def start(request: StaffRequest) -> HttpResponse:
    """Where one was: at the first step, or at the one after the last that was saved."""
    plan = planning.plan_of()
    step = plan.step if plan is not None and plan.step in STEPS and not plan.closed_at else ORDER[0]
    return redirect(route(step), request.merchant.slug)


@form_of("dashboard-start")
@staff_view(Permission.EDIT_PROGRAMME)
def leave(request: StaffRequest) -> HttpResponse:
    """For another time, or because it is finished. What was said stays."""
    if "finished" in request.POST:
        planning.close_plan()
    return redirect(HOME, request.merchant.slug)


def route(step: str) -> str:
    """The name of a step's address."""
    return f"dashboard-start-{step}"


def revision_of(request: StaffRequest) -> int:
    """Of the draft that the page showed which is sent. A page that says none showed none that there can be: -1."""
    said = read_number(request.POST.get("revision", ""))
    return -1 if said is None else said


def onward(request: StaffRequest, step: str) -> HttpResponse:
    """A step is saved: on to the one after it, and there the next time too."""
    after = ORDER[min(ORDER.index(step) + 1, len(ORDER) - 1)]
    planning.keep_step(step=after)
    return redirect(route(after), request.merchant.slug)


def around(
    request: StaffRequest, step: str, setup: Setup, places: Iterable[Location] | None = None
) -> dict[str, Any]:
    """What the pages of the wizard share: whose, the steps, back and onward, and the card as it will be. `places`: the open
    locations, where they were read already."""
    slug, place = request.merchant.slug, ORDER.index(step)
    addresses = {name: reverse(route(name), args=[slug]) for name in ORDER}
    return page_context(request, "programme") | {
        "steps": [
            {"label": _("Shop"), "done": True, "href": reverse("dashboard-settings", args=[slug])},
            *(
                {
                    "label": label,
                    "done": index < place,
                    "current": index == place,
                    "href": addresses[name] if index != place else "",
                }
                for index, (name, label) in enumerate(STEPS.items())
            ),
        ],
        "back": addresses[ORDER[place - 1]] if place else "",
        "skip": addresses[ORDER[place + 1]] if place + 1 < len(ORDER) else "",
        "setup": setup,
        "version": setup.version,
        "preview": preview_of(request.merchant, setup.version, **_named(setup, request.merchant, places)),
    }


def _named(setup: Setup, merchant: Merchant, places: Iterable[Location] | None) -> dict[str, Any]:
    """What the card names besides the programme: places, and what there is to take."""
    return {"places": names_by_id(places), "rewards": _to_take(setup, merchant)}


def _to_take(setup: Setup, merchant: Merchant) -> list[tuple[UUID, Prize]]:
    """What there is to take once it is open: the rewards that come with it, or else what there is."""
    promised = [
        (UUID(each.unit), Prize(say_in(each.names, merchant.locale), each.cost)) for each in setup.promises
    ]
    return promised[:MOST_REWARDS] or cheapest_rewards(MOST_REWARDS, merchant.locale)
