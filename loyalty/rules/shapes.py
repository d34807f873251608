"""What may stand in the blanks of a condition: names, whole numbers, days, times of day. Values are plain JSON."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

LARGEST_MINOR = 10**9  # as of any amount of money here
LONGEST_NAME = 60  # of a product, a category, a batch of codes: as long as on a line of a bill
MOST_NAMES = 100

Wrong = tuple[str, Mapping[str, Any]]  # a code, and the figures that its sentence needs


@dataclass(frozen=True, slots=True)
class Shape:
    """What one blank takes. `wrong` answers None for a value that will do; `is_needed`: it may not be left out."""

    wrong: Callable[[Any], Wrong | None]
    is_needed: bool = True


def whole(least: int, most: int) -> Shape:
    """A whole number from one to another, both within."""
    return Shape(lambda value: out_of_range(value, least, most))


def maybe(shape: Shape) -> Shape:
    """The same, where it may be left out."""
    return Shape(shape.wrong, is_needed=False)


def out_of_range(value: Any, least: int, most: int) -> Wrong | None:
    """What is wrong with it as a number from `least` to `most`."""
    if type(value) is int and least <= value <= most:
        return None
    return "out_of_range", {"least": least, "most": most}


def name_wrong(value: Any, longest: int = LONGEST_NAME) -> Wrong | None:
    """What is wrong with it as a name."""
    if not isinstance(value, str) or not value.strip():
        return "name_missing", {}
    return ("name_too_long", {"longest": longest}) if len(value) > longest else None


def _names(value: Any) -> Wrong | None:
    if not isinstance(value, list | tuple) or not value:
        return "none_chosen", {}
    if len(value) > MOST_NAMES:
        return "too_many", {"most": MOST_NAMES}
    return next((wrong for one in value if (wrong := name_wrong(one))), None)


def _small_names(value: Any) -> Wrong | None:
    wrong = _names(value)
    if wrong is None and any(name != name.lower() for name in value):
        return "not_in_small_letters", {}
    return wrong


def _weekdays(value: Any) -> Wrong | None:
    if not isinstance(value, list | tuple) or not value:
        return "none_chosen", {}
    return next((wrong for one in value if (wrong := out_of_range(one, 1, 7))), None)


def _clock(value: Any) -> Wrong | None:
    fine = isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value, re.ASCII)
    return None if fine else ("time_unreadable", {})


def _day(value: Any) -> Wrong | None:
    try:
        fine = isinstance(value, str) and dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        fine = False
    return None if fine else ("day_unreadable", {})


def day_of_year_wrong(value: Any) -> Wrong | None:
    """What is wrong with it as a day of every year, such as 06-30; 29 February is none."""
    return _day(f"2027-{value}") and ("day_of_year_unreadable", {})


def _yes_or_no(value: Any) -> Wrong | None:
    return None if isinstance(value, bool) else ("not_yes_or_no", {})


NAMES = Shape(_names)
SMALL_NAMES = Shape(_small_names)  # as they are compared with the lines of a bill
WEEKDAYS = Shape(_weekdays)
CLOCK = Shape(_clock)
DAY = Shape(_day)
YES_OR_NO = Shape(_yes_or_no)
NAME = Shape(name_wrong)
