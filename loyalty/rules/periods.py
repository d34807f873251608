"""Periods of a shop's calendar, and their names: what a quota or a goal is counted under. Names of one kind sort by time."""

import datetime as dt
from functools import lru_cache

from loyalty.rules.types import Period


@lru_cache(maxsize=256)  # thirty rules ask for the same day in a row
def period_key(period: Period, day: dt.date) -> str:
    """The name of the period in which a day lies: 2026-11-22, 2026-W47 (as ISO 8601 counts weeks), 2026-11, or ever."""
    if period == "day":
        return day.isoformat()
    if period == "week":
        year, week, _weekday = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{day:%Y-%m}" if period == "month" else "ever"


@lru_cache(maxsize=256)
def key_before(period: Period, key: str) -> str | None:
    """The name of the period before; before `ever` there is none."""
    if period == "day":
        return (dt.date.fromisoformat(key) - dt.timedelta(days=1)).isoformat()
    if period == "week":
        return period_key("week", dt.date.fromisoformat(f"{key}-1") - dt.timedelta(days=7))
    if period == "month":
        return period_key("month", dt.date.fromisoformat(f"{key}-01") - dt.timedelta(days=1))
    return None


def first_day_of(period: Period, day: dt.date) -> dt.date:
    """The first day of the day, week or month in which a day lies. What is for ever has none."""
    if period == "week":
        return day - dt.timedelta(days=day.weekday())
    return day.replace(day=1) if period == "month" else day
