"""Birthdays, and anniversaries of joining: given as the day begins where the shop is, to whoever was a member by then.

Once for a person and a year, whatever becomes of the date meanwhile. Who was born or joined on 29 February has the 28th in
other years. After a silence the days that were missed are made up for.
"""

import datetime as dt
import logging
import zoneinfo
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from core import tenancy
from core.jobs import jobs_connection
from loyalty.happenings.occasions import give_once, is_asked_for
from loyalty.models import Programme
from loyalty.programme.publishing import put_due_in_force
from loyalty.rules.calendar import end_of_day, local_day
from loyalty.rules.types import Trigger
from members.queries import members
from merchants.models import Merchant

logger = logging.getLogger(__name__)

MOST_LATE = dt.timedelta(days=31)  # a greeting that comes later is none
DAY = dt.timedelta(days=1)
DUE = """
SELECT p.merchant_id FROM loyalty_programme p JOIN merchants_merchant m ON m.id = p.merchant_id
WHERE p.greeted_on IS NULL OR p.greeted_on < (%(now)s::timestamptz AT TIME ZONE m.time_zone)::date
ORDER BY p.merchant_id
"""


class Greeting(NamedTuple):
    """Whom something reminds of what on which day of the shop's calendar."""

    member_id: UUID
    trigger: Trigger
    day: dt.date


def greet_all() -> int:
    """Greet at every shop where a day began since the last time. Returns how many members got something to be told of.

    Repeating it, or doing it twice at once, does nothing more.
    """
    with jobs_connection() as jobs:
        due = [row[0] for row in jobs.execute(DUE, {"now": timezone.now()})]
    done = 0
    for merchant_id in due:
        try:
            done += greet_members(merchant_id)
        except Exception:  # the edge: the shops behind this one must not wait for it
            logger.exception("nobody was greeted at merchant %s", merchant_id)
    return done


def greet_members(merchant_id: UUID) -> int:
    """Greet the members of one shop up to today, each in a transaction of its own. Returns how many were.

    Where one fails, the days stay due: the others are not greeted again.
    """
    put_due_in_force(merchant_id)
    with tenancy.scope(merchant_id):
        merchant = Merchant.objects.get(id=merchant_id)
        today = local_day(timezone.now(), merchant.time_zone)
        greetings = list(_greetings(merchant, today))
    done = failed = 0
    for greeting in greetings:
        try:
            with tenancy.scope(merchant_id):
                done += give_once(
                    member_id=greeting.member_id,
                    trigger=greeting.trigger,
                    which=str(greeting.day.year),
                    occurred_at=_start_of(greeting.day, merchant),
                )
        except Exception:  # the edge: the members behind this one must not wait for it
            logger.exception("member %s was not greeted", greeting.member_id)
            failed += 1
    if not failed:
        with tenancy.scope(merchant_id):
            Programme.objects.exclude(greeted_on__gt=today).update(greeted_on=today)
    return done


def _greetings(merchant: Merchant, today: dt.date) -> Iterator[Greeting]:
    """Those of each day since the last one greeted; of today alone where there was none yet."""
    last = Programme.objects.values_list("greeted_on", flat=True).get() or today - DAY
    birthdays, anniversaries = is_asked_for("birthday"), is_asked_for("anniversary")
    day = max(last, today - MOST_LATE)
    while (birthdays or anniversaries) and day < today:
        day += DAY
        there = tenancy.all_rows(members()).filter(joined_at__lt=_start_of(day, merchant)).order_by("id")
        if birthdays:
            for member_id in there.filter(_returns("birthday", day)).values_list("id", flat=True):
                yield Greeting(member_id, "birthday", day)
        if anniversaries:
            joined_on = TruncDate("joined_at", tzinfo=zoneinfo.ZoneInfo(merchant.time_zone))
            joined = there.annotate(joined_on=joined_on).filter(_returns("joined_on", day))
            for member_id in joined.values_list("id", flat=True):
                yield Greeting(member_id, "anniversary", day)


def _returns(field: str, day: dt.date) -> Q:
    """That the date in this field has its day in the year on this one, and that it is not its first."""
    same = Q(**{f"{field}__month": day.month, f"{field}__day": day.day})
    if (day.month, day.day) == (2, 28) and (day + DAY).day != 29:
        same |= Q(**{f"{field}__month": 2, f"{field}__day": 29})
    return same & Q(**{f"{field}__lt": day})


def _start_of(day: dt.date, merchant: Merchant) -> dt.datetime:
    return end_of_day(day - DAY, merchant.time_zone)
