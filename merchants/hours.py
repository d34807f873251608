"""Opening hours: read as people type them, kept in minutes, said in the reader's language. It knows no clock of its own.

A week is seven lists of [from, to] in minutes after midnight, Monday first; `to` passes 1440 where a bar closes after
midnight. An empty list stands for a week of which nothing is told.
"""

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import get_day_names
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError

Spans = list[list[int]]
DAY, HOUR = 24 * 60, 60
MOST_SPANS = 4  # a day with more pauses than this is a typing mistake
_TIME = r"([0-9]{1,2})(?:\s*[:.h]\s*([0-9]{2})?)?\s*(am|pm)?"
_SPAN = re.compile(rf"{_TIME}\s*(?:-|to|à|until)\s*{_TIME}")
_CLOSED = {"", "closed", "fermé", "ferme", "-"}
_NARROW = "\u202f"  # between figure and "h" in French


class HoursUnreadable(DomainError):
    """Not spans of time, or spans that overlap."""

    code = "hours_unreadable"
    message = gettext_lazy("Write hours as 8:00–12:30, 14:00–19:00, each span after the one before.")


@dataclass(frozen=True)
class Line:
    """A row of the table of hours: "Mon–Fri", "08:00–19:00", and whether today is in it."""

    days: str
    times: str
    is_today: bool


def read_week(days: Sequence[str]) -> list[Spans]:
    """Seven typed days as a week; empty when none of them says anything. Raises HoursUnreadable at `day_0` to `day_6`."""
    week = [read_day(text, field=f"day_{index}") for index, text in enumerate(days)]
    return week if any(text.strip() for text in days) else []


def read_day(text: str, *, field: str = "day_0") -> Spans:
    """ "8-12h30, 14:00–19:00" as spans, "closed" as none. Raises HoursUnreadable."""
    plain = text.casefold().replace("\u2013", "-").replace("\u2014", "-").replace("\u2212", "-")
    plain = " ".join(plain.split())[:200]
    if plain in _CLOSED:
        return []
    parts = [part.strip() for part in re.split(r"[,;]| and | et |&", plain) if part.strip()]
    found = [_read_span(part, field) for part in parts]
    apart = all(one[1] <= other[0] for one, other in itertools.pairwise(found))
    if not found or len(found) > MOST_SPANS or not apart:
        raise HoursUnreadable(field=field)
    return found


def _read_span(text: str, field: str) -> list[int]:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise HoursUnreadable(field=field)
    begin, end = _minutes(*match.groups()[:3]), _minutes(*match.groups()[3:])
    if begin is None or end is None or begin >= DAY:
        raise HoursUnreadable(field=field)
    return [begin, end if end > begin else end + DAY]


def _minutes(hours: str, minutes: str | None, half: str | None) -> int | None:
    hour, minute = int(hours), int(minutes or 0)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    total = hour * HOUR + minute
    return total if minute < HOUR and total <= DAY else None


def type_day(spans: Spans) -> str:
    """As the field shows it, and reads it again."""
    return ", ".join(f"{_clock(begin)}–{_clock(end)}" for begin, end in spans)


def say_week(week: Sequence[Spans], language: str, today: int) -> list[Line]:
    """The week as few lines as it takes: neighbouring days of the same hours share one. `today` is 0 for Monday."""
    names = get_day_names("abbreviated", locale=language)
    lines: list[Line] = []
    start = 0
    for day in range(len(week)):
        if day + 1 < len(week) and week[day + 1] == week[start]:
            continue
        days = names[start] if day == start else f"{names[start]}–{names[day]}"
        lines.append(Line(days, say_day(week[start], language), start <= today <= day))
        start = day + 1
    return lines


def say_day(spans: Spans, language: str) -> str:
    """ "08:00–12:30, 14:00–19:00"; in French "8 h–12 h 30, 14 h–19 h"."""
    if not spans:
        return _("closed")
    return ", ".join(f"{_say(begin, language)}–{_say(end, language)}" for begin, end in spans)


def is_open(week: Sequence[Spans], moment: dt.datetime) -> bool:
    """Whether the door is open at that local moment; a span that began yesterday may still last."""
    if not week:
        return False
    minute, today = moment.hour * HOUR + moment.minute, moment.weekday()
    return any(begin <= minute < end for begin, end in week[today]) or any(
        minute < end - DAY for _begin, end in week[today - 1]
    )


def _clock(minutes: int) -> str:
    return "24:00" if minutes == DAY else f"{minutes % DAY // HOUR:02}:{minutes % HOUR:02}"


def _say(minutes: int, language: str) -> str:
    if language != "fr":
        return _clock(minutes)
    hour, minute = minutes % DAY // HOUR, minutes % HOUR
    return f"{hour}{_NARROW}h" + (f"{_NARROW}{minute:02}" if minute else "")
