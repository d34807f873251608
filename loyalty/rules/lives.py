"""From when until when the units live that are given at a moment, and how far a visit carries those that are there. Pure."""

import datetime as dt
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass

from loyalty.rules.expiring import dies_at, vests_at
from loyalty.rules.types import NEVER, Unit, Version


@dataclass(frozen=True, slots=True)
class Life:
    """Of units that are given: usable from `vests_at`, or (`is_pending` without it) once somebody says so; dead from
    `expires_at` on. `is_dead`: they are already, for they were given long ago.
    """

    expires_at: dt.datetime | None = None
    vests_at: dt.datetime | None = None
    is_pending: bool = False
    is_dead: bool = False


FOR_EVER = Life()


def life_of(
    unit: Unit, given_at: dt.datetime, zone: str, now: dt.datetime, visited_at: dt.datetime | None = None
) -> Life:
    """Of units given at that moment in a shop of that zone. What has vested since is not pending any more.

    `visited_at`: the member's newest visit, where it is known; it may be later than what a till brings late.
    """
    if unit.expiry == NEVER and unit.vesting == "at_once":
        return FOR_EVER
    day = _day(given_at, zone)
    dies, vests = _dies_at(unit, given_at, visited_at, zone), vests_at(unit, day, zone)
    is_pending = unit.vesting == "on_confirmation" or (vests is not None and vests > now)
    return Life(dies, vests if is_pending else None, is_pending, dies is not None and dies <= now)


def lives_of(
    version: Version,
    given_at: dt.datetime,
    zone: str,
    now: dt.datetime,
    visited_at: dt.datetime | None = None,
) -> Mapping[str, Life]:
    """As `life_of`, by unit; without those that can be used at once and for ever."""
    return {
        unit.id: life_of(unit, given_at, zone, now, visited_at)
        for unit in version.units
        if unit.expiry != NEVER or unit.vesting != "at_once"
    }


def carried_until(
    version: Version, came_at: dt.datetime, zone: str, visited_at: dt.datetime | None = None
) -> Mapping[str, dt.datetime]:
    """Until when a visit lets units live that die by inactivity, by unit. `visited_at`: as in `life_of`."""
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
    dies = dies_at(unit, _day(given_at, zone), zone)
    if unit.expiry.kind == "inactivity" and visited_at and dies and given_at < visited_at < dies:
        return dies_at(unit, _day(visited_at, zone), zone)
    return dies


def _day(moment: dt.datetime, zone: str) -> dt.date:
    return moment.astimezone(zoneinfo.ZoneInfo(zone)).date()
