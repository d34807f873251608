"""What taking back does, in words: for the page that asks first, and for the toast that says it is done. It reads nothing."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.languages import reader_language
from loyalty.purchases.foreseeing import Consequence
from loyalty.queries import MemberStanding
from loyalty.rules.types import Unit
from loyalty.wording import say_debt, say_units
from loyalty.wording.sentences import listed


def say_consequence(follows: Consequence, name: str, before: MemberStanding) -> list[str]:
    """Sentences: "Takes back 12 points.", "Mia goes from Gold to Silver." and so on. `before` is where the member stood."""
    language, currency = reader_language(), before.version.currency

    def told(counts: Iterable[tuple[Unit, int]]) -> list[str]:
        return [say_units(unit, count, language, currency) for unit, count in counts if count]

    def debt_before(unit: Unit) -> int:
        return int(before.balances.get(unit.code, {}).get("debt", 0))

    said = []
    taken = told((each.unit, each.taken_back) for each in follows.units)
    given = told((each.unit, each.given_back) for each in follows.units)
    if taken:
        said.append(_("Takes back %(units)s.") % {"units": listed(taken, language)})
    if given:
        said.append(_("Gives back %(units)s.") % {"units": listed(given, language)})
    if not said:
        said.append(_("No points go back."))
    if follows.tier != before.tier and before.tier:
        after = follows.tier.name if follows.tier else _("no tier")
        tiers = {"name": name, "from": before.tier.name, "to": after}
        said.append(_("%(name)s goes from %(from)s to %(to)s.") % tiers)
    owed = told((each.unit, each.debt) for each in follows.units if each.debt > debt_before(each.unit))
    return [*said, say_debt(name, owed, language)] if owed else said
