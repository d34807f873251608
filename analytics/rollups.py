"""Daily figures, kept by events as they are delivered, and rebuilt from the books by the same definition.

A day is the merchant's local day of `occurred_at`. Each event is counted once: the outbox sees to that, in the
same transaction. A purchase that arrives days late does not correct who came back on the days between; rebuilding does.
"""

import datetime as dt
import zoneinfo

from django.db import connection
from django.db.models import F, QuerySet
from django.utils.dateparse import parse_datetime

from analytics.models import DailyFigure
from core.ids import new_id
from core.models import Event
from core.tenancy import current_merchant_id
from loyalty.models import Purchase
from merchants.models import Merchant

ADD = """
INSERT INTO analytics_dailyfigure AS f
    (merchant_id, id, day, purchases, spend_minor, units_given, units_used, joined, visitors, returned)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (merchant_id, day) DO UPDATE SET
    purchases = f.purchases + excluded.purchases, spend_minor = f.spend_minor + excluded.spend_minor,
    units_given = f.units_given + excluded.units_given, units_used = f.units_used + excluded.units_used,
    joined = f.joined + excluded.joined,
    visitors = f.visitors + excluded.visitors, returned = f.returned + excluded.returned
"""
COUNTS = ("purchases", "spend_minor", "units_given", "units_used", "joined", "visitors", "returned")
# How long somebody who came is expected back; `kpis` tells it to the reader.
RETURN_DAYS = 30


class NotCountedYet(RuntimeError):
    """What is to be taken out of a day is not in it yet: the outbox tries again."""


def count_purchase(event: Event) -> None:
    """`purchase.recorded`: one more visit, and its money; and one more visitor, if it is the member's first that day."""
    merchant = Merchant.objects.get(id=current_merchant_id())
    day = local_day(_moment(event), merchant)
    theirs = Purchase.objects.filter(member_id=event.payload["member"], cancelled_at=None)
    # Ids grow as purchases are recorded: of several on a day, exactly one finds none before it.
    is_first = not _on(theirs, day, merchant).filter(id__lt=event.payload["purchase"]).exists()
    came_before = is_first and _before(theirs, day, merchant).exists()
    money = event.payload["amount_minor"]
    _add(day, purchases=1, spend_minor=money, visitors=int(is_first), returned=int(came_before))


def take_out_purchase(event: Event) -> None:
    """`purchase.cancelled`: the day of the purchase as if it had not been made, its units included.

    Delivered before `purchase.recorded` it finds nothing to take from; it fails then, and is delivered again later.
    """
    merchant = Merchant.objects.get(id=current_merchant_id())
    day = local_day(_moment(event), merchant)
    theirs = Purchase.objects.filter(member_id=event.payload["member"], cancelled_at=None)
    was_only = not _on(theirs, day, merchant).exists()
    came_before = was_only and _before(theirs, day, merchant).exists()
    found = DailyFigure.objects.filter(day=day, purchases__gte=1).update(
        purchases=F("purchases") - 1,
        spend_minor=F("spend_minor") - event.payload["amount_minor"],
        units_given=F("units_given") - event.payload["taken_back"],
        visitors=F("visitors") - int(was_only),
        returned=F("returned") - int(came_before),
    )
    if not found:
        raise NotCountedYet


def count_units_given(event: Event) -> None:
    """`points.earned`: units given, by whatever rule."""
    _add(_day_of(event), units_given=event.payload["amount"])


def count_units_used(event: Event) -> None:
    """`points.spent`."""
    _add(_day_of(event), units_used=event.payload["amount"])


def count_member(event: Event) -> None:
    """`member.joined`."""
    _add(_day_of(event), joined=1)


def local_day(moment: dt.datetime, merchant: Merchant) -> dt.date:
    """The calendar day at the merchant's."""
    return moment.astimezone(zoneinfo.ZoneInfo(merchant.time_zone)).date()


def _on(theirs: QuerySet[Purchase], day: dt.date, merchant: Merchant) -> QuerySet[Purchase]:
    return theirs.filter(
        occurred_at__gte=_begins(day, merchant),
        occurred_at__lt=_begins(day + dt.timedelta(days=1), merchant),
    )


def _before(theirs: QuerySet[Purchase], day: dt.date, merchant: Merchant) -> QuerySet[Purchase]:
    return theirs.filter(
        occurred_at__gte=_begins(day - dt.timedelta(days=RETURN_DAYS), merchant),
        occurred_at__lt=_begins(day, merchant),
    )


def _begins(day: dt.date, merchant: Merchant) -> dt.datetime:
    """The midnight with which a day begins at the merchant's."""
    return dt.datetime.combine(day, dt.time(), zoneinfo.ZoneInfo(merchant.time_zone))


def _moment(event: Event) -> dt.datetime:
    moment = parse_datetime(event.payload["occurred_at"])
    assert moment is not None  # our own events
    return moment


def _day_of(event: Event) -> dt.date:
    return local_day(_moment(event), Merchant.objects.get(id=current_merchant_id()))


def _add(day: dt.date, **counts: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ADD, [current_merchant_id(), new_id(), day, *(counts.get(name, 0) for name in COUNTS)])


REBUILD = """
WITH zone AS (SELECT time_zone FROM merchants_merchant WHERE id = %(merchant)s),
came AS (  -- who came on which day, and on which day before
    SELECT day, lag(day) OVER (PARTITION BY member_id ORDER BY day) AS before
    FROM (SELECT DISTINCT p.member_id, (p.occurred_at AT TIME ZONE zone.time_zone)::date AS day
          FROM loyalty_purchase p, zone
          WHERE p.merchant_id = %(merchant)s AND p.cancelled_at IS NULL AND p.occurred_at >= %(since)s::date - %(return)s - 2) days
),
facts AS (
    SELECT (p.occurred_at AT TIME ZONE zone.time_zone)::date AS day, 1 AS purchases, p.amount_minor AS spend_minor,
           0::bigint AS units_given, 0::bigint AS units_used, 0 AS joined, 0 AS visitors, 0 AS returned
    FROM loyalty_purchase p, zone WHERE p.merchant_id = %(merchant)s AND p.cancelled_at IS NULL
    UNION ALL
    SELECT (e.occurred_at AT TIME ZONE zone.time_zone)::date, 0, 0,
           CASE e.kind WHEN 'award' THEN e.amount ELSE 0 END, CASE e.kind WHEN 'spend' THEN e.amount ELSE 0 END, 0, 0, 0
    FROM zone, ledger_entry e LEFT JOIN loyalty_purchase p ON p.merchant_id = e.merchant_id AND p.id = e.cause_id
    WHERE e.merchant_id = %(merchant)s AND e.outcome = 'posted' AND p.cancelled_at IS NULL
    UNION ALL
    SELECT (m.joined_at AT TIME ZONE zone.time_zone)::date, 0, 0, 0, 0, 1, 0, 0
    FROM members_member m, zone WHERE m.merchant_id = %(merchant)s
    UNION ALL
    SELECT day, 0, 0, 0, 0, 0, 1, CASE WHEN day - before <= %(return)s THEN 1 ELSE 0 END FROM came
)
INSERT INTO analytics_dailyfigure
    (merchant_id, id, day, purchases, spend_minor, units_given, units_used, joined, visitors, returned)
SELECT %(merchant)s, gen_random_uuid(), day, sum(purchases), sum(spend_minor), sum(units_given), sum(units_used),
       sum(joined), sum(visitors), sum(returned)
FROM facts WHERE day BETWEEN %(since)s AND %(until)s
GROUP BY day
"""


def rebuild(since: dt.date, until: dt.date) -> int:
    """Count the days from `since` to `until`, both included, anew from purchases, books and members.

    Only while no event of these days waits in the outbox: it would be counted twice. Returns how many days have figures.
    """
    with connection.cursor() as cursor:
        DailyFigure.objects.filter(day__range=(since, until)).delete()
        cursor.execute(
            REBUILD,
            {"merchant": current_merchant_id(), "since": since, "until": until, "return": RETURN_DAYS},
        )
        return int(cursor.rowcount)
