"""Daily figures, kept by events as they are delivered, and rebuilt from the books by the same definition.

A day is the merchant's local day of `occurred_at`. Each event is counted once: the outbox sees to that, in the
same transaction.
"""

import datetime as dt
import zoneinfo

from django.db import connection
from django.utils.dateparse import parse_datetime

from analytics.models import DailyFigure
from core.ids import new_id
from core.models import Event
from core.tenancy import current_merchant_id
from merchants.models import Merchant

ADD = """
INSERT INTO analytics_dailyfigure AS f
    (merchant_id, id, day, purchases, spend_minor, units_given, units_used, joined)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (merchant_id, day) DO UPDATE SET
    purchases = f.purchases + excluded.purchases, spend_minor = f.spend_minor + excluded.spend_minor,
    units_given = f.units_given + excluded.units_given, units_used = f.units_used + excluded.units_used,
    joined = f.joined + excluded.joined
"""
COUNTS = ("purchases", "spend_minor", "units_given", "units_used", "joined")


def count_purchase(event: Event) -> None:
    """`purchase.recorded`: one more visit, and its money."""
    _add(event, purchases=1, spend_minor=event.payload["amount_minor"])


def count_units_given(event: Event) -> None:
    """`points.earned`: units given, by whatever rule."""
    _add(event, units_given=event.payload["amount"])


def count_units_used(event: Event) -> None:
    """`points.spent`."""
    _add(event, units_used=event.payload["amount"])


def count_member(event: Event) -> None:
    """`member.joined`."""
    _add(event, joined=1)


def local_day(moment: dt.datetime, merchant: Merchant) -> dt.date:
    """The calendar day at the merchant's."""
    return moment.astimezone(zoneinfo.ZoneInfo(merchant.time_zone)).date()


def _add(event: Event, **counts: int) -> None:
    moment = parse_datetime(event.payload["occurred_at"])
    assert moment is not None  # our own events
    day = local_day(moment, Merchant.objects.get(id=current_merchant_id()))
    with connection.cursor() as cursor:
        cursor.execute(ADD, [current_merchant_id(), new_id(), day, *(counts.get(name, 0) for name in COUNTS)])


REBUILD = """
WITH zone AS (SELECT time_zone FROM merchants_merchant WHERE id = %(merchant)s),
facts AS (
    SELECT (p.occurred_at AT TIME ZONE zone.time_zone)::date AS day,
           1 AS purchases, p.amount_minor AS spend_minor, 0::bigint AS units_given, 0::bigint AS units_used, 0 AS joined
    FROM loyalty_purchase p, zone WHERE p.merchant_id = %(merchant)s
    UNION ALL
    SELECT (e.occurred_at AT TIME ZONE zone.time_zone)::date, 0, 0,
           CASE e.kind WHEN 'award' THEN e.amount ELSE 0 END, CASE e.kind WHEN 'spend' THEN e.amount ELSE 0 END, 0
    FROM ledger_entry e, zone WHERE e.merchant_id = %(merchant)s AND e.outcome = 'posted'
    UNION ALL
    SELECT (m.joined_at AT TIME ZONE zone.time_zone)::date, 0, 0, 0, 0, 1
    FROM members_member m, zone WHERE m.merchant_id = %(merchant)s
)
INSERT INTO analytics_dailyfigure (merchant_id, id, day, purchases, spend_minor, units_given, units_used, joined)
SELECT %(merchant)s, gen_random_uuid(), day, sum(purchases), sum(spend_minor), sum(units_given), sum(units_used),
       sum(joined)
FROM facts WHERE day BETWEEN %(since)s AND %(until)s
GROUP BY day
"""


def rebuild(since: dt.date, until: dt.date) -> int:
    """Count the days from `since` to `until`, both included, anew from purchases, books and members.

    Only while no event of these days waits in the outbox: it would be counted twice. Returns how many days have figures.
    """
    with connection.cursor() as cursor:
        DailyFigure.objects.filter(day__range=(since, until)).delete()
        cursor.execute(REBUILD, {"merchant": current_merchant_id(), "since": since, "until": until})
        return int(cursor.rowcount)
