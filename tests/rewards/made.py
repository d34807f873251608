"""Offers for tests, and somebody who asks for one: a quiet Saturday noon, 50 points, nothing taken before."""

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from loyalty.rules.facts import Facts, Who
from loyalty.rules.types import Condition
from rewards.offers import Offer
from rewards.terms import Asking
from tests.loyalty.wording.examples import POINT

PARIS = ZoneInfo("Europe/Paris")
NOON = dt.datetime(2026, 11, 21, 12, tzinfo=PARIS)  # a Saturday
TODAY = NOON.date()
JOINED = dt.date(2026, 11, 1)


def offer(*conditions: Condition, **said: Any) -> Offer:
    """A cake for 40 points, but for what is said."""
    usual: dict[str, Any] = {"names": {"en": "Cake", "fr": "Gâteau"}, "unit": POINT.id, "cost": 40}
    return Offer(**usual | {"conditions": conditions} | said)


def only(kind: str, **given: Any) -> Condition:
    """A condition."""
    return Condition(kind, given)


def asking(at: dt.datetime = NOON, **said: Any) -> Asking:
    """What is said of facts, of who asks, or of the asking itself, wherever it belongs."""
    who = Who(
        **{name: said.pop(name) for name in list(said) if name in Who.__slots__} | {"joined_on": JOINED}
    )
    facts = Facts("visit", who=who, moment=at)
    facts = replace(facts, **{name: said.pop(name) for name in list(said) if name in Facts.__slots__})
    return Asking(facts, **{"usable": 50} | said)
