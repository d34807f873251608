"""When somebody usually comes, in words, from when they came. It says nothing that a few visits cannot carry."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

ENOUGH = 5  # visits
HALF_A_YEAR = dt.timedelta(days=182)  # habits change with seasons and jobs
USUALLY = 0.5  # of all visits
OFTEN = 0.4  # on one of seven weekdays: nearly three times its share


def comes_on(visits: Sequence[dt.datetime], *, now: dt.datetime) -> str:
    """ "Mondays, before 10"; only the day, or only the time, where the other says nothing; empty without a habit."""
    recent = [timezone.localtime(visit) for visit in visits if now - visit < HALF_A_YEAR]
    if len(recent) < ENOUGH:
        return ""
    said = [word for word in (_days(recent), _time(recent)) if word]
    return ", ".join(said)


def _days(visits: Sequence[dt.datetime]) -> str:
    [(weekday, count)] = Counter(visit.weekday() for visit in visits).most_common(1)
    if count / len(visits) >= OFTEN:
        names = [
            _("Mondays"), _("Tuesdays"), _("Wednesdays"), _("Thursdays"), _("Fridays"), _("Saturdays"), _("Sundays"),
        ]  # fmt: skip
        return names[weekday]
    at_weekends = sum(visit.weekday() >= 5 for visit in visits) / len(visits)
    if at_weekends >= USUALLY:
        return _("weekends")
    return _("working days") if at_weekends <= 0.1 else ""


def _time(visits: Sequence[dt.datetime]) -> str:
    bands = [
        (10, _("before 10")),
        (12, _("late morning")),
        (14, _("around noon")),
        (18, _("in the afternoon")),
        (24, _("in the evening")),
    ]
    named = Counter(next(word for until, word in bands if visit.hour < until) for visit in visits)
    [(word, count)] = named.most_common(1)
    return word if count / len(visits) >= USUALLY else ""
