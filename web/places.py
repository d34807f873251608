"""A shop's locations as members read them: address, map, hours in their language, open now or not; or their names alone."""

import zoneinfo
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from core.languages import reader_language
from loyalty.codes.queries import batch_names
from loyalty.wording.reader import Places
from merchants import hours, queries
from merchants.locations import map_link
from merchants.models import Location, Merchant


class Known(dict[str, str]):
    """What sentences may name: locations by their id; `batches` are those of codes, newest first, read when one is asked."""

    def batches(self) -> list[str]:
        """In the merchant's scope. One query."""
        return batch_names()


def names_by_id(places: Iterable[Location] | None = None) -> Known:
    """Names of the open locations of the merchant in whose scope this runs, for rules that name them. One query, or none with
    `places`, all of them."""
    return Known({str(place.id): place.name for place in (queries.locations() if places is None else places)})


def batches_known(places: Places) -> list[str]:
    """Names of batches of codes, where whoever asks knows of any."""
    return places.batches() if isinstance(places, Known) else []


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
