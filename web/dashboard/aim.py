"""What the shop wants to reach by a day: set here or in the wizard, looked at on home."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_http_methods

from analytics import aims
from analytics.aims import Progress, progress_of
from analytics.models import Aim, DailyFigure
from core.errors import DomainError
from core.languages import reader_language
from loyalty.programme.advice import members_to_aim_at
from loyalty.rules.types import Version
from loyalty.wording.numbers import say_units
from merchants.access import Permission
from merchants.models import Merchant
from rewards.planning import numbers_of, plan_of
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.forms import UnitsField
from web.errors import show_at_field
from web.parts import form_of
from web.templatetags.habitue import full_date, number

PAGE = "dashboard-aim"
HOME = "dashboard-home"
BLOCKS = 18  # of the bar: look.md
A_QUARTER = dt.timedelta(days=91)  # thirteen whole weeks


class AimForm(forms.Form):
    """What, how much, by when. Where nothing is written for how much, nothing is set."""

    kind = forms.ChoiceField(label=gettext_lazy("What you want to reach"), choices=Aim.Kind.choices)
    target = UnitsField(label=gettext_lazy("How many"), required=False)
    by = forms.DateField(
        label=gettext_lazy("By"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


@dataclass(frozen=True)
class Block:
    """One of the bar's: where it begins, in percent, and how much of it is done."""

    x: Decimal
    width: Decimal
    done: Decimal


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view(Permission.EDIT_PROGRAMME)
def aim(request: StaffRequest) -> HttpResponse:
    """The form, with what is set or what might be; posting sets it."""
    form = aim_form(request, request.POST if request.method == "POST" else None)
    form.fields["target"].required = True
    if form.is_valid() and keep_aim(request, form):
        messages.success(request, _("It is on your home page from now on."))
        return redirect(HOME, request.merchant.slug)
    context = page_context(request, "home") | {"form": form, "is_set": aims.open_aim() is not None}
    return render(request, "dashboard/aim.html", context, status=422 if form.errors else 200)


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def removal(request: StaffRequest) -> HttpResponse:
    """No goal from now on."""
    aims.drop_aim(merchant=request.merchant, actor=request.staff)
    messages.success(request, _("The goal is gone."))
    return redirect(HOME, request.merchant.slug)


def aim_form(request: StaffRequest, data: Any = None) -> AimForm:
    """With what is set; before anything was, with what would suit this shop's numbers."""
    known = aims.open_aim()
    initial: dict[str, Any] = {"kind": Aim.Kind.MEMBERS, "by": timezone.localdate() + A_QUARTER}
    if known is not None:
        initial = {"kind": known.kind, "target": known.target, "by": known.by}
    else:
        initial["target"] = members_to_aim_at(numbers_of(plan_of(), request.merchant, 0))
    return AimForm(data, initial=initial, auto_id="aim_%s")


def keep_aim(request: StaffRequest, form: AimForm) -> bool:
    """Set what a valid form says, if it is something else than is set; False where it is refused, which it shows."""
    said, known = form.cleaned_data, aims.open_aim()
    if said["target"] is None:
        return True
    if known is not None and (known.kind, known.target, known.by) == (
        said["kind"],
        said["target"],
        said["by"],
    ):
        return True
    try:
        aims.set_aim(merchant=request.merchant, actor=request.staff, **said)
    except DomainError as refusal:
        show_at_field(form, refusal)
        return False
    return True


def aim_of(
    merchant: Merchant, version: Version, known: Aim, members: int, rows: Sequence[DailyFigure]
) -> dict[str, Any]:
    """For home: what is to be reached in a sentence, the bar, how far it is, and what to do. No query."""
    progress = progress_of(known, merchant, members=members, rows=rows)
    return {
        "title": _title(known, version),
        "blocks": _blocks(progress.percent),
        "percent": progress.percent,
        "state": progress.state,
        "limit": progress.is_limit,
        "standing": _standing(progress, version),
        "words": _words(progress),
        "action": None if progress.state != "open" else _action(known, merchant),
    }


def _title(aim: Aim, version: Version) -> str:
    day = full_date(aim.by)
    said = {"count": number(aim.target), "day": day}
    if aim.kind == Aim.Kind.UNITS:
        units = say_units(version.units[0], aim.target, reader_language(), version.currency)
        return _("At most %(units)s given by %(day)s") % {"units": units, "day": day}
    if aim.kind == Aim.Kind.VISITS:
        one = ngettext(
            "%(count)s visit in 30 days by %(day)s", "%(count)s visits in 30 days by %(day)s", aim.target
        )
    elif aim.kind == Aim.Kind.CAME_BACK:
        one = ngettext(
            "%(count)s in 100 come back by %(day)s", "%(count)s in 100 come back by %(day)s", aim.target
        )
    else:
        one = ngettext("%(count)s member by %(day)s", "%(count)s members by %(day)s", aim.target)
    return one % said


def _standing(progress: Progress, version: Version) -> str:
    """ "412 of 450"."""
    if progress.value is None:
        return _("Too few came yet for a share")
    value, target = progress.value, progress.aim.target
    if progress.is_limit and version.units[0].kind == "credit":
        language = reader_language()
        one, other = (
            say_units(version.units[0], count, language, version.currency) for count in (value, target)
        )
        return pgettext("so much of so much", "%(value)s of %(target)s") % {"value": one, "target": other}
    return pgettext("so much of so much", "%(value)s of %(target)s") % {
        "value": number(value),
        "target": number(target),
    }


def _words(progress: Progress) -> str:
    if progress.state == "done":
        return _("kept") if progress.is_limit else _("reached")
    if progress.state == "missed":
        return _("exceeded") if progress.is_limit else _("missed")
    left = ngettext("%(count)s day left", "%(count)s days left", progress.days_left) % {
        "count": number(progress.days_left)
    }
    return left if progress.days_left else _("today is the day")


def _action(aim: Aim, merchant: Merchant) -> dict[str, str]:
    """What brings it nearer."""
    slug = merchant.slug
    if aim.kind == Aim.Kind.MEMBERS:
        return {"label": _("Print the poster"), "href": reverse("dashboard-poster", args=[slug])}
    if aim.kind == Aim.Kind.UNITS:
        return {"label": _("See the rules"), "href": reverse("dashboard-programme", args=[slug])}
    missing = f"{reverse('dashboard-members', args=[slug])}?activity=missing"
    return {"label": _("See who is missing"), "href": missing}


def _blocks(percent: int) -> list[Block]:
    step, width = Decimal(100) / BLOCKS, Decimal("4.7")
    done = Decimal(percent) * BLOCKS / 100
    return [
        Block(round(step * place, 3), width, round(width * min(Decimal(1), max(Decimal(0), done - place)), 3))
        for place in range(BLOCKS)
    ]
