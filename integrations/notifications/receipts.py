"""What a points letter shows: lines that add up, the balance, and the way to the next tier. It reads and writes nothing else."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from core.languages import reader_language
from core.money import say_money
from loyalty.programme import version_in_force
from loyalty.queries import MemberStanding, entry_reasons, purchase, repaid_by, standing_of
from loyalty.rules.types import Version
from loyalty.wording import say_entry, say_multiplier, say_number, say_own_debt, say_rule, unit_name

SEAL_LETTERS = 6  # more do not fit into the round of a seal


@dataclass(frozen=True)
class Line:
    """What, why, and how much of the sum it is, written with its sign."""

    what: str
    why: str
    amount: str


@dataclass(frozen=True)
class Way:
    """How far the next tier is: "€38 to Gold", "€462.50 of €500", and the percent of the way that is done."""

    sentence: str
    figures: str
    percent: int


@dataclass(frozen=True)
class Receipt:
    """Everything formatted in the language that is active."""

    amount: str
    unit: str
    reason: str
    lines: list[Line]
    balance: str
    balance_unit: str
    debt: str  # what it repaid, and what is still to repay, in sentences; mostly empty
    location: str
    tier: str
    metal: str  # "gold", "silver", "bronze" on a ladder of three, else empty
    seal: str
    way: Way | None


def receipt_of(*, member_id: UUID, entry_id: str, amount: int, purchase_id: str | None) -> Receipt:
    """The receipt of one entry of the books that gave `amount` units."""
    language, standing = reader_language(), standing_of(member_id)
    reasons = entry_reasons(entry_id) or {}
    version = version_in_force(reasons.get("version"))
    bought = purchase(UUID(purchase_id)) if purchase_id else None
    unit = standing.version.units[0]
    tier = standing.tier.name if standing.tier else ""
    return Receipt(
        amount=say_number(amount, language),
        unit=unit_name(unit, amount, language),
        reason=say_entry("award", reasons, version.currency, language),
        lines=_lines(reasons, version, language),
        balance=say_number(standing.points, language),
        balance_unit=unit_name(unit, standing.points, language),
        debt=_debt(repaid_by(entry_id), standing, language),
        location=bought.location.name if bought and bought.location else "",
        tier=tier,
        metal=_metal(standing),
        seal=tier if len(tier) <= SEAL_LETTERS else "",
        way=_way(standing, language),
    )


def _lines(reasons: dict[str, Any], version: Version, language: str) -> list[Line]:
    """The award, part by part. What was given for another reason than an amount is a line of its own."""
    if reasons.get("code") != "per_amount":
        return []
    money = say_money(reasons["spent_minor"], version.currency, language)
    base = reasons.get("base", reasons["units"])  # there is none where no tier counts for it
    rule = next((rule for rule in version.rules if rule.id == reasons["rule"]), None)
    lines = [Line(money, say_rule(rule, version, language) if rule else "", _gain(base, language))]
    more = reasons["units"] - base
    if more:
        times = say_multiplier(reasons["multiplier_percent"], language)
        why = gettext("your points count %(times)s times") % {"times": times}
        lines.append(Line(gettext("%(tier)s member") % {"tier": reasons["tier"]}, why, _gain(more, language)))
    return lines


def _debt(repaid: int, standing: MemberStanding, language: str) -> str:
    unit = standing.version.units[0]
    said = gettext("%(units)s of them repaid what was owed.") % {"units": say_number(repaid, language)}
    return " ".join(filter(None, (said if repaid else "", say_own_debt(standing.debt, unit, language))))


def _gain(units: int, language: str) -> str:
    return f"+{say_number(units, language)}"


def _metal(standing: MemberStanding) -> str:
    tiers, metals = standing.version.tiers, ("bronze", "silver", "gold")
    if standing.tier is None or len(tiers) != len(metals):
        return ""
    return metals[tiers.index(standing.tier)]


def _way(standing: MemberStanding, language: str) -> Way | None:
    after, version = standing.next_tier, standing.version
    if after is None:
        return None

    def say(minor: int) -> str:
        return say_money(minor, version.currency, language, short=True)

    left = max(after.threshold_minor - standing.progress_minor, 0)
    return Way(
        sentence=gettext("%(money)s to %(tier)s") % {"money": say(left), "tier": after.name},
        figures=gettext("%(done)s of %(all)s")
        % {"done": say(standing.progress_minor), "all": say(after.threshold_minor)},
        percent=min(100, 100 * standing.progress_minor // after.threshold_minor),
    )
