"""What taking back does, in words: for the page that asks first, and for the toast that says it is done. It reads nothing."""

from django.utils.translation import gettext as _

from core.languages import reader_language
from loyalty.foreseeing import Consequence
from loyalty.queries import MemberStanding
from loyalty.wording import say_debt, say_units


def say_consequence(follows: Consequence, name: str, before: MemberStanding) -> list[str]:
    """Sentences: "Takes back 12 points.", "Mia goes from Gold to Silver." and so on. `before` is where the member stood."""
    unit, language = before.version.units[0], reader_language()
    said = []
    if follows.taken_back:
        said.append(_("Takes back %(units)s.") % {"units": say_units(unit, follows.taken_back, language)})
    if follows.given_back:
        said.append(_("Gives back %(units)s.") % {"units": say_units(unit, follows.given_back, language)})
    if not said:
        said.append(_("No points go back."))
    if follows.tier != before.tier and before.tier:
        after = follows.tier.name if follows.tier else _("no tier")
        tiers = {"name": name, "from": before.tier.name, "to": after}
        said.append(_("%(name)s goes from %(from)s to %(to)s.") % tiers)
    if follows.debt > before.debt:
        said.append(say_debt(name, follows.debt, unit, language))
    return said
