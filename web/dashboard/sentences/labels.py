"""What each blank is called for who hears the page, and what may be chosen in it. Words of the reader's language."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LABELS: dict[str, Any] = {
    "amount": _("How much is given"),
    "among_first": _("How many members"),
    "basis_points": _("Share of the purchase"),
    "batch": _("Which codes"),
    "birthday": _("Days around the birthday"),
    "chance": _("One time in how many"),
    "channel": _("How it is recorded"),
    "dates": _("From one day to another"),
    "discount": _("Discounts"),
    "from_item": _("From which one on"),
    "goal": _("How often it takes"),
    "hours_from": _("From which hour"),
    "hours_to": _("Until which hour"),
    "location": _("Addresses"),
    "most_at_once": _("At most, at once"),
    "named": _("Name of the rule"),
    "nth_visit": _("Which visit"),
    "occasion": _("Which occasions"),
    "only": _("Products or categories that count"),
    "pause": _("Time between two"),
    "payment": _("How it is paid"),
    "percent": _("How many times"),
    "per_minor": _("Money spent"),
    "product": _("Products or categories on the bill"),
    "quota": _("At most"),
    "rounding": _("Rounding"),
    "segment": _("Which members"),
    "spend": _("Least that is spent"),
    "tax": _("Tax"),
    "tier": _("Tiers"),
    "tip": _("Tips"),
    "weekday": _("Days of the week"),
    "without": _("Products or categories that do not count"),
}
CHOOSING = {
    "batch", "channel", "discount", "location", "payment", "rounding", "segment", "tax", "tier", "tip", "weekday",
}  # fmt: skip

TAX = {True: _("tax included"), False: _("before tax")}
TIP = {True: _("tips included"), False: _("tips left out")}
DISCOUNT = {True: _("before discounts"), False: _("after discounts")}
ROUNDING = {
    "down": _("rounded down"),
    "half_up": _("rounded to the nearest"),
    "up": _("rounded up"),
}
PERIODS = [
    ("day", pgettext_lazy("period of a limit", "a day")),
    ("week", pgettext_lazy("period of a limit", "a week")),
    ("month", pgettext_lazy("period of a limit", "a month")),
    ("ever", pgettext_lazy("period of a limit", "in all")),
]
GOAL_PERIODS = [
    ("day", _("within a day")),
    ("week", _("within a week")),
    ("month", _("within a month")),
    ("ever", _("whenever it is")),
]
ROWS = [
    ("day", _("days in a row")),
    ("week", _("weeks in a row")),
    ("month", _("months in a row")),
]
COUNTED = [("units", _("units")), ("times", pgettext_lazy("counted by a limit", "times"))]
WHOSE = [
    ("member", _("to each member")),
    ("programme", _("to all members together")),
    ("staff", _("by each of the team")),
]
SPANS = [("1", _("minutes")), ("60", _("hours")), ("1440", _("days"))]
EACH = [("", _("only that one")), ("each", _("each time it comes round"))]
OF_WHAT, IN_WHICH_TIME, TO_WHOM = _("Of what"), _("In which time"), _("To whom")
SEGMENTS = {
    "new": _("new members: the first 30 days"),
    "regular": _("regulars: once a month or more"),
    "away": _("members who come back after 60 days"),
}
TAGS = _("Tags of your own")
FIRST_DAY, LAST_DAY, HOW_OFTEN = _("First day"), _("Last day"), _("How often")
IN_ENGLISH, IN_FRENCH = _("In English"), _("In French")

TRIGGERS: dict[str, Any] = {
    "purchase": _("A purchase"),
    "visit": _("A visit"),
    "joining": _("Joining"),
    "birthday": _("A birthday"),
    "anniversary": _("A year as a member"),
    "profile": _("A complete profile"),
    "referrer": _("Bringing a friend"),
    "friend": _("Coming through a friend"),
    "review": _("A review"),
    "newsletter": _("The newsletter"),
    "survey": _("A survey"),
    "share": _("Sharing on social media"),
    "attendance": _("Coming to an event"),
    "code": _("A code"),
    "custom": _("An event of your own"),
    "gift": _("A gift of the team"),
}
GIVES: dict[str, Any] = {
    "per_amount": _("Units for the money spent"),
    "flat": _("A fixed number of units"),
    "per_item": _("Units for each item"),
    "multiplier": _("Units count double"),
    "share": _("A share of the purchase"),
    "badge": _("A badge"),
}

EXTRAS: dict[str, Any] = {
    "weekday": _("Only on certain days"),
    "hours": _("Only at certain hours"),
    "dates": _("Only between two days"),
    "location": _("Only at certain addresses"),
    "spend": _("Only from a certain amount"),
    "product": _("Only with certain products"),
    "only": _("Count certain products only"),
    "without": _("Leave products out"),
    "payment": _("Only when paid in a certain way"),
    "channel": _("Only by scanner or by software"),
    "tier": _("Only for certain tiers"),
    "segment": _("Only for certain members"),
    "first_visit": _("Only on the first visit"),
    "nth_visit": _("Only on a certain visit"),
    "among_first": _("Only for the first members"),
    "birthday": _("Only around the birthday"),
    "occasion": _("Only for certain occasions"),
    "batch": _("Only for certain codes"),
    "chance": _("By chance"),
    "goal": _("Only every few times"),
    "quota": _("At most so much in a period"),
    "most_at_once": _("At most so much at once"),
    "pause": _("With time between two"),
    "from_item": _("Only from the second or a later one"),
    "discount": _("Count what was taken off"),
    "paid_in_units": _("Count what is paid in points"),
    "rounding": _("Round otherwise"),
    "keeps_change": _("Keep what is left over"),
    "multiplied": _("Let tiers and multipliers count"),
    "fixed": _("The same for every tier"),
    "named": _("Give it a name"),
}
