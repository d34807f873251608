"""The gallery: every programme to begin with, those for the shop's trade first, one of them opened to be read."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.languages import reader_language
from loyalty.gallery.shelf import template, templates_for
from loyalty.gallery.templates import Kit, Made, Template
from loyalty.rehearsal.rehearsing import Prize
from loyalty.rules.types import Version
from loyalty.wording import say_rule
from loyalty.wording.numbers import say_units
from merchants.access import Permission
from merchants.models import Merchant
from rewards.planning import take_template
from web.access import StaffRequest, staff_view
from web.changes import say_perks, say_start
from web.dashboard.preview import preview_of
from web.dashboard.wizard.steps import Setup, around, onward, revision_of, route, setup_of
from web.tiers import pip_of

STEP = "programme"
PAGE = route(STEP)


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view(Permission.EDIT_PROGRAMME)
def gallery(request: StaffRequest) -> HttpResponse:
    """All of them; `?template=` opens one, `?trade=` puts another trade's first. Posting takes one: it becomes the draft."""
    if request.method == "POST":
        return _take(request, template(request.POST.get("template", "")))
    setup = setup_of()
    trade = _trade(request)
    shelf = templates_for(trade)
    opened = template(request.GET.get("template", "")) or _taken(setup) or shelf[0]
    kit = _kit(request.merchant, setup.version)
    made = opened.made_with(kit)
    context = around(request, STEP, setup) | {
        "trades": _trades(request.merchant, trade),
        "shelves": _shelves(shelf, trade, opened, kit, request.merchant),
        "opened": opened,
        "taken": _taken(setup),
        "told": _told(made),
        "preview": preview_of(request.merchant, made.version, rewards=_to_take(made, kit)),
    }
    return render(request, "dashboard/wizard/programme.html", context)


def _take(request: StaffRequest, wanted: Template | None) -> HttpResponse:
    if wanted is None:
        return redirect(PAGE, request.merchant.slug)
    try:
        kit = _kit(request.merchant, setup_of().version)
        take_template(
            merchant=request.merchant,
            template=wanted,
            kit=kit,
            actor=request.staff,
            revision=revision_of(request),
        )
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return redirect(PAGE, request.merchant.slug)
    return onward(request, STEP)


def _kit(merchant: Merchant, version: Version) -> Kit:
    """For this shop, from today on, under the name that its programme has."""
    return Kit(merchant.currency, merchant.locale, timezone.localdate(), version.name)


def _trade(request: StaffRequest) -> str:
    asked = request.GET.get("trade", "")
    return asked if asked in Merchant.Trade.values else request.merchant.trade


def _taken(setup: Setup) -> Template | None:
    """Which of them is the draft."""
    return template(setup.plan.template) if setup.plan and setup.revision else None


def _trades(merchant: Merchant, current: str) -> list[dict[str, Any]]:
    here = reverse(PAGE, args=[merchant.slug])
    return [
        {"label": label, "href": f"{here}?trade={value}", "current": value == current}
        for value, label in Merchant.Trade.choices
    ]


def _shelves(
    shelf: list[Template], trade: str, opened: Template, kit: Kit, merchant: Merchant
) -> list[dict[str, Any]]:
    """Those for this trade, then the others. A link opens one, and comes back to its place on the page."""
    here, language = reverse(PAGE, args=[merchant.slug]), reader_language()
    rows = [
        {
            "code": one.code,
            "name": one.names[language],
            "says": kit.priced(one.says)[language],
            "href": f"{here}?trade={trade}&template={one.code}#{one.code}",
            "is_open": one is opened,
            "suits": trade in one.trades,
        }
        for one in shelf
    ]
    return [
        {"title": _("For a shop like yours"), "rows": [row for row in rows if row["suits"]]},
        {"title": _("All the others"), "rows": [row for row in rows if not row["suits"]]},
    ]


def _to_take(made: Made, kit: Kit) -> list[tuple[str, Prize]]:
    """Its rewards, as the card beside it shows them."""
    return [(offer.unit, Prize(kit.say(offer.names), offer.cost)) for offer in made.offers]


def _told(made: Made) -> dict[str, Any]:
    """Its sentences, its tiers and what its units buy, in the reader's language."""
    language, version = reader_language(), made.version
    return {
        "rules": [say_rule(rule, version, language) for rule in version.rules],
        "tiers": [
            {
                "name": tier.name,
                "pip": pip_of(tier, version.tiers),
                "starts": say_start(tier, version),
                "perks": " · ".join(say_perks(tier, version)),
            }
            for tier in reversed(version.tiers)
        ],
        "offers": [
            {
                "name": offer.names[language],
                "price": say_units(
                    next(unit for unit in version.units if unit.id == offer.unit),
                    offer.cost,
                    language,
                    version.currency,
                ),
            }
            for offer in made.offers
        ],
    }
