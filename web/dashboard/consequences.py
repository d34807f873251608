"""What taking back does, in words: for the page that asks first, and for the toast that says it is done. It reads nothing."""

from typing import Any

from django.utils.translation import gettext as _

from core.languages import reader_language
from loyalty.rules.types import Tier, Version
from loyalty.wording import say_debt, say_units


def follows_from(
    answer: dict[str, Any], *, name: str, held: Tier | None, debt: int, version: Version
) -> list[str]:
    """Sentences for the answer of a refund or a cancellation, done or foreseen: "Takes back 12 points." and so on.

    `held` and `debt` are the member's before it.
    """
    unit, language = version.units[0], reader_language()
    taken, given = (_units(answer[part], unit.code) for part in ("taken_back", "given_back"))
    said = []
    if taken:
        said.append(_("Takes back %(units)s.") % {"units": say_units(unit, taken, language)})
    if given:
        said.append(_("Gives back %(units)s.") % {"units": say_units(unit, given, language)})
    if not said:
        said.append(_("No points go back."))
    if answer["moved_down"] and held:
        tiers = {"name": name, "from": held.name, "to": answer["tier"]["name"] or _("no tier")}
        said.append(_("%(name)s goes from %(from)s to %(to)s.") % tiers)
    owes = answer["balances"].get(unit.code, {"debt": 0})["debt"]
    if owes > debt:
        said.append(say_debt(name, owes, unit, language))
    return said


def _units(units: list[dict[str, Any]], code: str) -> int:
    return sum(part["amount"] for part in units if part["unit"] == code)
