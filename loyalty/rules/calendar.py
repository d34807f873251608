"""Moments of a place's own calendar. No clock: the same day and zone, the same moment."""

import bisect
import datetime as dt
import zoneinfo


def local(moment: dt.datetime, zone: str) -> dt.datetime:
    """The same moment by the clocks of a place: rules ask for its day and its hour."""
    return moment.astimezone(zoneinfo.ZoneInfo(zone))


def local_day(moment: dt.datetime, zone: str) -> dt.date:
    """The day of a place's calendar in which a moment lies."""
    return local(moment, zone).date()


def local_text(moment: dt.datetime, zone: str) -> str:
    """RFC 3339 with the offset of the place, to the second."""
    return local(moment, zone).isoformat(timespec="seconds")


def end_of_day(day: dt.date, zone: str) -> dt.datetime:
    """The first moment of the next day in `zone` (a name such as Europe/Paris), in UTC: what is good until the end of
    `day` is dead from then on.

    Where clocks change around midnight: if midnight does not exist, the moment to which clocks leap; if it comes twice,
    the first, unless clocks go back into `day` itself: then it is over when it is over for good. A day that a place
    left out is over as it begins. Raises ZoneInfoNotFoundError, OverflowError at the end of the calendar.
    """
    place = zoneinfo.ZoneInfo(zone)
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), place)
    first, second = (midnight.replace(fold=fold).astimezone(dt.UTC) for fold in (0, 1))
    if first > second:  # clocks leap over midnight, at some moment between the two
        seconds = range(int(second.timestamp()), int(first.timestamp()) + 1)
        leap = bisect.bisect_right(seconds, day, key=lambda second: _day_at(second, place))
        return dt.datetime.fromtimestamp(seconds[leap], dt.UTC)
    return second if _day_at(second.timestamp() - 1, place) == day else first


def last_day_before(moment: dt.datetime, zone: str) -> dt.date:
    """The last day on which something is good that is dead from this moment on: what ends at midnight ends the day before."""
    return local_day(moment - dt.timedelta(microseconds=1), zone)


def _day_at(timestamp: float, place: zoneinfo.ZoneInfo) -> dt.date:
    return dt.datetime.fromtimestamp(timestamp, place).date()
