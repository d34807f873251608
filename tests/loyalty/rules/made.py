"""A small programme to judge by, and facts about one member of it: what the tables below are filled with."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass, field, replace
from typing import Any

from loyalty.rules.engine import judge
from loyalty.rules.facts import Bill, Facts, Item
from loyalty.rules.memory import Trace, forget
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Condition, Rule, Unit, Version
from loyalty.rules.verdicts import Reason, Verdict

POINT = Unit("points", "points", {"en": ("point", "points")})
STAMP = Unit("stamps", "stamps", {"en": ("stamp", "stamps")})
BRONZE, SILVER, GOLD = (
    Tier("b", "Bronze", 0, 100),
    Tier("s", "Silver", 25_000, 125),
    Tier("g", "Gold", 50_000, 150),
)
PARIS = zoneinfo.ZoneInfo("Europe/Paris")
SATURDAY = dt.datetime(2026, 11, 21, 9, 30, tzinfo=PARIS)


def rule(gives: str = "flat", amount: int = 1, **said: Any) -> Rule:
    """A rule of a purchase for points, with what is said of it."""
    usual: dict[str, Any] = {
        "id": "rule",
        "trigger": "purchase",
        "unit": "points",
        "gives": gives,
        "amount": amount,
    }
    return Rule(**usual | said)


def per_euro(amount: int = 1, per_minor: int = 100, **said: Any) -> Rule:
    """So many points for each whole euro."""
    return rule("per_amount", amount, **{"id": "per_euro", "per_minor": per_minor} | said)


def times(percent: int, **said: Any) -> Rule:
    """A multiplier of points."""
    return rule("multiplier", 0, **{"id": f"times_{percent}", "percent": percent} | said)


def where(kind: str, **given: Any) -> tuple[Condition, ...]:
    """One condition."""
    return (Condition(kind, given),)


def version(*rules: Rule, **said: Any) -> Version:
    """A programme of these rules, with three tiers."""
    made: dict[str, Any] = {"units": (POINT, STAMP), "tiers": (BRONZE, SILVER, GOLD), **said}
    return Version(1, "Aroma", "EUR", made.pop("units"), rules, made.pop("tiers"), **made)


def purchase(amount_minor: int = 1000, **said: Any) -> Facts:
    """A purchase on a Saturday morning in Paris, at bronze."""
    usual: dict[str, Any] = {
        "trigger": "purchase",
        "amount_minor": amount_minor,
        "tier_id": "b",
        "moment": SATURDAY,
    }
    return Facts(**usual | said)


def basket(*lines: Item, **said: int) -> Facts:
    """A purchase of these lines."""
    return purchase(sum(line.amount_minor for line in lines), bill=Bill(items=lines, **said))


def units(verdict: Verdict) -> int:
    """All that was given."""
    return sum(award.amount for award in verdict.awards)


def told(facts: Facts, *rules: Rule, **said: Any) -> Reason:
    """The reason of the first of these rules."""
    return judge(facts, version(*rules, **said)).reasons[0]


@dataclass
class Life:
    """One member's purchases by one version, with what is remembered between them."""

    version: Version
    memory: dict[str, Any] = field(default_factory=dict)

    def happens(self, facts: Facts) -> Verdict:
        """Judged with what is known by now, and remembered."""
        verdict = judge(replace(facts, memory=self.memory), self.version)
        self.memory |= verdict.memory
        return verdict

    def buys(self, amount_minor: int = 1000, at: dt.datetime = SATURDAY, **said: Any) -> Verdict:
        """A purchase."""
        return self.happens(purchase(amount_minor, moment=at, **said))

    def gets(self, amount_minor: int = 1000, at: dt.datetime = SATURDAY, **said: Any) -> int:
        """A purchase, and how many units it gave."""
        return units(self.buys(amount_minor, at, **said))

    def takes_back(
        self, verdict: Verdict, at: dt.datetime = SATURDAY, *, parts: tuple[int, ...] = (1,)
    ) -> None:
        """A refund in so many parts, each told by its share of the money."""
        whole = sum(parts)
        for told in verdict.told:
            trace, before, paid = Trace(*told.figures.get("trace", ())), Trace(), 0
            for part in parts:
                paid += part
                so_far = trace.share(paid, whole)
                one = self.version.rule(told.rule)
                assert one is not None
                self.memory[told.rule] = forget(self.memory, one, so_far.less(before), at)
                before = so_far

    @property
    def remembered(self) -> dict[str, Any]:
        """The memory, without rules of which there is nothing."""
        return {rule: row for rule, row in self.memory.items() if row}
