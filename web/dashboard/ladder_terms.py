"""How tiers are climbed and lost, as blanks: by what, over which time, and what becomes of a tier not earned again.

And what a change of that does to members, said beside it.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.languages import reader_language
from loyalty.programme.measuring import climbing_by
from loyalty.rules.climb import first_day
from loyalty.rules.conditions import day_in_year
from loyalty.rules.editing import with_ladder
from loyalty.rules.tiers import Ladder
from loyalty.rules.types import Version
from loyalty.wording import unit_name
from web.dashboard.forms import UnitsField
from web.templatetags.habitue import full_date

WINDOWS = {
    "lifetime": gettext_lazy("since joining"),
    "calendar_year": gettext_lazy("in a calendar year"),
    "rolling_12_months": gettext_lazy("in the last twelve months"),
    "from_joining": gettext_lazy("in a year from joining"),
}
DOWNGRADES = {
    "never": gettext_lazy("is kept"),
    "one_step": gettext_lazy("falls by one"),
    "by_standing": gettext_lazy("falls to what was earned"),
}


class LadderForm(forms.Form):
    """The blanks of a ladder. A field that was not sent stays as it is.

    `can_end`: progress is counted anew; `loses`: and a tier goes with it.
    """

    window = forms.ChoiceField(choices=WINDOWS.items(), required=False)
    downgrade = forms.ChoiceField(choices=DOWNGRADES.items(), required=False)
    grace_days = UnitsField(required=False)
    warn_days = UnitsField(required=False)

    def __init__(self, version: Version, data: Any = None) -> None:
        super().__init__(data, initial=asdict(version.ladder), auto_id="ladder_%s")
        self.can_end = version.ladder.window != "lifetime"
        self.loses = version.ladder.can_lose
        self.fields["climbing"] = forms.ChoiceField(choices=climbings(version), required=False)
        labels = {
            "climbing": _("What brings members up"),
            "window": _("Over which time"),
            "downgrade": _("What becomes of a tier that is not earned again"),
            "grace_days": _("Days of grace"),
            "warn_days": _("Days between the warning and the loss"),
        }
        for name, label in labels.items():
            self.fields[name].widget.attrs["aria-label"] = label

    def changed(self, version: Version) -> Version:
        """The programme with what was sent."""
        said = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        if "climbing" in said:
            version = climbing_by(version, said.pop("climbing"))
        return with_ladder(version, **said)


def climbings(version: Version) -> list[tuple[str, str]]:
    """What may bring members up, as one says it: "by spend"."""
    units = unit_name(version.units[0], 2, reader_language())
    return [
        ("spend", _("by spend")),
        ("visits", _("by visits")),
        ("units", _("by %(units)s") % {"units": units}),
    ]


def ladder_consequences(draft: Version, version: Version) -> Iterator[str]:
    """What another way to climb or to lose tiers does, a sentence each; nothing where that stays."""
    before, after, today = version.ladder, draft.ladder, timezone.localdate()
    if after.climbing != before.climbing and draft.tiers:
        was = dict(climbings(version))[before.climbing]
        yield _("Tiers were %(before)s: look at each amount") % {"before": was}
    if after.window not in (before.window, "lifetime"):
        begins = first_day(after.window, today, None)
        if begins is None:
            yield _("What was before the last anniversary of joining brings nobody up any more")
        else:
            yield _("What was before %(day)s brings nobody up any more") % {"day": full_date(begins)}
    if after.can_lose and (not before.can_lose or after != before):
        yield _("Nobody loses a tier before %(day)s") % {"day": full_date(first_loss(after, today))}
    elif before.can_lose and not after.can_lose:
        yield _("Nobody loses a tier any more")


def first_loss(ladder: Ladder, day: dt.date) -> dt.date:
    """The first day on which anybody could lose a tier, if this ladder came into force on that one."""
    begins = day
    if ladder.window == "calendar_year" and (day.month, day.day) != (1, 1):
        begins = day.replace(year=day.year + 1, month=1, day=1)
    return day_in_year(begins, begins.year + 1) + dt.timedelta(days=ladder.grace_days)
