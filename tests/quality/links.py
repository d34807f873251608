"""Printed links for the pages that show some: a poster, a partner's by which many came, and one that was stopped."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from core.ids import new_id
from loyalty.membership.joining import enrol_member
from members.models import Member
from studio.links import NewLink, letters_of, make_link, poster_link, stop_link
from studio.models import Arrival, Link, LinkDay
from tests.world import World, buy, today_at


def some_links(world: World) -> tuple[UUID, str]:
    """The partner's, and the path of the one that was stopped; in the shop's scope. A house that is kept has them already."""
    made = Link.objects.filter(partner="Oatly").first() or _partners(world)
    over = Link.objects.filter(stopped_at__isnull=False).first() or _stopped()
    return made.id, f"/q/{letters_of(world.aroma.number)}/{over.letters}"


def _partners(world: World) -> Link:
    """Scanned on some days, by which two joined, of whom one has bought."""
    poster = poster_link(world.croix_rousse)
    made = make_link(
        asked=NewLink("join", "Oat milk, the spring shelf", partner="Oatly", campaign="Spring"), actor_id=None
    )
    table = make_link(
        asked=NewLink("table", "Table 7 by the window", location_id=world.croix_rousse.id), actor_id=None
    )
    today = today_at(world.aroma)
    for ago, scans in enumerate((14, 31, 9, 22, 40)):
        LinkDay.objects.create(
            link=made, day=today - dt.timedelta(days=ago), scans=scans, opened=scans * 3 // 4
        )
    LinkDay.objects.update_or_create(link=poster, day=today, defaults={"scans": 1_204, "opened": 980})
    LinkDay.objects.create(link=table, day=today, scans=6, opened=6)
    friends = [_newcomer(world, name) for name in ("Nour", "Théo")]
    Arrival.objects.bulk_create([Arrival(id=new_id(), link=made, member=each, day=today) for each in friends])
    buy(world.aroma, friends[0], 900)
    return made


def _newcomer(world: World, name: str) -> Member:
    phone = f"+336{20_000_000 + Member.objects.count()}"
    return enrol_member(
        merchant=world.aroma, name=name, phone=phone, source="join", joined_at=timezone.now()
    ).member


def _stopped() -> Link:
    over = make_link(asked=NewLink("join", "Leaflet in the market hall", campaign="Winter"), actor_id=None)
    return stop_link(link_id=over.id, actor_id=None)
