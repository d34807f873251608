"""The shop's own numbers, and what follows from them while they are typed."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.languages import reader_language
from loyalty.programme.advice import Numbers
from loyalty.wording.numbers import unit_name
from merchants.access import Permission
from merchants.models import Merchant
from rewards import planning
from rewards.planning import Promise, numbers_of
from web.access import StaffRequest, staff_view
from web.dashboard.aim import AimForm, aim_form, keep_aim
from web.dashboard.forms import MoneyField, UnitsField, currency_sign, typed_money
from web.dashboard.wizard.steps import Setup, around, onward, setup_of
from web.dashboard.wizard.sums import sums_of
from web.errors import show_at_field
from web.parts import render_part

STEP = "numbers"
MOST_VISITS = 100  # a month: three a day, and somebody lives there


class NumbersForm(forms.Form):
    """What a shopkeeper knows by heart, more or less. Money is in the shop's currency."""

    basket = forms.CharField(label=_("An average purchase"))
    visits = forms.IntegerField(label=_("Visits of a regular, a month"))
    margin = forms.IntegerField(
        label=_("Your margin"), help_text=_("What is left of 100 once the goods are paid.")
    )
    quarter = forms.CharField(label=_("Revenue in three months"))
    gift = forms.CharField(label=_("What it costs you"), help_text=_("The goods in it, not its price."))
    price = forms.IntegerField(label=_("What it takes"))

    def __init__(self, *args: Any, merchant: Merchant, reward: Promise | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("basket", "quarter", "gift"):
            self._as(name, MoneyField(currency=merchant.currency, zero=name == "gift"))
        for name in ("visits", "margin", "price"):
            self._as(name, UnitsField())
        if reward is None:
            del self.fields["gift"], self.fields["price"]

    def _as(self, name: str, field: forms.Field) -> None:
        """The same field, read as people type it."""
        field.label, field.help_text = self.fields[name].label, self.fields[name].help_text
        self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        """Whole months and whole margins."""
        data: dict[str, Any] = super().clean() or {}
        if "visits" in data and not 1 <= data["visits"] <= MOST_VISITS:
            self.add_error("visits", forms.ValidationError(_("Write a number from 1 to 100.")))
        if "margin" in data and not 1 <= data["margin"] <= 100:
            self.add_error("margin", forms.ValidationError(_("Write a number from 1 to 100.")))
        return data

    def numbers(self) -> Numbers:
        """As `loyalty.programme.advice` takes them."""
        data = self.cleaned_data
        return Numbers(
            data["basket"], data["visits"], data["margin"], data.get("gift", 0), data["quarter"], data.get("price", 0)
        )  # fmt: skip


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view(Permission.EDIT_PROGRAMME)
def numbers(request: StaffRequest) -> HttpResponse:
    """The form beside its arithmetic. Posting keeps them; `?basket=…` tries others, with a script or without one."""
    setup = setup_of()
    form = _form(request, setup)
    goal = aim_form(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and goal.is_valid() and _keep(request, form, goal):
        return onward(request, STEP)
    kept = numbers_of(setup.plan, request.merchant, _price(setup))
    tried = form.numbers() if form.is_bound and form.is_valid() else kept
    context = around(request, STEP, setup) | {
        "form": form,
        "aim": goal,
        "reward": setup.reward,
        "unit": _unit_name(setup, tried.price),
        "sign": currency_sign(request.merchant.currency),
        "sums": sums_of(setup.version, setup.reward, tried),
    }
    status = 422 if request.method == "POST" else 200
    return render_part(request, "dashboard/wizard/numbers.html", "sums", context, status=status)


def _keep(request: StaffRequest, form: NumbersForm, goal: AimForm) -> bool:
    """Both or, where one of them is refused, neither."""
    try:
        with transaction.atomic():
            planning.keep_numbers(numbers=form.numbers())
            if not keep_aim(request, goal):
                transaction.set_rollback(True)
    except DomainError as refusal:
        show_at_field(form, refusal)
    return not form.errors and not goal.errors


def _form(request: StaffRequest, setup: Setup) -> NumbersForm:
    currency = request.merchant.currency
    kept = numbers_of(setup.plan, request.merchant, _price(setup))
    initial = {
        "basket": typed_money(kept.basket_minor, currency),
        "visits": kept.visits,
        "margin": kept.margin_percent,
        "quarter": typed_money(kept.quarter_minor, currency),
        "gift": typed_money(kept.gift_minor, currency),
        "price": kept.price,
    }
    tried = request.GET if "basket" in request.GET else None
    data = request.POST if request.method == "POST" else tried
    return NumbersForm(
        data, initial=initial, merchant=request.merchant, reward=setup.reward, auto_id="numbers_%s"
    )


def _price(setup: Setup) -> int:
    return setup.reward.cost if setup.reward else 0


def _unit_name(setup: Setup, count: int) -> str:
    unit = setup.version.unit(setup.reward.unit) if setup.reward else None
    return unit_name(unit, count, reader_language()) if unit else ""
