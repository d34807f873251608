"""A shop's locations as members read them: address, map, hours in their language, open now or not; or their names alone."""

import zoneinfo
from typing import Any

from django.utils import timezone

from core.languages import reader_language
from merchants import hours, queries
from merchants.locations import map_link
from merchants.models import Merchant


def names_by_id() -> dict[str, str]:
    """Names of the open locations of the merchant in whose scope this runs, for rules that name them. One query."""
    return {str(place.id): place.name for place in queries.locations()}


def places_of(merchant: Merchant) -> list[dict[str, Any]]:
    """The open locations of the merchant in whose scope this runs, for `card/_hours.html`. Hours are the shop's clock."""
    now = timezone.localtime(timezone=zoneinfo.ZoneInfo(merchant.time_zone))
    return [
        {
            "name": place.name,
            "address": place.address,
            "map": map_link(place),
            "week": hours.say_week(place.hours, reader_language(), now.weekday()),
            "tells_hours": bool(place.hours),
            "is_open": hours.is_open(place.hours, now),
        }
        for place in queries.locations()
    ]
