"""What holds for units and refunds as the tabs show it: a sentence each, with its blanks, what is in force, what would follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.languages import reader_language
from loyalty.rules.expiring import last_day
from loyalty.rules.paying import payable
from loyalty.rules.types import Unit, Version
from loyalty.units.in_hands import NOBODY, InHands
from loyalty.wording import unit_name
from web.dashboard.edited import Edited
from web.dashboard.sentences import Part
from web.dashboard.sentences.policies import (
    PROGRAMME,
    PolicyForm,
    least_sentence,
    life_sentence,
    policy_form,
    returns_sentence,
    unit_sentence,
)
from web.templatetags.habitue import full_date, number

HandsBy = Mapping[UUID, InHands]
ICONS = {"points": "wallet", "stamps": "grid-3x3", "credit": "receipt"}
TELLING: dict[str, Callable[[Unit, Version], list[Part]]] = {"units": unit_sentence, "expiry": life_sentence}


@dataclass(frozen=True)
class Open:
    """The blank that is being filled in."""

    line: str
    field: str
    form: PolicyForm

    @property
    def row(self) -> str:
        """Of the page: the sentence in which it is."""
        return f"line-{self.line}"

    @property
    def back(self) -> str:
        """Of the page: where the focus comes back to."""
        return f"blank-{self.line}-{self.field}"


@dataclass(frozen=True)
class Line:
    """One sentence. `was` is what it says in force, where the draft says something else; `follows` what publishing would do."""

    id: str
    icon: str
    parts: list[Part]
    is_new: bool = False
    was: str = ""
    follows: tuple[str, ...] = ()
    unit: Unit | None = None
    opened: Open | None = None
    is_first: bool = True
    is_last: bool = True
    removal: str = ""  # what taking it out does

    @property
    def words(self) -> str:
        """The whole sentence, for who hears it."""
        return said(self.parts)


def said(parts: list[Part]) -> str:
    """A sentence as plain words."""
    return "".join(part.text for part in parts)


def lines_of(tab: str, edited: Edited, hands: HandsBy, opened: Open | None = None) -> list[Line]:
    """The lines of a tab, "units" or "expiry": one for each unit; behind those what holds for all of them, on "units" where any pays."""
    version = edited.version
    found = [_unit_line(tab, unit, edited, hands, opened) for unit in version.units]
    if tab == "expiry":
        found.append(_returns_line(edited, opened))
    elif payable(version) or (opened and opened.line == PROGRAMME):
        found.append(_least_line(edited, opened))
    return found


def opened_line(version: Version, line: str, field: str, data: object = None) -> Open | None:
    """The blank of this name, with what it says now or with what was typed; None where there is none."""
    try:
        return Open(line, field, policy_form(line, field, version, data))
    except LookupError:
        return None


def _unit_line(tab: str, unit: Unit, edited: Edited, hands: HandsBy, opened: Open | None) -> Line:
    version, before = edited.version, edited.in_force.unit(unit.id)
    parts = TELLING[tab](unit, version)
    was = said(TELLING[tab](before, edited.in_force)) if before else ""
    by = hands.get(UUID(unit.id), NOBODY)
    return Line(
        id=unit.id,
        icon=ICONS[unit.kind] if tab == "units" else "hourglass",
        parts=parts,
        is_new=before is None,
        was=was if was != said(parts) else "",
        follows=tuple(_follows(tab, unit, before, version, by)),
        unit=unit,
        opened=opened if opened and opened.line == unit.id else None,
        is_first=unit is version.units[0],
        is_last=unit is version.units[-1],
        removal=_removal(unit, version, by) if tab == "units" else "",
    )


def _returns_line(edited: Edited, opened: Open | None) -> Line:
    parts = returns_sentence(edited.version)
    is_changed = edited.version.returns != edited.in_force.returns
    follows = (_("Purchases that are there keep what was in force when they were made."),)
    return Line(
        id=PROGRAMME,
        icon="rotate-ccw",
        parts=parts,
        was=said(returns_sentence(edited.in_force)) if is_changed else "",
        follows=follows if is_changed else (),
        opened=opened if opened and opened.line == PROGRAMME else None,
    )


def _least_line(edited: Edited, opened: Open | None) -> Line:
    parts = least_sentence(edited.version)
    is_changed = edited.version.least_in_money_minor != edited.in_force.least_in_money_minor
    return Line(
        id=PROGRAMME,
        icon="receipt",
        parts=parts,
        was=said(least_sentence(edited.in_force)) if is_changed else "",
        opened=opened if opened and opened.line == PROGRAMME else None,
    )


def _follows(tab: str, unit: Unit, before: Unit | None, version: Version, by: InHands) -> list[str]:
    if tab == "units":
        found = [] if before is None or before.kind == unit.kind or not by.members else [_counted(unit, by)]
        gives = any(rule.unit == unit.id and rule.gives != "badge" and rule.active for rule in version.rules)
        return found if gives else [*found, _("No sentence gives them yet.")]
    if before is None:
        return []
    found = [_expiring(unit, by)] if before.expiry != unit.expiry and by.members else []
    if (before.vesting, before.vesting_days) != (unit.vesting, unit.vesting_days):
        found.append(_("This holds for what is given from then on."))
    return found


def _removal(unit: Unit, version: Version, by: InHands) -> str:
    """What taking it out does, in sentences."""
    count = sum(rule.unit == unit.id and rule.gives != "badge" for rule in version.rules)
    found = []
    if count:
        words = ngettext(
            "%(count)s sentence gives it and goes with it.",
            "%(count)s sentences give it and go with it.",
            count,
        )
        found.append(words % {"count": number(count)})
    if by.members:
        kept = _("%(have)s. The books keep those, and no page shows them until it is back.")
        found.append(kept % {"have": who_has(unit, by)})
    return " ".join(found) or _("Nobody has any of it, and no sentence gives it.")


def who_has(unit: Unit, by: InHands) -> str:
    """ "312 members have points"; the start of what would follow."""
    words = ngettext("%(count)s member has %(units)s", "%(count)s members have %(units)s", by.members)
    return words % {"count": number(by.members), "units": unit_name(unit, 2, reader_language())}


def _counted(unit: Unit, by: InHands) -> str:
    return _("%(have)s: the numbers stay, and are read in another way.") % {"have": who_has(unit, by)}


def _expiring(unit: Unit, by: InHands) -> str:
    """Were it published today: nothing that members have dies earlier than what is given on that day."""
    last, said = last_day(unit.expiry, timezone.localdate()), {"have": who_has(unit, by)}
    if last is None:
        return _("%(have)s: none of those would expire any more.") % said
    said["day"] = full_date(last)
    if unit.expiry.kind == "inactivity":
        return (
            _("%(have)s: of whoever does not come, the first expire on %(day)s, one full period later.")
            % said
        )
    return _("%(have)s: the first of those expire on %(day)s, one full period later.") % said
