"""When units vest and when they die, by the calendar of the shop, and how far a visit carries them. Pure: days in, moments out.

Units are good until the end of a local day, so nobody loses any in the middle of an evening. What was given by one expiry
keeps the moment that it was given; only a visit, and a change of the expiry, carry it further, and nothing brings it nearer.
"""

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from loyalty.rules.calendar import end_of_day, local_day
from loyalty.rules.shapes import LARGEST_MINOR, Wrong, out_of_range
from loyalty.rules.types import NEVER, Expiring, Expiry, Unit, Version, Vesting

DAY = dt.timedelta(days=1)
LONGEST_DAYS, LONGEST_MONTHS = 3650, 120  # ten years: what is good for longer is good for ever
LONGEST_VESTING = 366
MOST_WORTH = 1_000_000  # units in "100 points = €5"
# To how many months an end is rounded up.
_ENDS = {"end_of_month": 1, "end_of_quarter": 3, "end_of_year": 12}
_end_of_day = lru_cache(maxsize=1024)(end_of_day)  # every purchase of a day asks for the same few


def last_day(expiry: Expiry, day: dt.date) -> dt.date | None:
    """The last day on which units are good that were given on `day`; for inactivity, whose member came on that day.

    None: they are good for ever. A month after 31 January is the last of February.
    """
    if expiry.kind == "never":
        return None
    if expiry.kind in ("days", "inactivity"):
        return day + dt.timedelta(days=expiry.count)
    later = months_after(day, expiry.count)
    if expiry.kind == "months":
        return later
    step = _ENDS[expiry.kind]
    month = (later.month + step - 1) // step * step
    return later.replace(month=month, day=calendar.monthrange(later.year, month)[1])


def dies_at(unit: Unit, day: dt.date, zone: str) -> dt.datetime | None:
    """The moment from which units are dead that were given on `day`, in UTC; None for never. Raises as `end_of_day`."""
    last = last_day(unit.expiry, day)
    return None if last is None else _end_of_day(last, zone)


def vests_at(unit: Unit, day: dt.date, zone: str) -> dt.datetime | None:
    """The moment from which units can be used that were given on `day`: the first of a day, in UTC. None where there is no
    such moment: they can be used at once, or somebody has to say so.
    """
    if unit.vesting != "days":
        return None
    return _end_of_day(day + dt.timedelta(days=unit.vesting_days) - DAY, zone)


def shortest_days(expiry: Expiry) -> int | None:
    """On how many days after the one on which they were given units are good, at least; None for ever."""
    if expiry.kind == "never":
        return None
    if expiry.kind in ("days", "inactivity"):
        return expiry.count
    return 28 * expiry.count  # the shortest months there are


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Lasting:
    """Of units that are given: usable from `vests_at`, or (`is_pending` without it) once somebody says so; dead from
    `expires_at` on. `is_dead`: they are already, for they were given long ago.
    """

    expires_at: dt.datetime | None = None
    vests_at: dt.datetime | None = None
    is_pending: bool = False
    is_dead: bool = False


FOR_EVER = Lasting()


def lasting_of(
    unit: Unit, given_at: dt.datetime, zone: str, now: dt.datetime, visited_at: dt.datetime | None = None
) -> Lasting:
    """Of units given at that moment in a shop of that zone. What has vested since is not pending any more.

    `visited_at`: the member's newest visit, where it is known; it may be later than what a till brings late.
    """
    if unit.expiry == NEVER and unit.vesting == "at_once":
        return FOR_EVER
    day = local_day(given_at, zone)
    dies, vests = _dies_at(unit, given_at, visited_at, zone), vests_at(unit, day, zone)
    is_pending = unit.vesting == "on_confirmation" or (vests is not None and vests > now)
    return Lasting(dies, vests if is_pending else None, is_pending, dies is not None and dies <= now)


def lastings_of(
    version: Version,
    given_at: dt.datetime,
    zone: str,
    now: dt.datetime,
    visited_at: dt.datetime | None = None,
) -> Mapping[str, Lasting]:
    """As `lasting_of`, by unit; without those that can be used at once and for ever."""
    return {
        unit.id: lasting_of(unit, given_at, zone, now, visited_at)
        for unit in version.units
        if unit.expiry != NEVER or unit.vesting != "at_once"
    }


def carried_until(
    version: Version, came_at: dt.datetime, zone: str, visited_at: dt.datetime | None = None
) -> Mapping[str, dt.datetime]:
    """Until when a visit lets units live that die by inactivity, by unit. `visited_at`: as in `lasting_of`."""
    found = {}
    for unit in version.units:
        if unit.expiry.kind == "inactivity":
            until = _dies_at(unit, came_at, visited_at, zone)
            assert until is not None  # only what is good for ever has no end
            found[unit.id] = until
    return found


def _dies_at(
    unit: Unit, given_at: dt.datetime, visited_at: dt.datetime | None, zone: str
) -> dt.datetime | None:
    """By inactivity: counted from a newer visit, if that one came in time."""
    dies = dies_at(unit, local_day(given_at, zone), zone)
    if unit.expiry.kind == "inactivity" and visited_at and dies and given_at < visited_at < dies:
        return dies_at(unit, local_day(visited_at, zone), zone)
    return dies


def wrongs(unit: Unit) -> Iterator[tuple[str, Wrong]]:
    """What is wrong with how long a unit lives and what it is worth, each with its field."""
    if unit.expiry.kind not in get_args(Expiring):
        yield "expiry.kind", ("unknown_kind", {"given": unit.expiry.kind})
    elif unit.vesting not in get_args(Vesting):
        yield "vesting", ("unknown_kind", {"given": unit.vesting})
    else:
        yield from _lives_wrongly(unit)
    if unit.worth:
        yield from _named("worth.units", out_of_range(unit.worth.units, 1, MOST_WORTH))
        yield from _named("worth.minor", out_of_range(unit.worth.minor, 1, LARGEST_MINOR))


def _lives_wrongly(unit: Unit) -> Iterator[tuple[str, Wrong]]:
    expiry, wrong = unit.expiry, None
    if expiry.kind in ("days", "inactivity"):
        wrong = out_of_range(expiry.count, 1, LONGEST_DAYS)
    elif expiry.kind != "never":
        wrong = out_of_range(expiry.count, 0 if expiry.kind in _ENDS else 1, LONGEST_MONTHS)
    yield from _named("expiry.count", wrong)
    if unit.vesting == "days":
        late = out_of_range(unit.vesting_days, 1, LONGEST_VESTING)
        yield from _named("vesting_days", late)
        least = shortest_days(expiry)
        if not wrong and not late and least is not None and unit.vesting_days > least:
            yield "vesting_days", ("dies_before_it_vests", {})


def _named(field: str, wrong: Wrong | None) -> Iterator[tuple[str, Wrong]]:
    if wrong:
        yield field, wrong
