"""Days as people write them."""

import datetime as dt

from babel.dates import format_date
from django.utils.translation import gettext


def say_date(day: dt.date, pattern: str, language: str) -> str:
    """A day by a pattern of CLDR's that has a `d`: "1 June 2026" by "d MMMM y". French counts the first: "1er juin 2026"."""
    if language == "fr" and day.day == 1:
        pattern = pattern.replace("d", "d'er'")
    return str(format_date(day, pattern, locale=language))


def say_hour(moment: dt.datetime, today: dt.date, language: str) -> str:
    """ "14:05"; of another day "14:05 on 3 May". `moment` is by the clocks of the place where that is today."""
    clock = f"{moment:%H:%M}"
    if moment.date() == today:
        return clock
    day = say_date(moment.date(), "d MMMM", language)
    return gettext("%(clock)s on %(day)s") % {"clock": clock, "day": day}
