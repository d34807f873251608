"""What a member is on the way to, has earned and enjoys: challenges as rows of stamps, badges, perks. It reads nothing."""

from typing import Any

from django.utils.text import capfirst

from loyalty.queries import MemberStanding
from loyalty.rules.challenges import Challenge
from loyalty.wording.challenges import say_done, say_left
from loyalty.wording.reader import Reader
from loyalty.wording.rules import rule_name
from web.changes import say_perks

MOST_STAMPS = 10  # in one row; what takes more is a bar


def goal_words(standing: MemberStanding, language: str) -> dict[str, Any]:
    """As `card/_goals.html` takes it."""
    version, tier = standing.version, standing.tier
    reader = Reader(language, version.currency, version)
    return {
        "challenges": [_challenge(one, reader) for one in standing.challenges],
        "badges": [rule_name(rule, language) for rule in standing.badges],
        "perks": say_perks(tier, version) if tier else [],
    }


def _challenge(challenge: Challenge, reader: Reader) -> dict[str, Any]:
    times, done = challenge.goal.times, challenge.done
    return {
        "title": capfirst(say_left(challenge, reader)),
        "name": rule_name(challenge.rule, reader.language),
        "label": say_done(challenge, reader),
        "stamps": [{"number": number, "inked": number <= done} for number in range(1, times + 1)]
        if times <= MOST_STAMPS
        else [],
        "percent": round(100 * done / times, 1),
    }
