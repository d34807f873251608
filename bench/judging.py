"""How long the rules engine takes for one purchase by thirty rules: no database, no request, one process."""

import datetime as dt
import time
import zoneinfo
from dataclasses import replace
from typing import Any

RULES, RUNS, RUN = 30, 200, 10
CONDITIONS: list[tuple[str, dict[str, Any]]] = [
    ("weekday", {"any": [6, 7]}),
    ("hours", {"from": "08:00", "to": "11:00"}),
    ("spend", {"minor": 2000}),
    ("product", {"any": ["coffee"]}),
    ("location", {"any": ["cler", "bac"]}),
    ("tier", {"any": ["gold"]}),
    ("dates", {"from": "2026-11-01", "to": "2026-11-30"}),
    ("nth_visit", {"nth": 5, "each": True}),
    ("birthday", {"days": 3}),
    ("chance", {"seed": "pastry", "one_in": 20}),
]


def measure() -> dict[str, Any]:
    """`judging_us` of one verdict. The least of many runs: what else the machine does is not the engine's."""
    from loyalty.rules.engine import judge

    version, facts = programme(), purchase()
    facts = replace(facts, memory=judge(facts, version).memory)
    least = float("inf")
    for _run in range(RUNS):
        began = time.perf_counter()
        for _time in range(RUN):
            judge(facts, version)
        least = min(least, time.perf_counter() - began)
    return {"judging_us": round(least / RUN * 1e6), "judging_rules": RULES}


def programme() -> Any:
    """A version with every way to give, every kind of limit, and ten kinds of conditions, most of which hold."""
    from loyalty.rules.tiers import Tier
    from loyalty.rules.types import Condition, Gives, Goal, Quota, Rule, Unit, Version

    conditions = [Condition(kind, given) for kind, given in CONDITIONS]
    gives: tuple[Gives, ...] = ("per_amount", "flat", "share", "multiplier", "per_item")
    rules = tuple(
        Rule(
            id=f"rule {number}",
            trigger="purchase" if number % 3 else "visit",
            unit="points",
            amount=2,
            per_minor=100,
            gives=gives[number % 5],
            basis_points=500,
            percent=200,
            multiplied=number % 2 == 0,
            conditions=(conditions[number % 10],) if number % 2 else (),
            quotas=(Quota(100, "units", "month"), Quota(3, "times", "day")) if number % 4 == 0 else (),
            goal=Goal(3, "month") if number % 7 == 0 else None,
            keeps_change=number % 5 == 0,
            pause_minutes=10 if number % 11 == 0 else 0,
        )
        for number in range(RULES)
    )
    unit = Unit("points", "points", {"en": ("point", "points")})
    return Version(
        1,
        "Bench",
        "EUR",
        (unit,),
        rules,
        (Tier("bronze", "Bronze", 0, 100), Tier("gold", "Gold", 50_000, 150)),
    )


def purchase() -> Any:
    """Two lattes and a tart on a Saturday morning, by a gold member who had a birthday yesterday."""
    from loyalty.rules.facts import Bill, Facts, Item, Who

    return Facts(
        trigger="purchase",
        amount_minor=1600,
        tier_id="gold",
        progress_minor=60_000,
        moment=dt.datetime(2026, 11, 21, 9, 30, tzinfo=zoneinfo.ZoneInfo("Europe/Paris")),
        bill=Bill(tax_minor=200, items=(Item(700, 2, "latte", "coffee"), Item(900, 1, "tart", "cake"))),
        who=Who(visits=4, ordinal=7, birthday=dt.date(1990, 11, 20)),
        location="cler",
        channel="api",
        payment="card",
        draw="a purchase",
    )
