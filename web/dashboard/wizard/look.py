"""Colour and logo in the wizard: the forms of the settings, on the way to the poster."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core import tenancy
from core.errors import DomainError
from merchants import logos
from merchants.access import Permission
from merchants.shop import change_colour
from web.access import StaffRequest, staff_view
from web.dashboard.branding import ColourForm, LogoForm, keep_logo, read_palette
from web.dashboard.wizard.steps import around, onward, route, setup_of
from web.errors import show_at_field
from web.parts import form_of, render_part
from web.uploads import takes_file

STEP = "look"
PAGE = route(STEP)


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view(Permission.EDIT_SHOP)
def look(request: StaffRequest) -> HttpResponse:
    """Posting keeps the colour; `?brand_colour=` tries one."""
    tried = request.GET.get("brand_colour", request.merchant.brand_colour)
    form = ColourForm(request.POST or None, initial={"brand_colour": tried}, auto_id="branding_%s")
    if form.is_valid():
        try:
            change_colour(merchant=request.merchant, actor=request.staff, **form.cleaned_data)
            return onward(request, STEP)
        except DomainError as refusal:
            show_at_field(form, refusal)
    return _show(request, {"colour_form": form}, tried, refused=bool(form.errors))


@csrf_exempt  # checked by `takes_file`, once it is clear whose request this is
@form_of(PAGE)
@staff_view(Permission.EDIT_SHOP, scoped=False)
@takes_file(logos.MOST_BYTES)
def logo(request: StaffRequest) -> HttpResponse:
    """Keep a picture as the logo, and stay here to see it. Outside the scope, as in the settings."""
    form = LogoForm(request.POST, request.FILES, auto_id="logo_%s")
    if keep_logo(request, form):
        return redirect(PAGE, request.merchant.slug)
    with tenancy.scope(request.merchant.id):
        return _show(request, {"logo_form": form}, request.merchant.brand_colour, refused=True)


def _show(request: StaffRequest, said: dict[str, Any], tried: str, *, refused: bool) -> HttpResponse:
    merchant = request.merchant
    initial = {"brand_colour": merchant.brand_colour}
    forms = {
        "colour_form": ColourForm(initial=initial, auto_id="branding_%s"),
        "logo_form": LogoForm(auto_id="logo_%s"),
    }
    context = around(request, STEP, setup_of()) | forms | said | {
        "palette": read_palette(tried, merchant.brand_colour)
    }  # fmt: skip
    return render_part(
        request, "dashboard/wizard/look.html", "tried", context, status=422 if refused else 200
    )
