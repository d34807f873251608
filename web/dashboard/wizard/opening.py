"""The end of the wizard: the programme is opened in one act, its poster taken along, and the first card scanned."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError
from core.languages import reader_language
from loyalty.purchases.queries import latest_purchases
from loyalty.wording import say_rule
from loyalty.wording.numbers import say_units
from merchants import queries
from merchants.access import Permission
from rewards.planning import keep_step, publish_programme
from web.access import StaffRequest, staff_view
from web.dashboard import printed
from web.dashboard.poster import poster_address, poster_of
from web.dashboard.wizard.steps import Setup, around, revision_of, route, setup_of

STEP = "poster"
PAGE = route(STEP)


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view(Permission.EDIT_PROGRAMME)
def poster(request: StaffRequest) -> HttpResponse:
    """What will be in force, and the one act that puts it there; afterwards its poster."""
    if request.method == "POST":
        return _open(request)
    setup = setup_of()
    context = around(request, STEP, setup) | _told(setup) | poster_of(request.merchant)
    return render(request, "dashboard/wizard/poster.html", context)


@require_GET
@staff_view(Permission.EDIT_PROGRAMME)
def scan(request: StaffRequest) -> HttpResponse:
    """Join with one's own phone, scan the card: two steps, and whether they are done."""
    places = list(queries.locations())
    address = poster_address(request.merchant, places[0])
    context = around(request, "scan", setup_of(), places) | {
        "address": address,
        "code": printed.on_page(request.merchant, address),
        "scanned": bool(latest_purchases(1)),
    }
    return render(request, "dashboard/wizard/scan.html", context)


def _open(request: StaffRequest) -> HttpResponse:
    """Publish the draft as this page showed it, with the rewards that it showed. Repeating it finds nothing left to publish, and shows the poster."""
    try:
        publish_programme(
            merchant=request.merchant,
            actor=request.staff,
            promised=request.POST.get("promised", ""),
            revision=revision_of(request),
        )
        keep_step(step=STEP)
        messages.success(request, _("The programme is open. Here is its poster."))
    except DomainError as refusal:
        if refusal.code != "draft_missing":
            messages.error(request, refusal.detail)
    return redirect(PAGE, request.merchant.slug)


def _told(setup: Setup) -> dict[str, Any]:
    version, language = setup.version, reader_language()
    return {
        "rules": [say_rule(rule, version, language) for rule in version.rules if rule.active],
        "offers": [
            {"name": promise.name, "price": say_units(unit, promise.cost, language, version.currency)}
            for promise in setup.promises
            if (unit := version.unit(promise.unit)) is not None
        ],
    }
