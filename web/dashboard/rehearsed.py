"""What a rehearsal found, as rows of tables. Members are looked up by name; who was erased since has none."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext, ngettext

from core.languages import reader_language
from core.money import say_money
from loyalty.models import Rehearsal
from loyalty.rules.definition import read_definition
from loyalty.rules.types import Unit
from loyalty.wording import say_units
from members.models import Member
from web.dashboard.forms import MoneyField, currency_sign
from web.dashboard.person import masked_contact
from web.templatetags.habitue import MINUS, full_date, money, number, short_date, signed

FIGURE: dict[str, Any] = {"figure": True}


@dataclass(frozen=True)
class Sums:
    """The tables above the others: what was given of a unit and what members have, and how many could take which reward."""

    name: str
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    reach_columns: list[dict[str, Any]]
    reach: list[dict[str, Any]]
    words: str  # who gains and who loses, in a sentence
    price: str  # what its money is reckoned by, in a sentence; "" where there is none
    asks: dict[str, Any] | None  # for what a reward costs the shop, where nothing else says what a unit costs


def days_of(result: Mapping[str, Any]) -> str:
    """ "24 August 2026 to 22 November 2026, 3,120 purchases"."""
    first, last = (full_date(dt.date.fromisoformat(result[end])) for end in ("since", "until"))
    purchases = result["purchases"]
    return ngettext(
        "%(first)s to %(last)s, %(purchases)s purchase",
        "%(first)s to %(last)s, %(purchases)s purchases",
        purchases,
    ) % {"first": first, "last": last, "purchases": number(purchases)}


@dataclass(frozen=True)
class Asked:
    """What somebody typed in the address: what the cheapest reward costs the shop, by the unit's code."""

    minor: Mapping[str, int]
    typed: Mapping[str, str]
    errors: Mapping[str, str]

    @classmethod
    def read(cls, data: QueryDict, codes: Iterable[str], currency: str) -> "Asked":
        """Of these units. What is no amount has an error."""
        field = MoneyField(currency=currency, zero=True)
        minor, typed, errors = dict[str, int](), dict[str, str](), dict[str, str]()
        for code in codes:
            text = data.get(f"each-{code}", "").replace("\x00", "")[:30]
            if text.strip():
                typed[code] = text
                try:
                    minor[code] = field.clean(text)
                except ValidationError as refused:
                    errors[code] = refused.messages[0]
        return cls(minor, typed, errors)


@dataclass(frozen=True)
class Price:
    """What so many units cost the shop, and the sentence that says why."""

    units: int
    minor: int
    words: str

    def of(self, units: int) -> int:
        """In minor units, to the nearest."""
        return (2 * units * self.minor + self.units) // (2 * self.units)


def sums_of(rehearsal: Rehearsal, currency: str, data: QueryDict) -> list[tuple[dict[str, Any], Sums]]:
    """Of each unit its row of the result, and its sums. `data` is the address."""
    version = read_definition(0, rehearsal.definition)
    units = {unit.id: unit for unit in version.units}
    rows = (rehearsal.result or {})["units"]
    asked = Asked.read(data, (unit.code for unit in version.units), currency)
    return [(row, _sums(row, units[row["id"]], currency, asked)) for row in rows]


def _sums(row: dict[str, Any], unit: Unit, currency: str, asked: Asked) -> Sums:
    price = _price(row, unit, currency, asked)
    labels = (gettext("As it was"), gettext("By the draft"), gettext("Difference"))
    figures: list[dict[str, Any]] = [{"label": label} | FIGURE for label in labels]
    return Sums(
        name=unit.names.get(reader_language(), unit.names["en"])[1].capitalize(),
        columns=[{"label": gettext("Figure")}, *figures],
        rows=list(_lines(row, unit, currency, price)),
        reach_columns=[{"label": gettext("Reward")}, {"label": gettext("Now")} | FIGURE, *figures[1:]],
        reach=[
            _line(_reward(reach, unit, currency), reach["now"], reach["would"], number)
            for reach in row["reach"]
        ],
        words=_who(row),
        price=price.words if price else "",
        asks=_asks(row, unit, currency, asked),
    )


def _lines(row: dict[str, Any], unit: Unit, currency: str, price: Price | None) -> Iterator[dict[str, Any]]:
    def count(units: int) -> str:
        return say_units(unit, units, reader_language(), currency) if unit.kind == "credit" else number(units)

    def cost(units: int) -> str:
        return money(price.of(units) if price else 0, currency)

    given, now = (row["was"], row["would"]), (row["liability"]["now"], row["liability"]["would"])
    yield _line(gettext("Given"), *given, count)
    if price:
        yield _line(gettext("What that costs you"), *given, cost)
    yield _line(gettext("In members’ hands now"), *now, count)
    if price:
        yield _line(gettext("What you owe for that"), *now, cost)


def _line(label: str, was: int, would: int, say: Callable[[int], str]) -> dict[str, Any]:
    sign = "+" if would > was else MINUS
    more = f"{sign}{say(abs(would - was))}" if would != was else "–"
    return {"cells": [label, say(was), say(would), more]}


def _reward(reach: Mapping[str, Any], unit: Unit, currency: str) -> str:
    cost = say_units(unit, reach["cost"], reader_language(), currency)
    # A rehearsal of before knows no names.
    return (
        gettext("%(reward)s, %(units)s") % {"reward": reach["reward"], "units": cost}
        if "reward" in reach
        else cost
    )


def _price(row: Mapping[str, Any], unit: Unit, currency: str, asked: Asked) -> Price | None:
    """What a unit is worth on the bill; else what the cheapest reward costs, if somebody said so. Credit is money itself."""
    if unit.kind == "credit":
        return None
    if unit.worth:
        said = {"units": count_units(unit, unit.worth.units), "money": money(unit.worth.minor, currency)}
        words = (
            gettext("Money is reckoned by what units are worth on the bill: %(units)s = %(money)s.") % said
        )
        return Price(unit.worth.units, unit.worth.minor, words)
    if row["reach"] and unit.code in asked.minor:
        cheapest, minor = row["reach"][0], asked.minor[unit.code]
        said = {
            "reward": cheapest.get("reward", gettext("the reward")),
            "units": count_units(unit, cheapest["cost"]),
            "money": money(minor, currency),
        }
        words = gettext(
            "Money is reckoned by your cheapest reward: “%(reward)s” is had for %(units)s and costs you %(money)s."
        )
        return Price(cheapest["cost"], minor, words % said)
    return None


def _asks(row: Mapping[str, Any], unit: Unit, currency: str, asked: Asked) -> dict[str, Any] | None:
    if unit.kind == "credit" or unit.worth or not row["reach"]:
        return None
    reward = row["reach"][0].get("reward", gettext("the reward"))
    return {
        "name": f"each-{unit.code}",
        "label": gettext("What one “%(reward)s” costs you") % {"reward": reward},
        "value": asked.typed.get(unit.code, ""),
        "error": asked.errors.get(unit.code, ""),
        "kept": [(f"each-{code}", text) for code, text in asked.typed.items() if code != unit.code],
        **currency_sign(currency),
    }


def count_units(unit: Unit, units: int) -> str:
    """ "100 points"."""
    return say_units(unit, units, reader_language())


def _who(row: Mapping[str, Any]) -> str:
    more, less = (row[side]["members"] for side in ("gaining", "losing"))
    if not more and not less:
        return gettext("For nobody would it have been more or less.")
    gains = ngettext("%(count)s member gains", "%(count)s members gain", more) % {"count": number(more)}
    loses = ngettext("%(count)s member loses", "%(count)s members lose", less) % {"count": number(less)}
    return gettext("%(gains)s, %(loses)s.") % {"gains": gains, "loses": loses}


def lists_of(row: Mapping[str, Any], links: str) -> list[dict[str, Any]]:
    """Who gains most and who loses most, each with a link."""
    titles = {"gaining": gettext("Who gains most"), "losing": gettext("Who loses most")}
    names = names_of(member for side in titles for member, _more in row[side]["most"])
    columns = [{"label": gettext("Member")}, {"label": gettext("Difference")} | FIGURE]
    return [
        {
            "title": title,
            "columns": columns,
            "rows": [
                {"cells": [names[member], signed(more)], "href": f"{links}{member}/"}
                for member, more in row[side]["most"]
            ],
        }
        for side, title in titles.items()
        if row[side]["most"]
    ]


def baskets_of(row: Mapping[str, Any], currency: str, links: str) -> dict[str, Any]:
    """The purchases and other events that change most."""
    names = names_of(basket["member"] for basket in row["baskets"])
    labels = (gettext("As it was"), gettext("By the draft"))
    columns = [{"label": gettext("Member")}, {"label": gettext("Day")}, {"label": gettext("Amount")} | FIGURE]
    rows = []
    for basket in row["baskets"]:
        day = short_date(dt.datetime.fromisoformat(basket["occurred_at"]).date())
        amount = basket["amount_minor"]
        spent = say_money(amount, currency, reader_language()) if amount else "–"
        cells = [names[basket["member"]], day, spent, number(basket["was"]), number(basket["would"])]
        rows.append({"cells": cells, "href": f"{links}{basket['member']}/"})
    return {"columns": [*columns, *({"label": label} | FIGURE for label in labels)], "rows": rows}


def tiers_of(result: Mapping[str, Any]) -> dict[str, Any]:
    """How many members would be in another tier than they are."""
    nothing = gettext("no tier")
    labels = (gettext("Tier now"), gettext("By the draft"), gettext("Members"))
    return {
        "columns": [{"label": labels[0]}, {"label": labels[1]}, {"label": labels[2]} | FIGURE],
        "rows": [
            {"cells": [move["from"] or nothing, move["to"] or nothing, number(move["members"])]}
            for move in result["tiers"]
        ],
    }


def names_of(members: Iterable[str]) -> dict[str, str]:
    """What the members of these ids are called here; nobody is missing but who was never there."""
    found = Member.objects.in_bulk([UUID(member) for member in dict.fromkeys(members)])
    return {
        str(member.id): gettext("An erased member")
        if member.erased_at
        else member.name or masked_contact(member)
        for member in found.values()
    }
