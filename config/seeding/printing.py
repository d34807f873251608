"""The codes that hang at a seeded shop, how they look, and what came of them in the last weeks: for the QR studio to show."""

import datetime as dt
import zoneinfo
from collections import Counter
from contextlib import suppress
from random import Random
from uuid import UUID

from core.ids import new_id
from loyalty.rules.calendar import local_day
from members.models import Member
from merchants.models import Merchant
from merchants.queries import locations
from studio.designing import make_default, save_design
from studio.drawing.presets import PRESETS, from_brand
from studio.links import NewLink, make_link, poster_link, stop_link
from studio.models import Arrival, Link, LinkDay
from studio.proving import prove
from studio.refusals import DesignFails

HUNG_DAYS = 42


def hang_codes(*, merchant: Merchant, partner: str, now: dt.datetime) -> None:
    """A poster at each location, a table, a partner's shelf, and last year's leaflet, in the shop's own design. In the merchant's scope."""
    rng = Random(f"{merchant.name} codes")
    places = list(locations())
    posters = [poster_link(place) for place in places]
    table = make_link(asked=NewLink("table", "Terrasse", location_id=places[0].id), actor_id=None)
    shelf = make_link(asked=NewLink("join", "Rayon petit-déjeuner", partner=partner), actor_id=None)
    leaflet = make_link(asked=NewLink("join", "Tract de Noël", campaign="Noël"), actor_id=None)
    stop_link(link_id=leaflet.id, actor_id=None)
    hung = [*posters, table, shelf]
    hung_at = now - dt.timedelta(days=HUNG_DAYS)
    Link.objects.update(made_at=hung_at)
    came = _arrive(hung, merchant, hung_at, rng)
    first = hung_at.astimezone(zoneinfo.ZoneInfo(merchant.time_zone)).date()
    days = [
        _day(link, first + dt.timedelta(days=number), came, rng)
        for link in hung
        for number in range(HUNG_DAYS + 1)
    ]
    LinkDay.objects.bulk_create(day for day in days if day.scans)
    _design(merchant)


def _arrive(
    hung: list[Link], merchant: Merchant, since: dt.datetime, rng: Random
) -> Counter[tuple[UUID, dt.date]]:
    """Most of those who joined since then came by one that hangs where they joined, or by the partner's."""
    arrivals = []
    joined = Member.objects.filter(joined_at__gte=since).order_by("joined_at", "id")
    for member in joined:
        near = [link for link in hung if link.location_id in (None, member.location_id)]
        if rng.random() < 0.8:
            day = local_day(member.joined_at, merchant.time_zone)
            arrivals.append(Arrival(id=new_id(), link=rng.choice(near), member=member, day=day))
    Arrival.objects.bulk_create(arrivals)
    return Counter((arrival.link.id, arrival.day) for arrival in arrivals)


def _design(merchant: Merchant) -> None:
    """Two saved designs: the counter's, which all its codes have, and the autumn's."""
    counter = save_design(
        merchant=merchant, name="Comptoir", design=from_brand(merchant.brand_colour), actor_id=None
    )
    prove(merchant=merchant, version_id=counter.id)
    with suppress(DesignFails):  # its links' letters are drawn by lot: the shop then has its brand's look
        make_default(merchant=merchant, version_id=counter.id, actor_id=None)
    save_design(merchant=merchant, name="Automne", design=PRESETS["autumn"], actor_id=None)


def _day(link: Link, day: dt.date, came: Counter[tuple[UUID, dt.date]], rng: Random) -> LinkDay:
    """Twice as many scanned it as joined by it, and some who have a card."""
    joined = came[link.id, day]
    opened = 2 * joined + rng.randrange(5)
    return LinkDay(link=link, day=day, scans=opened + rng.randrange(3), opened=opened)
