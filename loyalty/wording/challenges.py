"""Challenges in words: how far one is, and what is to come for it."""

from django.utils.translation import gettext_noop

from loyalty.rules.challenges import Challenge
from loyalty.wording.reader import Reader
from loyalty.wording.reasons import say_reason
from loyalty.wording.rules import badge_name, rule_name, say_prize

_LEFT = {
    "day": gettext_noop("%(more)s today: %(prize)s"),
    "week": gettext_noop("%(more)s this week: %(prize)s"),
    "month": gettext_noop("%(more)s this month: %(prize)s"),
    "ever": gettext_noop("%(more)s: %(prize)s"),
}


def say_done(challenge: Challenge, reader: Reader) -> str:
    """ "2 of 3 visits this month", "2 of 4 weeks in a row"."""
    return say_reason(challenge.as_reason(), reader.currency, reader.language, reader.version, reader.places)


def say_left(challenge: Challenge, reader: Reader) -> str:
    """ "1 more visit this month: 15 points"."""
    rule, goal = challenge.rule, challenge.goal
    prize = badge_name(rule, reader) if rule.gives == "badge" else say_prize(rule, reader)
    if goal.in_a_row:
        more = reader.count(f"more_{goal.period}", challenge.left)
        return reader.say(gettext_noop("%(more)s in a row: %(prize)s"), more=more, prize=prize)
    what = rule.trigger if rule.trigger in {"purchase", "visit"} else "time"
    more = reader.count(f"more_{what}", challenge.left)
    return reader.say(_LEFT[goal.period], more=more, prize=prize)


def say_challenge(challenge: Challenge, reader: Reader) -> str:
    """What the shop calls it, and how far one is: "Three visits: 2 of 3 visits this month"; without a name only that."""
    name = rule_name(challenge.rule, reader.language)
    done = say_done(challenge, reader)
    return reader.say(gettext_noop("%(thing)s: %(change)s"), thing=name, change=done) if name else done
