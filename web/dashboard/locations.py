"""Locations: the list, a further one, and each one's page: name, address, map, hours, closing."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.ids import public_id
from core.languages import reader_language
from merchants import hours, locations, queries
from merchants.access import Permission
from merchants.models import Location
from web.access import StaffRequest, page_context, staff_view
from web.errors import show_at_field
from web.parts import form_of

PAGE = "dashboard-locations"
DAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


class LocationForm(forms.Form):
    """A place where scans happen."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As members know it: the street, the quarter.")
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)


class PlaceForm(LocationForm):
    """The same, with what members read when they look for it: a day of hours is typed in one field."""

    map_url = forms.CharField(
        label=_("Link to a map"),
        required=False,
        max_length=locations.LONGEST_MAP_URL,
        help_text=_("Without one, members get a map that looks for the address."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for index, day in enumerate(DAYS):
            box = forms.TextInput(attrs={"placeholder": _("closed"), "autocomplete": "off"})
            self.fields[f"day_{index}"] = forms.CharField(
                label=day, required=False, max_length=100, widget=box
            )

    def days(self) -> list[Any]:
        """The seven fields."""
        return [self[f"day_{index}"] for index in range(7)]

    def values(self) -> dict[str, Any]:
        """As the verb takes them. Raises HoursUnreadable."""
        typed = [self.cleaned_data[f"day_{index}"] for index in range(7)]
        kept = {name: self.cleaned_data[name] for name in ("name", "address", "map_url")}
        return kept | {"hours": hours.read_week(typed)}


@require_http_methods(["GET", "POST"])
@staff_view(Permission.EDIT_LOCATIONS)
def listing(request: StaffRequest) -> HttpResponse:
    """All open locations; posting adds one."""
    form = LocationForm(request.POST if request.method == "POST" else None, auto_id="location_%s")
    if form.is_valid():
        try:
            location = locations.add_location(actor=request.staff, **form.cleaned_data)
            messages.success(request, gettext("%(location)s is added.") % {"location": location.name})
            return redirect(PAGE, request.merchant.slug)
        except DomainError as refusal:
            show_at_field(form, refusal)
    places = [_row(place) for place in queries.locations()]
    context = page_context(request, "locations") | {"form": form, "places": places}
    return render(request, "dashboard/locations.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@staff_view(Permission.EDIT_LOCATIONS)
def place(request: StaffRequest, location_id: UUID) -> HttpResponse:
    """One location. "Monday for all" fills the form and keeps nothing yet."""
    location = queries.locations().filter(id=location_id).first()
    if location is None:
        raise Http404
    copying = "copy" in request.POST
    form = PlaceForm(_copied(request) if copying else request.POST or None, initial=_typed(location))
    if not copying and form.is_valid():
        try:
            location = locations.change_location(
                location_id=location.id, actor=request.staff, **form.values()
            )
            messages.success(request, gettext("%(location)s is changed.") % {"location": location.name})
            return redirect("dashboard-location", request.merchant.slug, location.id)
        except DomainError as refusal:
            show_at_field(form, refusal)
    context = page_context(request, "locations") | {"form": form, "row": _row(location)}
    status = 422 if form.errors and not copying else 200
    return render(request, "dashboard/location.html", context, status=status)


@form_of(PAGE)
@staff_view(Permission.EDIT_LOCATIONS)
def closure(request: StaffRequest, location_id: UUID) -> HttpResponse:
    """Close a location; the toast takes it back."""
    try:
        location = locations.close_location(location_id=location_id, actor=request.staff)
    except locations.LocationUnknown:
        raise Http404 from None
    except locations.LastLocation as refusal:
        messages.error(request, refusal.detail)
        return redirect("dashboard-location", request.merchant.slug, location_id)
    words = gettext("%(location)s is closed.") % {"location": location.name}
    undo = reverse("dashboard-location-reopening", args=[request.merchant.slug, location.id])
    messages.success(request, words, extra_tags=undo)
    return redirect(PAGE, request.merchant.slug)


@form_of(PAGE)
@staff_view(Permission.EDIT_LOCATIONS)
def reopening(request: StaffRequest, location_id: UUID) -> HttpResponse:
    """Undo a closing."""
    try:
        location = locations.reopen_location(location_id=location_id, actor=request.staff)
    except locations.LocationUnknown:
        raise Http404 from None
    messages.success(request, gettext("%(location)s is open again.") % {"location": location.name})
    return redirect(PAGE, request.merchant.slug)


def _row(place: Location) -> dict[str, Any]:
    today = timezone.localtime().weekday()
    return {
        "place": place,
        "at": public_id("loc", place.id),
        "map": locations.map_link(place),
        "week": hours.say_week(place.hours, reader_language(), today),
    }


def _typed(location: Location) -> dict[str, str]:
    week = location.hours or [[] for _day in DAYS]
    typed = {f"day_{index}": hours.type_day(spans) for index, spans in enumerate(week)}
    return typed | {"name": location.name, "address": location.address, "map_url": location.map_url}


def _copied(request: StaffRequest) -> dict[str, str]:
    monday = request.POST.get("day_0", "")
    kept = {name: request.POST.get(name, "") for name in ("name", "address", "map_url")}
    return kept | {f"day_{index}": monday for index in range(7)}
