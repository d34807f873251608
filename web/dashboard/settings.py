"""The shop: what it is called, what it does, which language and clock it keeps. Its colour and logo: see `branding`."""

from django import forms
from django.conf import settings as project
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from merchants.access import Permission
from merchants.models import Merchant
from merchants.shop import change_shop
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.doors import zones
from web.errors import show_at_field

FIELDS = ("name", "tagline", "trade", "locale", "time_zone")


class ShopForm(forms.Form):
    """What members and staff read of the shop."""

    name = forms.CharField(
        label=_("Name of the shop"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    tagline = forms.CharField(
        label=_("A line under the name"),
        max_length=60,
        required=False,
        help_text=_("Such as “Café de quartier, Lyon”. It stands on the card."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    trade = forms.ChoiceField(label=_("Trade"), choices=Merchant.Trade.choices)
    locale = forms.ChoiceField(
        label=_("Language"),
        choices=project.LANGUAGES,
        help_text=_("Of the shop itself. Members and staff read in their own."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)


@require_http_methods(["GET", "POST"])
@staff_view(Permission.EDIT_SHOP)
def shop(request: StaffRequest) -> HttpResponse:
    """The form; a change answers with a redirect."""
    merchant = request.merchant
    kept = {field: getattr(merchant, field) for field in FIELDS}
    form = ShopForm(request.POST if request.method == "POST" else None, initial=kept, auto_id="shop_%s")
    if form.is_valid():
        try:
            change_shop(merchant=merchant, actor=request.staff, **form.cleaned_data)
            messages.success(request, gettext("The shop is changed."))
            return redirect("dashboard-settings", merchant.slug)
        except DomainError as refusal:
            show_at_field(form, refusal)
    context = page_context(request, "settings") | {"form": form, "tab": "shop"}
    return render(request, "dashboard/settings.html", context, status=422 if form.errors else 200)
