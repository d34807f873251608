"""What came of a link: scanned, its page seen, joined, bought. Each person once a day, and nobody followed.

A browser that scans keeps a random word until the shop's day ends, for this merchant's addresses alone. Here only a digest of
it is kept, under a key of this link and day, and only while the shop's day lasts. Who joins says by which link (`member.joined`); from then on the shop knows
the member, and whether it bought is asked of its purchases. Nothing ties a member to a scan.
"""

import datetime as dt
import hmac
import logging
import zoneinfo
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4  # noqa: TID251  random where a key must not tell its moment

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from core import tenancy
from core.jobs import jobs_connection
from core.models import Event
from core.tenancy import current_merchant_id
from loyalty.models import Purchase
from loyalty.rules.calendar import local_day
from merchants.models import Merchant
from studio.models import Arrival, Link, LinkDay, Visit

logger = logging.getLogger(__name__)

DUE = """
SELECT DISTINCT v.merchant_id FROM studio_visit v JOIN merchants_merchant m ON m.id = v.merchant_id
WHERE v.day < (%(now)s::timestamptz AT TIME ZONE m.time_zone)::date
"""
SCAN = """
WITH first AS (
    INSERT INTO studio_visit (merchant_id, id, link_id, day, visitor, opened)
    VALUES (%(merchant)s, %(visit)s, %(link)s, %(day)s, %(visitor)s, false)
    ON CONFLICT DO NOTHING RETURNING id
)
INSERT INTO studio_linkday AS d (merchant_id, id, link_id, day, scans, opened)
SELECT %(merchant)s, %(row)s, %(link)s, %(day)s, 1, 0 FROM first
ON CONFLICT (merchant_id, link_id, day) DO UPDATE SET scans = d.scans + 1
RETURNING d.scans
"""
OPENED = """
WITH first AS (
    UPDATE studio_visit SET opened = true
    WHERE merchant_id = %(merchant)s AND link_id = %(link)s AND day = %(day)s AND visitor = %(visitor)s AND NOT opened
    RETURNING id
)
UPDATE studio_linkday d SET opened = d.opened + 1 FROM first
WHERE d.merchant_id = %(merchant)s AND d.link_id = %(link)s AND d.day = %(day)s
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """How many people got how far. `bought` is of those who joined: by now, whenever they joined."""

    scans: int = 0
    opened: int = 0
    joined: int = 0
    bought: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.scans + other.scans,
            self.opened + other.opened,
            self.joined + other.joined,
            self.bought + other.bought,
        )


def count_scan(link: Link, merchant: Merchant, word: str, at: dt.datetime) -> None:
    """Somebody's camera followed the link: counted, unless this browser's `word` was today. In the merchant's scope."""
    day = local_day(at, merchant.time_zone)
    # Our usual ids tell the millisecond at which they were made; who joined a moment later would be known by that.
    if _count(SCAN, link, word, day, visit=uuid4(), row=uuid4()) == 1:
        Visit.objects.filter(day__lt=day).delete()  # over: nobody comes back to them


def count_opened(link: Link, merchant: Merchant, word: str, at: dt.datetime) -> None:
    """Who scanned it today sees the page behind it. For anybody else, and the second time, nothing. In the scope."""
    _count(OPENED, link, word, local_day(at, merchant.time_zone))


def forget_visits() -> int:
    """Delete what tells a second scan, wherever the shop's day of it is over. Returns how many rows those were.

    At every shop, each in a transaction of its own; doing it twice at once does nothing more.
    """
    now, done = timezone.now(), 0
    with jobs_connection() as jobs:
        due = [row[0] for row in jobs.execute(DUE, {"now": now})]
    for merchant_id in due:
        try:
            with tenancy.scope(merchant_id):
                today = local_day(now, Merchant.objects.get(id=merchant_id).time_zone)
                done += Visit.objects.filter(day__lt=today).delete()[0]
        except Exception:  # the edge: the shops behind this one must not wait for it
            logger.exception("visits of merchant %s were not forgotten", merchant_id)
    return done


def visitor_of(link: Link, word: str, day: dt.date) -> bytes:
    """A browser's random word as it is kept for a day: without the key it cannot be told from any other 16 bytes."""
    key = hmac.digest(
        settings.SECRET_KEY.encode(),
        b"habitue visit" + link.id.bytes + day.isoformat().encode(),
        "sha256",
    )
    return hmac.digest(key, word.encode(), "sha256")[:16]


def seconds_of_day_left(merchant: Merchant, at: dt.datetime) -> int:
    """Until the shop's midnight; for so long a browser keeps its word."""
    day = local_day(at, merchant.time_zone) + dt.timedelta(days=1)
    midnight = dt.datetime.combine(day, dt.time(), zoneinfo.ZoneInfo(merchant.time_zone))
    return max(1, int((midnight.astimezone(dt.UTC) - at).total_seconds()))


def follow_joined(event: Event) -> None:
    """`member.joined` with its link: one more who arrived by that."""
    if not event.payload.get("link"):
        return
    joined_at = parse_datetime(event.payload["occurred_at"])
    assert joined_at is not None  # our own event
    merchant = Merchant.objects.get(id=current_merchant_id())
    Arrival.objects.create(
        link_id=event.payload["link"],
        member_id=event.payload["member"],
        day=local_day(joined_at, merchant.time_zone),
    )


def figures_of(links: list[Link], since: dt.date | None = None) -> dict[UUID, Figures]:
    """What came of each link; of people who came on the shop's day `since` or later, if it is told. Two queries."""
    found = _figures(links, since, "link_id")
    return {link.id: found.get((link.id,), Figures()) for link in links}


def days_of(links: list[Link], since: dt.date | None = None) -> dict[tuple[UUID, dt.date], Figures]:
    """The same by link and the shop's day, in that order, those on which nobody came left out. Two queries."""
    found = _figures(links, since, "link_id", "day")
    return {(link_id, day): found[link_id, day] for link_id, day in sorted(found)}


def figures_by_day(link: Link, since: dt.date | None = None) -> dict[dt.date, Figures]:
    """The same of one link."""
    return {day: figures for (_link, day), figures in days_of([link], since).items()}


def arrival_of(member_id: UUID) -> Arrival | None:
    """By which link a member joined, with that link."""
    return Arrival.objects.select_related("link").filter(member_id=member_id).first()


def came_by() -> Subquery:
    """What the link is called by which a `member_id` joined, for a query of rows that have one; None for nobody's."""
    return Subquery(Arrival.objects.filter(member_id=OuterRef("member_id")).values("link__label")[:1])


def _figures(links: list[Link], since: dt.date | None, *by: str) -> dict[tuple[Any, ...], Figures]:
    """What came of these links, by these columns; nothing for those by which nobody came. Two queries."""
    mine = Q(link_id__in=[link.id for link in links]) & (Q(day__gte=since) if since else Q())
    seen = LinkDay.objects.filter(mine).values(*by).annotate(s=Sum("scans"), o=Sum("opened"))
    scanned = {tuple(key): (scans, opened) for *key, scans, opened in seen.values_list(*by, "s", "o")}
    came = {
        tuple(key): (joined, bought) for *key, joined, bought in _arrived(Arrival.objects.filter(mine), *by)
    }
    return {
        key: Figures(*scanned.get(key, (0, 0)), *came.get(key, (0, 0)))
        for key in scanned.keys() | came.keys()
    }


def _arrived(arrivals: QuerySet[Arrival], *by: str) -> list[tuple[Any, ...]]:
    """Joined and bought, by these columns. Who was merged since has bought what the one who stays bought afterwards."""
    kept = Purchase.objects.filter(ended_at=None)
    own = Exists(kept.filter(member_id=OuterRef("member_id")))
    as_another = Exists(
        kept.filter(
            member_id=OuterRef("member__merged_into_id"), occurred_at__gte=OuterRef("member__merged_at")
        )
    )
    rows = arrivals.values(*by).annotate(joined=Count("id"), bought=Count("id", filter=own | as_another))
    return list(rows.values_list(*by, "joined", "bought"))


def _count(statement: str, link: Link, word: str, day: dt.date, **more: UUID) -> int:
    """What the statement gives back, 0 for nothing."""
    told: dict[str, Any] = {
        "merchant": link.merchant_id,
        "link": link.id,
        "day": day,
        "visitor": visitor_of(link, word, day),
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        row = cursor.fetchone() if cursor.description else None
    return int(row[0]) if row else 0
