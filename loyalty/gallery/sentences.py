"""Ready sentences to borrow into a programme that is there already: birthdays, friends, early birds, challenges, surprises.

What they give is in the programme's first unit, and as much as it means there.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from loyalty.gallery.templates import Words, both
from loyalty.programme.measuring import units_for
from loyalty.rules.definition import write_rule
from loyalty.rules.types import Condition, Goal, Quota, Rule, Unit, Version

SEED_BYTES = 16  # nobody guesses it, and it is short in the file of a programme
ONCE = (Quota(1, "times", "ever"),)


@dataclass(frozen=True, slots=True)
class Ready:
    """One of the shelf: one rule, or two that mean something only together. `rules` give as if a unit were a euro’s worth."""

    code: str
    names: Words
    rules: tuple[Rule, ...]


def _flat(code: str, trigger: str, amount: int, **more: object) -> Rule:
    return Rule(code, trigger, "", amount, gives="flat", **more)  # type: ignore[arg-type]


def _badge(code: str, trigger: str, names: Words, **more: object) -> Rule:
    return Rule(code, trigger, "", gives="badge", names=names, quotas=ONCE, **more)  # type: ignore[arg-type]


CHALLENGE = both("Three visits this month", "Trois visites ce mois-ci")
STREAK = both("Four weeks in a row", "Quatre semaines de suite")
REGULAR = both("Regular", "Habitué")
EARLY = both("Early bird", "Premières inscriptions")
SURPRISE = both("A surprise", "Une surprise")
HAPPY = both("Quiet hours", "Heures creuses")

SHELF: tuple[Ready, ...] = (
    Ready("birthday", both("Birthday", "Anniversaire"), (_flat("birthday", "birthday", 20),)),
    Ready(
        "referral",
        both("Referral", "Parrainage"),
        (_flat("referrer", "referrer", 20), _flat("friend", "friend", 10)),
    ),
    Ready(
        "early-bird",
        EARLY,
        (
            _flat(
                "early-bird", "joining", 20, conditions=(Condition("among_first", {"most": 50}),), names=EARLY
            ),
        ),
    ),
    Ready("challenge", CHALLENGE, (_flat("challenge", "visit", 15, goal=Goal(3, "month"), names=CHALLENGE),)),
    Ready(
        "streak",
        STREAK,
        (_flat("streak", "visit", 25, goal=Goal(4, "week", in_a_row=True), names=STREAK),),
    ),
    Ready(
        "milestone",
        both("Every tenth visit", "Toutes les dix visites"),
        (_flat("milestone", "visit", 20, conditions=(Condition("nth_visit", {"nth": 10, "each": True}),)),),
    ),
    Ready("badge", REGULAR, (_badge("badge", "visit", REGULAR, goal=Goal(10, "ever")),)),
    Ready(
        "surprise",
        SURPRISE,
        (
            _flat(
                "surprise",
                "visit",
                10,
                conditions=(Condition("chance", {"one_in": 20, "seed": ""}),),
                quotas=(Quota(1, "times", "month"),),
                names=SURPRISE,
            ),
        ),
    ),
    Ready(
        "quiet-hours",
        HAPPY,
        (
            Rule(
                "quiet-hours",
                "purchase",
                "",
                gives="multiplier",
                percent=200,
                conditions=(
                    Condition("weekday", {"any": [2, 3]}),
                    Condition("hours", {"from": "14:00", "to": "17:00"}),
                ),
                names=HAPPY,
            ),
        ),
    ),
    Ready("year", both("A year as a member", "Un an de fidélité"), (_flat("year", "anniversary", 20),)),
    Ready(
        "profile",
        both("A complete profile", "Profil complet"),
        (_flat("profile", "profile", 5, quotas=ONCE),),
    ),
    Ready(
        "newsletter",
        both("The newsletter", "La newsletter"),
        (_flat("newsletter", "newsletter", 5, quotas=ONCE),),
    ),
)


def ready_sentence(code: str) -> Ready | None:
    """The one of that code, if it is on the shelf."""
    return next((one for one in SHELF if one.code == code), None)


def rules_of(ready: Ready, version: Version) -> tuple[Rule, ...]:
    """Its rules as they are in this programme, with the ids of the shelf and without the seed of chance."""
    unit = version.units[0]
    return tuple(
        replace(rule, unit=unit.id, amount=_amount(rule.amount, unit, version)) for rule in ready.rules
    )


def is_borrowed(ready: Ready, version: Version) -> bool:
    """Whether the programme says already what it says."""
    there = {_unsaid(rule) for rule in version.rules}
    return all(_unsaid(rule) in there for rule in rules_of(ready, version))


def new_seed() -> str:
    """Of a chance: nobody knows it, so nobody reckons who will be drawn."""
    return secrets.token_hex(SEED_BYTES)


def borrowed(ready: Ready, new_id: Callable[[], str]) -> Callable[[Version], Version]:
    """A change that adds it, with ids of its own and a seed that nobody knows."""
    ids = {rule.id: new_id() for rule in ready.rules}
    seed = new_seed()

    def change(version: Version) -> Version:
        rules = [
            replace(rule, id=ids[rule.id], conditions=tuple(_seeded(one, seed) for one in rule.conditions))
            for rule in rules_of(ready, version)
        ]
        return replace(version, rules=(*version.rules, *rules))

    return change


def _amount(euros: int, unit: Unit, version: Version) -> int:
    """So many units as so much spending gives; of stamps one, for they are whole purchases."""
    if not euros:
        return 0
    return 1 if unit.kind == "stamps" else units_for(euros, version)


def _seeded(condition: Condition, seed: str) -> Condition:
    return Condition("chance", {**condition.given, "seed": seed}) if condition.kind == "chance" else condition


def _unsaid(rule: Rule) -> str:
    """A rule without what no two of them have in common."""
    conditions = tuple(_seeded(one, "") for one in rule.conditions)
    return json.dumps(write_rule(replace(rule, id="", conditions=conditions, active=True)), sort_keys=True)
