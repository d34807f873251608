"""The ladder, with when a regular reaches each tier."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from loyalty.programme.advice import Numbers, starter_thresholds, year_of_a_regular
from loyalty.programme.drafting import change_draft
from loyalty.programme.publishing import Change
from loyalty.programme.tiers import setting_all, starting
from loyalty.rules.editing import without_tier
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from merchants.access import Permission
from merchants.models import Merchant
from rewards.planning import numbers_of
from web.access import StaffRequest, staff_view
from web.dashboard.forms import currency_sign
from web.dashboard.rungs import TierForm, tier_form
from web.dashboard.wizard.steps import around, onward, revision_of, route, setup_of
from web.dashboard.wizard.sums import say_climb
from web.errors import show_at_field
from web.parts import form_of
from web.templatetags.habitue import short_money
from web.tiers import pip_of

STEP = "tiers"
PAGE = route(STEP)


@dataclass(frozen=True)
class Row:
    """A tier, its fields, and when a regular reaches it."""

    tier: Tier
    pip: str
    form: TierForm
    climb: str


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view(Permission.EDIT_PROGRAMME)
def tiers(request: StaffRequest) -> HttpResponse:
    """All tiers in one form. Posting keeps them in the draft."""
    setup = setup_of()
    numbers = numbers_of(setup.plan, request.merchant, 0)
    data = request.POST if request.method == "POST" else None
    forms_of = [tier_form(tier, setup.version, data) for tier in setup.version.tiers]
    if request.method == "POST":
        saved = _save(request, setup.version, forms_of)
        if saved is not None:
            return saved
    context = around(request, STEP, setup) | {
        "rows": [
            Row(tier, pip_of(tier, setup.version.tiers), form, say_climb(setup.version, tier, numbers))
            for tier, form in zip(setup.version.tiers, forms_of, strict=True)
        ][::-1],
        "sign": currency_sign(request.merchant.currency) if setup.version.ladder.climbing == "spend" else {},
        "year": _year(numbers, request.merchant),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "dashboard/wizard/tiers.html", context, status=status)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def begin(request: StaffRequest) -> HttpResponse:
    """Bronze, Silver, Gold at amounts that suit a regular; or, with `without`, no tiers at all."""
    numbers = numbers_of(setup_of().plan, request.merchant, 0)
    change = _without_tiers if "without" in request.POST else _starting(request.merchant, numbers)
    try:
        _change(request, change)
    except DomainError as refusal:
        messages.error(request, refusal.detail)
    return redirect(PAGE, request.merchant.slug)


def _save(request: StaffRequest, version: Version, forms_of: list[TierForm]) -> HttpResponse | None:
    """Keep all of them in the draft, and on; None where the forms show why not. Where the draft is not what the page showed, it
    is shown as it is now: with what was typed, the next press would set back what somebody else has set.
    """
    try:
        _change(request, lambda draft: draft)
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return redirect(PAGE, request.merchant.slug)
    are_valid = [
        form.is_valid() for form in forms_of
    ]  # each is asked, so that each shows what is wrong in it
    if not all(are_valid):
        return None
    said = {tier.id: form.values() for tier, form in zip(version.tiers, forms_of, strict=True)}
    try:
        _change(request, setting_all(said))
    except DomainError as refusal:
        for form in forms_of[-1:]:
            show_at_field(form, refusal)
        return None
    return onward(request, STEP)


def _change(request: StaffRequest, change: Change) -> None:
    change_draft(merchant=request.merchant, change=change, actor=request.staff, revision=revision_of(request))


def _without_tiers(version: Version) -> Version:
    for tier in version.tiers:
        version = without_tier(version, tier.id)
    return version


def _starting(merchant: Merchant, numbers: Numbers) -> Change:
    begun = starting(merchant=merchant)

    def change(version: Version) -> Version:
        if version.tiers:
            return version
        started = begun(version).tiers
        proposed = starter_thresholds(numbers)
        return replace(
            version,
            tiers=tuple(
                replace(tier, threshold_minor=minor) for tier, minor in zip(started, proposed, strict=True)
            ),
        )

    return change


def _year(numbers: Numbers, merchant: Merchant) -> str:
    """ "A regular spends €6 × 6 visits × 12 months = €432 a year." """
    words = ngettext(
        "A regular spends %(basket)s × %(visits)s visit × 12 months = %(year)s a year.",
        "A regular spends %(basket)s × %(visits)s visits × 12 months = %(year)s a year.",
        numbers.visits,
    )
    return words % {
        "basket": short_money(numbers.basket_minor, merchant.currency),
        "visits": numbers.visits,
        "year": short_money(year_of_a_regular(numbers), merchant.currency),
    }
