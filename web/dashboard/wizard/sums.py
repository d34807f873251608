"""The arithmetic of `loyalty.programme.advice` in words: a line for each figure, and how it came about."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from babel.core import Locale
from babel.numbers import format_currency
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.languages import reader_language
from core.money import exponent, say_money
from loyalty.programme.advice import Advice, Numbers, advise, first_unit, months_of, visits_to_tier
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Unit, Version
from loyalty.wording.numbers import say_number, say_percent, say_units
from rewards.planning import Promise


@dataclass(frozen=True)
class Sums:
    """What the numbers step shows: one sentence, the lines beneath it, and what is to be thought over."""

    headline: str
    lines: list[dict[str, str]]
    total: str
    footnote: str
    warning: str


def sums_of(version: Version, reward: Promise | None, numbers: Numbers) -> Sums:
    """All of it, for the first reward to come; without one, for what purchases give."""
    unit = (version.unit(reward.unit) if reward else None) or first_unit(version)
    advice, say = advise(version, unit.id, numbers), _Sayer(version.currency, unit, numbers)
    return Sums(
        headline=say.headline(advice),
        lines=say.lines(advice),
        total=say.money(advice.month_minor) if advice.month_minor is not None else "",
        footnote=say.budget(advice),
        warning=say.warning(advice),
    )


def say_climb(version: Version, tier: Tier, numbers: Numbers) -> str:
    """When a regular reaches a tier."""
    visit = visits_to_tier(version, tier, numbers)
    if visit is None:
        return _("A regular does not reach it in a year.")
    if visit == 1:
        return _("Held from the beginning.")
    months = months_of(visit, numbers)
    return ngettext(
        "A regular reaches it on visit %(visit)s, within a month.",
        "A regular reaches it on visit %(visit)s, within %(months)s months.",
        months,
    ) % {"visit": say_number(visit, reader_language()), "months": months}


class _Sayer:
    """Words for one unit and one set of numbers, in the reader's language."""

    def __init__(self, currency: str, unit: Unit, numbers: Numbers) -> None:
        self.currency, self.unit, self.numbers, self.language = currency, unit, numbers, reader_language()

    def money(self, minor: int) -> str:
        """ "€12", "€12.50"."""
        return say_money(minor, self.currency, self.language, short=True)

    def fine(self, minor: Fraction) -> str:
        """Money, finer than its smallest coin where it is: "€0.10", "€0.0083"."""
        value = Decimal(minor.numerator) / Decimal(minor.denominator * 10 ** exponent(self.currency))
        pattern = Locale.parse(self.language).currency_formats["standard"].pattern.replace("0.00", "0.00##")
        return str(
            format_currency(value, self.currency, format=pattern, currency_digits=False, locale=self.language)
        )

    def units(self, count: int) -> str:
        """ "9 stamps"."""
        return say_units(self.unit, count, self.language, self.currency)

    def percent(self, share: Fraction) -> str:
        """ "1.67%"."""
        return say_percent(round(share * 10_000), self.language)

    def headline(self, advice: Advice) -> str:
        """The one figure that a shopkeeper remembers."""
        if advice.visit is None or not self.numbers.price:
            return _("A purchase of %(basket)s gives %(units)s.") % {
                "basket": self.money(self.numbers.basket_minor),
                "units": self.units(advice.units_a_visit),
            }
        return _("At this rate a regular reaches the first reward on visit %(visit)s.") % {
            "visit": say_number(advice.visit, self.language)
        }

    def lines(self, advice: Advice) -> list[dict[str, str]]:
        """Label, note (the arithmetic) and figure, for a receipt."""
        basket = self.money(self.numbers.basket_minor)
        lines = [
            _line(
                _("A purchase gives"),
                _("%(basket)s, by your rules") % {"basket": basket},
                self.units(advice.units_a_visit),
            )
        ]
        if self.numbers.price and advice.visit is not None:
            lines += self._reward_lines(advice)
        if advice.unit_cost is not None and advice.given_back is not None:
            lines += self._cost_lines(advice, basket)
        return lines

    def _reward_lines(self, advice: Advice) -> list[dict[str, str]]:
        assert advice.unit_cost is not None
        price = self.units(self.numbers.price)
        gift, each = self.money(self.numbers.gift_minor), self.fine(advice.unit_cost)
        less = f" − {self.units(advice.welcome)}" if advice.welcome else ""
        rate = self.units(advice.units_a_visit)
        lines = [
            _line(
                _("The first reward"),
                f"({price}{less}) ÷ {rate}" if less else f"{price} ÷ {rate}",
                _("visit %(visit)s") % {"visit": say_number(advice.visit or 0, self.language)},
            ),
            _line(_("One of them costs you"), f"{gift} ÷ {price}", each),
        ]
        if advice.threshold is not None:
            margin = say_percent(self.numbers.margin_percent * 100, self.language)
            how = f"{self.money(self.numbers.basket_minor)} × {margin} ÷ {each}"
            lines.append(_line(_("The margin of one purchase pays for"), how, self.units(advice.threshold)))
        return lines

    def _cost_lines(self, advice: Advice, basket: str) -> list[dict[str, str]]:
        assert advice.unit_cost is not None
        assert advice.given_back is not None
        each, rate = self.fine(advice.unit_cost), self.units(advice.units_a_visit)
        # Credit is money already: it costs what it is.
        cost = rate if self.unit.kind == "credit" else f"{rate} × {each}"
        visits = ngettext("%(count)s visit", "%(count)s visits", self.numbers.visits) % {
            "count": say_number(self.numbers.visits, self.language)
        }
        month = self.money(self.numbers.quarter_minor // 3)
        return [
            _line(_("Members get back"), f"{cost} ÷ {basket}", self.percent(advice.given_back)),
            _line(
                _("A regular costs, a month"),
                f"{visits} × {cost}",
                self.money(advice.regular_month_minor or 0),
            ),
            _line(
                _("Your revenue, a month"),
                _("%(quarter)s ÷ 3 months") % {"quarter": self.money(self.numbers.quarter_minor)},
                month,
            ),
        ]

    def budget(self, advice: Advice) -> str:
        """What a shop can afford."""
        low, high = advice.budget_month_minor
        return _("A usual budget is 1 to 3%% of revenue: %(low)s to %(high)s a month.") % {
            "low": self.money(low),
            "high": self.money(high),
        }

    def warning(self, advice: Advice) -> str:
        """Where it is more than that, and from which price on it would not be."""
        if advice.is_affordable or advice.given_back is None:
            return ""
        if not self.numbers.price or advice.prices is None:
            return _("This gives back %(share)s of what members spend. 1 to 3%% is usual.") % {
                "share": self.percent(advice.given_back)
            }
        return _(
            "This gives back %(share)s of what members spend; 1 to 3%% is usual. From %(price)s on it is 3%%."
        ) % {"share": self.percent(advice.given_back), "price": self.units(advice.prices[0])}


def _line(label: str, note: str, amount: str) -> dict[str, Any]:
    return {"label": label, "note": note, "amount": amount}
