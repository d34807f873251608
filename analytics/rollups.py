"""Daily figures, kept by events as they are delivered, and rebuilt from the books by the same definition.

A day is the merchant's local day of `occurred_at`. Each event is counted once: the outbox sees to that, in the
same transaction. In whatever order they are delivered, the days add up to the same.
"""

import datetime as dt
import zoneinfo
from uuid import UUID

from django.db import connection
from django.db.models import Max, Min
from django.utils.dateparse import parse_datetime

from analytics.models import DailyFigure
from core.ids import first_id_at, new_id
from core.models import Event
from core.tenancy import current_merchant_id
from loyalty.models import Purchase, Unit
from loyalty.queries import undone_at
from loyalty.rules.calendar import local_day
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
COUNTED = (
    *("purchase.recorded", "purchase.cancelled", "purchase.refunded", "member.joined"),
    *("points.earned", "points.taken_back", "points.spent", "points.returned", "units.adjusted"),
)
# How long somebody who came is expected back; `kpis` tells it to the reader.
RETURN_DAYS = 30


class StillBeingCounted(RuntimeError):
    """Events wait that a count from the books holds already: the outbox tries again when they are delivered."""


def count_purchase(event: Event) -> None:
    """`purchase.recorded`: one more visit, and its money; and one more visitor, if it is the member's first that day."""
    own = UUID(event.payload["purchase"])
    _count(event, +1, happened=(own, own))  # its units have events of their own, here and below


def take_out_purchase(event: Event) -> None:
    """`purchase.cancelled`: the day of the purchase as if it had not been made; `purchase.refunded`: less of its money, and
    the same once nothing of it is left.

    Delivered before `purchase.recorded` it leaves less than nothing there, until that comes: `kpis` shows nobody.
    """
    if not event.payload.get("ended", True):
        _add(_day_of(event), spend_minor=-event.payload["amount_minor"])
        return
    ended = Purchase.objects.get(id=event.payload["purchase"])
    assert ended.ended_at is not None
    _count(event, -1, happened=(first_id_at(ended.ended_at), ended.id))


def count_units_given(event: Event) -> None:
    """`points.earned`: units given, by whatever rule; `units.adjusted`: by hand, or with a minus taken."""
    _add_units(_day_of(event), event, units_given=event.payload["amount"])


def take_out_units_given(event: Event) -> None:
    """`points.taken_back`: on the day on which they were given."""
    _add_units(_day_undone(event), event, units_given=-event.payload["amount"])


def count_units_used(event: Event) -> None:
    """`points.spent`."""
    _add_units(_day_of(event), event, units_used=event.payload["amount"])


def take_out_units_used(event: Event) -> None:
    """`points.returned`: on the day on which they were used."""
    _add_units(_day_undone(event), event, units_used=-event.payload["amount"])


def count_member(event: Event) -> None:
    """`member.joined`."""
    _add(_day_of(event), joined=1)


def follow_time_zone(event: Event) -> None:
    """`merchant.changed`: in another time zone the days begin at other hours, so all of them are counted anew."""
    kept = DailyFigure.objects.aggregate(first=Min("day"), last=Max("day"))
    if "time_zone" not in event.payload["fields"] or kept["first"] is None:
        return
    rebuild(kept["first"] - dt.timedelta(days=1), kept["last"] + dt.timedelta(days=1))
    # Looked at afterwards: whatever came in between is seen here too.
    if Event.objects.filter(name__in=COUNTED).exclude(done__contains=["rollups"]).exists():
        raise StillBeingCounted


# A purchase's recording happens at its id, which is ordered by time, its end at the id of that time.
Happened = tuple[UUID, UUID]


def _count(event: Event, sign: int, *, happened: Happened) -> None:
    merchant = Merchant.objects.get(id=current_merchant_id())
    day = local_day(_moment(event), merchant.time_zone)
    changes = {day: {"purchases": sign, "spend_minor": sign * event.payload["amount_minor"]}}
    came = _days_of_the_others(event, day, happened, merchant)
    if day not in came:
        changes[day] |= {"visitors": sign, "returned": sign * _is_return(day, came)}
        for later in sorted(other for other in came if other > day):
            if not _is_return(later, came):  # it is one by this visit alone
                changes[later] = {"returned": sign}
    for each, counts in changes.items():
        _add(each, **counts)


def _days_of_the_others(event: Event, day: dt.date, happened: Happened, merchant: Merchant) -> set[dt.date]:
    """The days around this one on which the member came, but for this purchase, as it was when this happened.

    Not as it is now: events are delivered in any order, and each must count what it changed, neither more nor less.
    """
    found = Purchase.objects.filter(
        member_id=event.payload["member"],
        occurred_at__gte=_begins(day - dt.timedelta(days=RETURN_DAYS), merchant),
        occurred_at__lt=_begins(day + dt.timedelta(days=RETURN_DAYS + 1), merchant),
    ).exclude(id=event.payload["purchase"])
    return {
        local_day(other.occurred_at, merchant.time_zone)
        for other in found.only("id", "occurred_at", "ended_at")
        if (other.id, other.id) < happened
        and (other.ended_at is None or happened < (first_id_at(other.ended_at), other.id))
    }


def _is_return(day: dt.date, came: set[dt.date]) -> bool:
    return any(0 < (day - other).days <= RETURN_DAYS for other in came)


def _begins(day: dt.date, merchant: Merchant) -> dt.datetime:
    """The midnight with which a day begins at the merchant's."""
    return dt.datetime.combine(day, dt.time(), zoneinfo.ZoneInfo(merchant.time_zone))


def _moment(event: Event) -> dt.datetime:
    moment = parse_datetime(event.payload["occurred_at"])
    assert moment is not None  # our own events
    return moment


def _day_of(event: Event) -> dt.date:
    return local_day(_moment(event), Merchant.objects.get(id=current_merchant_id()).time_zone)


def _day_undone(event: Event) -> dt.date:
    """The day of what an entry took back or gave back."""
    return local_day(
        undone_at(event.payload["entry"]), Merchant.objects.get(id=current_merchant_id()).time_zone
    )


def _add_units(day: dt.date, event: Event, **counts: int) -> None:
    """Of the programme's first unit only: points and stamps make no sum."""
    if str(event.payload["unit"]) == str(Unit.objects.order_by("position").values_list("id", flat=True)[0]):
        _add(day, **counts)


def _add(day: dt.date, **counts: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ADD, [current_merchant_id(), new_id(), day, *(counts.get(name, 0) for name in COUNTS)])


REBUILD = """
WITH zone AS (SELECT time_zone FROM merchants_merchant WHERE id = %(merchant)s),
came AS (  -- who came on which day, and on which day before
    SELECT day, lag(day) OVER (PARTITION BY member_id ORDER BY day) AS before
    FROM (SELECT DISTINCT p.member_id, (p.occurred_at AT TIME ZONE zone.time_zone)::date AS day
          FROM loyalty_purchase p, zone
          WHERE p.merchant_id = %(merchant)s AND p.ended_at IS NULL AND p.occurred_at >= %(since)s::date - %(return)s - 2) days
),
entries AS (  -- each on its own day, but what undoes another on the day of that one; `sign` is a correction's
    SELECT e.kind, e.amount, coalesce(undone.occurred_at, e.occurred_at) AS occurred_at,
           CASE WHEN m.source = 'issuing' THEN 1 ELSE -1 END AS sign
    FROM ledger_entry e
    JOIN ledger_account a ON a.merchant_id = e.merchant_id AND a.id = e.account_id
    LEFT JOIN ledger_entry undone ON undone.merchant_id = e.merchant_id AND undone.id = e.refers_to
                                 AND e.kind IN ('take_back', 'return')
    LEFT JOIN ledger_movement m ON m.merchant_id = e.merchant_id AND m.account_id = e.account_id AND m.seq = e.last_seq
                               AND e.kind = 'adjust'
    WHERE e.merchant_id = %(merchant)s AND e.outcome = 'posted'
      AND a.unit_id = (SELECT id FROM loyalty_unit WHERE merchant_id = %(merchant)s ORDER BY position LIMIT 1)
      AND e.kind IN ('award', 'take_back', 'adjust', 'spend', 'capture', 'return')
),
facts AS (
    SELECT (p.occurred_at AT TIME ZONE zone.time_zone)::date AS day, 1 AS purchases,
           p.amount_minor - p.refunded_minor AS spend_minor,
           0::bigint AS units_given, 0::bigint AS units_used, 0 AS joined, 0 AS visitors, 0 AS returned
    FROM loyalty_purchase p, zone WHERE p.merchant_id = %(merchant)s AND p.ended_at IS NULL
    UNION ALL
    SELECT (e.occurred_at AT TIME ZONE zone.time_zone)::date, 0, 0,
           CASE e.kind WHEN 'award' THEN e.amount WHEN 'take_back' THEN -e.amount WHEN 'adjust' THEN e.sign * e.amount ELSE 0 END,
           CASE e.kind WHEN 'spend' THEN e.amount WHEN 'capture' THEN e.amount WHEN 'return' THEN -e.amount ELSE 0 END,
           0, 0, 0
    FROM entries e, zone
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
