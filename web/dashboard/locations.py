"""Locations: the list, and a further one."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.ids import public_id
from merchants import onboarding, queries
from merchants.access import Permission
from web.access import StaffRequest, page_context, staff_view
from web.errors import show_at_field


class LocationForm(forms.Form):
    """A place where scans happen."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As members know it: the street, the quarter.")
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)


@require_http_methods(["GET", "POST"])
@staff_view(Permission.EDIT_LOCATIONS)
def locations(request: StaffRequest) -> HttpResponse:
    """All open locations; posting adds one."""
    form = LocationForm(request.POST if request.method == "POST" else None, auto_id="location_%s")
    if form.is_valid():
        try:
            location = onboarding.add_location(**form.cleaned_data)
            messages.success(request, gettext("%(location)s is added.") % {"location": location.name})
            return redirect("dashboard-locations", request.merchant.slug)
        except DomainError as refusal:
            show_at_field(form, refusal)
    places = [{"place": place, "at": public_id("loc", place.id)} for place in queries.locations()]
    context = page_context(request, "locations") | {"form": form, "places": places}
    return render(request, "dashboard/locations.html", context, status=422 if form.errors else 200)
