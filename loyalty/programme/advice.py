"""Numbers that make sense: what a programme gives a regular, what that costs, and what a shop can afford. Arithmetic, no
magic: whoever shows a figure can show how it came about. Money in minor units. No query, no clock.

    a regular's visit      what the engine gives for one purchase of the average basket (`units_a_visit`)
    the first reward       on visit ceil((price − welcome) ÷ units a visit)
    cost of a point        what the reward costs the shop ÷ the units it takes
    the seeds' threshold   average basket × margin ÷ cost of a point: as many units as the margin of one basket pays for
    given back             cost of a point × units a visit ÷ average basket, as a share of what is bought with a card
    the seeds' budget      1 to 3 % of a quarter's revenue
    a month                revenue of a quarter ÷ 3 × what is given back, if every purchase were made with a card

The threshold formula and the budget are those of the programmes that we collected (the seeds); the rest follows from them.
"""

import datetime as dt
import math
from dataclasses import dataclass, replace
from fractions import Fraction

from core.money import exponent
from loyalty.gallery.templates import ROUND_FIGURES
from loyalty.rules.engine import judge
from loyalty.rules.facts import Bill, Facts, Item, Who
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Rule, Trigger, Unit, Version

BUDGET_PERCENT = (1, 3)  # of a quarter's revenue: the seeds' span
A_PLAIN_MOMENT = dt.datetime(
    2026, 3, 11, 10, 30, tzinfo=dt.UTC
)  # a Wednesday morning in no season: nothing special counts
A_REGULAR = Who(visits=20, ordinal=1000)
# Where each trade might begin, in round sums: average basket, visits a month, margin in percent, what the first reward
# costs, revenue of a quarter. A shopkeeper's guesses to be written over, no statistics.
BEGINNINGS = {
    "cafe": (6, 6, 65, 1, 45_000),
    "bakery": (8, 6, 60, 1, 60_000),
    "salon": (45, 1, 60, 12, 30_000),
    "florist": (30, 1, 50, 5, 30_000),
    "boutique": (50, 1, 50, 5, 45_000),
    "other": (25, 2, 40, 5, 45_000),
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a shop knows of itself. `price` is what the first reward takes, in units; 0 where there is none."""

    basket_minor: int
    visits: int  # of a regular, a month
    margin_percent: int
    gift_minor: int  # what the first reward costs the shop
    quarter_minor: int  # revenue
    price: int = 0


@dataclass(frozen=True, slots=True)
class Advice:
    """What follows. Where a programme has no reward, or purchases give nothing toward it, `visit` and what rests on it is None."""

    units_a_visit: int
    welcome: int
    visit: int | None  # on which a regular reaches the first reward
    weeks: int | None  # until then
    unit_cost: Fraction | None  # minor units of money
    threshold: int | None
    given_back: Fraction | None  # of what is bought with a card
    regular_month_minor: int | None  # what one regular costs
    month_minor: int | None  # what all cost, if every purchase were made with a card
    budget_month_minor: tuple[int, int]
    prices: tuple[int, int] | None  # of the first reward, in units: within the budget from the lower one on

    @property
    def is_affordable(self) -> bool:
        """Whether a month costs no more than the budget."""
        return self.month_minor is None or self.month_minor <= self.budget_month_minor[1]


def beginning(trade: str, currency: str, price: int = 0) -> Numbers:
    """Where a shop of this trade (a value of `Merchant.Trade`) might begin, in sums that are round in its currency."""
    basket, visits, margin, gift, quarter = BEGINNINGS.get(trade, BEGINNINGS["other"])
    euro = ROUND_FIGURES.get(currency, 1) * 10 ** exponent(currency)
    return Numbers(basket * euro, visits, margin, gift * euro, quarter * euro, price)


def advise(version: Version, unit_id: str, numbers: Numbers) -> Advice:
    """What a programme means by these numbers, for the unit that the first reward takes. `basket_minor` and `visits` above 0.

    Credit is money: it needs no reward to cost what it is.
    """
    unit = version.unit(unit_id)
    if unit is not None and unit.kind == "credit" and not numbers.price:
        numbers = replace(numbers, price=1, gift_minor=1)
    a_visit, welcome = (
        units_a_visit(version, unit_id, numbers.basket_minor),
        units_on_joining(version, unit_id),
    )
    low, high = (numbers.quarter_minor * percent // 300 for percent in BUDGET_PERCENT)
    nothing = Advice(a_visit, welcome, None, None, None, None, None, None, None, (low, high), None)
    if not numbers.price or not a_visit:
        return nothing
    visit = max(1, math.ceil(Fraction(numbers.price - welcome, a_visit)))
    unit_cost = Fraction(numbers.gift_minor, numbers.price)
    given_back = unit_cost * a_visit / numbers.basket_minor
    margin = Fraction(numbers.basket_minor * numbers.margin_percent, 100)
    return replace(
        nothing,
        visit=visit,
        weeks=math.ceil(Fraction(visit * 52, numbers.visits * 12)),
        unit_cost=unit_cost,
        threshold=int(margin / unit_cost) if unit_cost else None,
        given_back=given_back,
        regular_month_minor=round(numbers.visits * a_visit * unit_cost),
        month_minor=round(Fraction(numbers.quarter_minor, 3) * given_back),
        prices=_prices(numbers, a_visit),
    )


def units_a_visit(version: Version, unit_id: str, basket_minor: int) -> int:
    """What one purchase of this much gives a regular, of one unit, before any tier counts: by the engine, at a plain moment.

    Where a rule counts items of a kind, one of them was bought; what is left to chance is left out.
    """
    rules = [rule for rule in version.rules if rule.active and rule.unit == unit_id]
    item = next((min(rule.basis.only) for rule in rules if rule.basis.only), "")
    bill = Bill(items=(Item(basket_minor, category=item),))
    return _given(version, unit_id, Facts("purchase", basket_minor, bill=bill))


def units_on_joining(version: Version, unit_id: str) -> int:
    """What everybody has for joining."""
    return _given(version, unit_id, Facts("joining"))


def visits_to_tier(version: Version, tier: Tier, numbers: Numbers) -> int | None:
    """On which visit a regular reaches a tier, on the first where it is held from the beginning; None for one that a year of
    visits does not reach, where what was earned counts for a year.
    """
    step, has = numbers.basket_minor, 0
    if version.ladder.climbing == "visits":
        step = 1
    elif version.ladder.climbing == "units":
        unit = version.units[0].id
        step, has = units_a_visit(version, unit, numbers.basket_minor), units_on_joining(version, unit)
    if tier.threshold_minor <= has:
        return 1
    if not step:
        return None
    visit = math.ceil(Fraction(tier.threshold_minor - has, step))
    is_too_far = version.ladder.window != "lifetime" and visit > 12 * numbers.visits
    return None if is_too_far else visit


def months_of(visits: int, numbers: Numbers) -> int:
    """How long a regular takes for so many visits, rounded up."""
    return math.ceil(Fraction(visits, numbers.visits))


def year_of_a_regular(numbers: Numbers) -> int:
    """What a regular spends in a year, in minor units: basket × visits a month × 12."""
    return numbers.basket_minor * numbers.visits * 12


def starter_thresholds(numbers: Numbers) -> tuple[int, int, int]:
    """Where three tiers by spend may begin: at once, after half a year of a regular and after a whole one, in round sums."""
    year = year_of_a_regular(numbers)
    half, whole = _round_sum(year // 2), _round_sum(year)
    return 0, half, max(whole, half + half // 2 + 1)


def first_unit(version: Version, triggers: tuple[Trigger, ...] = ("purchase", "visit")) -> Unit:
    """The unit that purchases give: the first of them; where they give none, the programme's first."""
    given = {rule.unit for rule in version.rules if rule.trigger in triggers and rule.gives != "badge"}
    return next((unit for unit in version.units if unit.id in given), version.units[0])


def members_to_aim_at(numbers: Numbers) -> int:
    """One in four of the regulars who would make this revenue: quarter ÷ (basket × visits × 3) ÷ 4, as a round number."""
    regulars = Fraction(numbers.quarter_minor, numbers.basket_minor * numbers.visits * 3)
    return _round_sum(max(1, int(regulars / 4)))


def _round_sum(minor: int) -> int:
    """With one figure that is not zero: 21,600 as 20,000."""
    size = 10 ** (len(str(minor)) - 1)
    return max(1, (2 * minor + size) // (2 * size)) * size


def _given(version: Version, unit_id: str, facts: Facts) -> int:
    """Of one unit, to a regular without a tier, on a plain day."""
    plain = replace(version, rules=tuple(rule for rule in version.rules if not _is_drawn(rule)), tiers=())
    happened = replace(facts, moment=A_PLAIN_MOMENT, who=A_REGULAR)
    return sum(award.amount for award in judge(happened, plain).awards if award.unit == unit_id)


def _is_drawn(rule: Rule) -> bool:
    return any(condition.kind == "chance" for condition in rule.conditions)


def _prices(numbers: Numbers, a_visit: int) -> tuple[int, int]:
    """A price at which what is given back is the budget's upper end, and one at which it is its lower end."""
    least, most = (
        math.ceil(Fraction(numbers.gift_minor * a_visit * 100, numbers.basket_minor * percent))
        for percent in reversed(BUDGET_PERCENT)
    )
    return max(1, least), max(1, most)
