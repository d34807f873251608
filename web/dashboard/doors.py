"""The ways in: choose a merchant, open one, and go where one's role works. It decides no role: see `access`."""

import zoneinfo
from functools import lru_cache
from typing import Any

from babel.core import get_global
from babel.numbers import get_currency_symbol
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError
from core.languages import reader_language
from core.money import CURRENCIES
from loyalty.programme.opening import open_for_business
from merchants import access, queries
from merchants.models import Merchant, User
from merchants.users import name_user
from web.access import StaffRequest, staff_view
from web.dashboard.guessing import guess_place
from web.errors import show_at_field

INVITATION = "invitation"  # where the session keeps a link's token while its reader signs in or up


class SignedInRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: User


@lru_cache
def zones() -> list[tuple[str, str]]:
    """Zones of places, named "Paris (Europe)", in the order of their names. Aliases of old are left out."""
    living = zoneinfo.available_timezones() & set(get_global("zone_territories"))
    named = [
        (zone, zone.partition("/")[2].replace("_", " "), zone.partition("/")[0])
        for zone in living
        if "/" in zone
    ]
    return [(zone, f"{city} ({area})") for zone, city, area in sorted(named, key=lambda row: row[1])]


def _currencies() -> list[tuple[str, str]]:
    language = reader_language()
    signs = {code: get_currency_symbol(code, locale=language) for code in CURRENCIES}
    return [(code, code if sign == code else f"{code} ({sign})") for code, sign in signs.items()]


class MerchantForm(forms.Form):
    """What must be known before the first scan, and no more."""

    name = forms.CharField(
        label=_("Name of the shop"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True}),
    )
    trade = forms.ChoiceField(label=_("Trade"), choices=Merchant.Trade.choices)
    location_name = forms.CharField(
        label=_("First location"),
        max_length=80,
        help_text=_("The street or the quarter. More can follow."),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=_currencies)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    brand_colour = forms.CharField(
        label=_("Your colour"),
        help_text=_("Cards and buttons of your members take it."),
        widget=forms.TextInput(attrs={"type": "color"}),
        validators=[RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("Choose a colour."))],
    )
    your_name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.name:
            del self.fields["your_name"]


@require_GET
@login_required
def choose(request: SignedInRequest) -> HttpResponse:
    """One's merchants. With one only, straight on; with none, to a form. Who came by an invitation goes on to it."""
    if request.session.get(INVITATION):
        return redirect("dashboard-invitation", request.session[INVITATION])
    merchants = queries.merchants_of(request.user)
    if not merchants:
        return redirect("dashboard-new")
    if len(merchants) == 1 and "choose" not in request.GET:
        return redirect("dashboard-door", merchants[0].slug)
    return render(request, "dashboard/choose.html", {"merchants": merchants})


@staff_view(access.Permission.SCAN)
def door(request: StaffRequest) -> HttpResponse:
    """The desk for those who may see figures; the till for cashiers."""
    if access.may(request.staff, access.Permission.SEE_FIGURES):
        return redirect("dashboard-home", request.merchant.slug)
    return redirect("scanner", request.merchant.slug)


@require_http_methods(["GET", "POST"])
@login_required
def new_merchant(request: SignedInRequest) -> HttpResponse:
    """Open a merchant with its first location and a programme that gives points."""
    data = request.POST if request.method == "POST" else None
    initial = {"trade": Merchant.Trade.CAFE, "brand_colour": "#1f4d3a"} | guess_place(request)
    form = MerchantForm(data, initial=initial, user=request.user)
    if form.is_valid():
        wanted = dict(form.cleaned_data)
        your_name = wanted.pop("your_name", "")
        try:
            merchant = open_for_business(owner=request.user, locale=reader_language(), **wanted)
            name_user(user=request.user, name=your_name)
        except DomainError as refusal:
            show_at_field(form, refusal)
        else:
            messages.success(request, gettext("%(merchant)s is open.") % {"merchant": merchant.name})
            return redirect("dashboard-start", merchant.slug)
    has_others = bool(request.user.merchant_ids)
    status = 422 if form.errors else 200
    return render(request, "dashboard/new.html", {"form": form, "has_others": has_others}, status=status)
