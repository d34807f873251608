"""Locations: added, changed, closed and opened again. A closed one stays: its purchases keep their place."""

from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import DomainError
from core.text import read_text
from merchants.hours import Spans
from merchants.models import Location, StaffMember
from merchants.onboarding import NameMissing, NameTaken

LONGEST_MAP_URL = 500


class LocationUnknown(DomainError):
    """No such location of this merchant's."""

    code = "location_unknown"
    message = _("This location is not there any more.")


class LastLocation(DomainError):
    """Scans happen somewhere."""

    code = "last_location"
    message = _("This is the only location. Add another before you close it.")


class MapLinkUnreadable(DomainError):
    """Not an https address."""

    code = "map_link_unreadable"
    message = _("Paste the address of the map, beginning with https://.")
    field = "map_url"


def add_location(
    *,
    name: str,
    address: str = "",
    map_url: str = "",
    hours: list[Spans] | None = None,
    actor: StaffMember | None = None,
) -> Location:
    """A further location of the current merchant. Raises NameMissing, NameTaken, MapLinkUnreadable."""
    location = Location()
    _write(location, name=name, address=address, map_url=map_url, hours=hours or [])
    _record("location.added", location, actor)
    return location


def change_location(
    *,
    location_id: UUID,
    name: str,
    address: str,
    map_url: str,
    hours: list[Spans],
    actor: StaffMember | None,
) -> Location:
    """Rename, move, or tell other hours. Raises as `add_location`, and LocationUnknown."""
    location = _location(location_id)
    _write(location, name=name, address=address, map_url=map_url, hours=hours)
    _record("location.changed", location, actor)
    return location


def close_location(*, location_id: UUID, actor: StaffMember | None) -> Location:
    """No more scans there, and members no longer read of it. Closing twice changes nothing.

    Raises LocationUnknown, LastLocation.
    """
    open_ones = {place.id: place for place in Location.objects.select_for_update().filter(closed_at=None)}
    location = _location(location_id)
    if location.closed_at is None:
        if set(open_ones) == {location_id}:
            raise LastLocation
        location.closed_at = timezone.now()
        location.save(update_fields=["closed_at"])
        _record("location.closed", location, actor)
    return location


def reopen_location(*, location_id: UUID, actor: StaffMember | None) -> Location:
    """As if it had not been closed. Raises LocationUnknown."""
    location = _location(location_id)
    if location.closed_at is not None:
        location.closed_at = None
        location.save(update_fields=["closed_at"])
        _record("location.reopened", location, actor)
    return location


def map_link(location: Location) -> str:
    """Where a map shows it: the merchant's own link, else a search for the address; empty without either."""
    if location.map_url:
        return location.map_url
    if not location.address:
        return ""
    return f"https://www.openstreetmap.org/search?{urlencode({'query': location.address})}"


def _location(location_id: UUID) -> Location:
    location = Location.objects.select_for_update().filter(id=location_id).first()
    if location is None:
        raise LocationUnknown
    return location


def _write(location: Location, *, name: str, address: str, map_url: str, hours: list[Spans]) -> None:
    location.name = read_text(name, limit=80, field="name")
    if not location.name:
        raise NameMissing
    location.address = read_text(address, limit=200, field="address")
    location.map_url = _read_link(map_url)
    location.hours = hours
    try:
        with transaction.atomic():
            location.save()
    except IntegrityError:
        raise NameTaken from None


def _read_link(text: str) -> str:
    text = read_text(text, limit=LONGEST_MAP_URL, field="map_url")
    if text:
        try:
            parts = urlsplit(text)
        except ValueError:
            raise MapLinkUnreadable from None
        if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or " " in text:
            raise MapLinkUnreadable
    return text


def _record(name: str, location: Location, actor: StaffMember | None) -> None:
    payload: dict[str, Any] = {
        "location": str(location.id),
        "actor": str(actor.id) if actor else None,
    }
    events.record(name, payload)
