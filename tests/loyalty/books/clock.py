"""Moments that matter: ends of days in several places, days on which clocks change, and the moments just beside."""

import datetime as dt
import functools
import zoneinfo

from loyalty.rules.calendar import end_of_day

ZONES = (
    "Europe/Paris",
    "America/New_York",
    "Australia/Lord_Howe",  # by half an hour
    "Asia/Kolkata",  # never, and half an hour beside the others
    "America/Havana",  # midnight is missing in spring and comes twice in autumn
    "Asia/Beirut",  # midnight is missing in spring
)
MICROSECOND = dt.timedelta(microseconds=1)


def today(now: dt.datetime, zone: str) -> dt.date:
    """What a calendar on the wall says there."""
    return now.astimezone(zoneinfo.ZoneInfo(zone)).date()


@functools.cache
def next_change(day: dt.date, zone: str) -> dt.date:
    """The first day from `day` on, within a year, that is not of 24 hours; `day` itself where there is none."""
    days = (day + dt.timedelta(days=number) for number in range(366))
    whole = dt.timedelta(days=1)
    return next((one for one in days if end_of_day(one, zone) - end_of_day(one - whole, zone) != whole), day)


def end_after(now: dt.datetime, zone: str, days: int | str) -> dt.datetime:
    """The end of the day in so many days; of the next day on which clocks change ("change"), or the day before it."""
    day = today(now, zone)
    if isinstance(days, int):
        return end_of_day(day + dt.timedelta(days=days), zone)
    change = next_change(day, zone)
    return end_of_day(max(day, change - dt.timedelta(days=1)) if days == "before change" else change, zone)
