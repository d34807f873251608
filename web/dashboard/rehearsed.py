"""What a rehearsal found, as rows of tables. Members are looked up by name; who was erased since has none."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, ngettext

from core.languages import reader_language
from core.money import say_money
from loyalty.models import Rehearsal
from loyalty.rules.definition import read_definition
from loyalty.rules.types import Unit
from loyalty.wording import say_units
from members.models import Member
from web.dashboard.person import masked_contact
from web.templatetags.habitue import MINUS, full_date, number, short_date, signed

FIGURE: dict[str, Any] = {"figure": True}


@dataclass(frozen=True)
class Sums:
    """The table above the others: what was given of a unit, what members have, and how many could take a reward."""

    name: str
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    words: str  # who gains and who loses, in a sentence


def days_of(result: Mapping[str, Any]) -> str:
    """ "24 August 2026 to 22 November 2026, 3,120 purchases"."""
    first, last = (full_date(dt.date.fromisoformat(result[end])) for end in ("since", "until"))
    purchases = result["purchases"]
    return ngettext(
        "%(first)s to %(last)s, %(purchases)s purchase",
        "%(first)s to %(last)s, %(purchases)s purchases",
        purchases,
    ) % {"first": first, "last": last, "purchases": number(purchases)}


def sums_of(rehearsal: Rehearsal, currency: str) -> list[tuple[dict[str, Any], Sums]]:
    """Of each unit its row of the result, and its sums."""
    version = read_definition(0, rehearsal.definition)
    units = {unit.id: unit for unit in version.units}
    rows = (rehearsal.result or {})["units"]
    return [(row, _sums(row, units[row["id"]], currency)) for row in rows]


def _sums(row: dict[str, Any], unit: Unit, currency: str) -> Sums:
    language = reader_language()

    def line(label: str, was: int, would: int) -> dict[str, Any]:
        cells = [_figure(unit, units, currency) for units in (was, would)]
        more = _figure(unit, abs(would - was), currency)
        sign = "+" if would > was else MINUS
        return {"cells": [label, *cells, f"{sign}{more}" if would != was else "–"]}

    rows = [
        line(gettext("Given"), row["was"], row["would"]),
        line(gettext("In members’ hands now"), row["liability"]["now"], row["liability"]["would"]),
    ]
    for reach in row["reach"]:
        cost = say_units(unit, reach["cost"], language, currency)
        label = gettext("Members with %(units)s, enough for a reward") % {"units": cost}
        more = reach["would"] - reach["now"]
        cells = [label, number(reach["now"]), number(reach["would"]), signed(more) if more else "–"]
        rows.append({"cells": cells})
    labels = (gettext("As it was"), gettext("By the draft"), gettext("Difference"))
    columns: list[dict[str, Any]] = [
        {"label": gettext("Figure")},
        *({"label": label} | FIGURE for label in labels),
    ]
    return Sums(unit.names.get(language, unit.names["en"])[1].capitalize(), columns, rows, _who(row))


def _figure(unit: Unit, units: int, currency: str) -> str:
    """Under the unit's name its name would only take room; credit is money."""
    return say_units(unit, units, reader_language(), currency) if unit.kind == "credit" else number(units)


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
    names = _names(member for side in titles for member, _more in row[side]["most"])
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
    names = _names(basket["member"] for basket in row["baskets"])
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


def _names(members: Any) -> dict[str, str]:
    found = Member.objects.in_bulk([UUID(member) for member in dict.fromkeys(members)])
    return {
        str(member.id): gettext("An erased member")
        if member.erased_at
        else member.name or masked_contact(member)
        for member in found.values()
    }
