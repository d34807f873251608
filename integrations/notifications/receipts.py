"""What a points letter shows: lines that add up, the balance, and the way to the next tier. It reads and writes nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from core.languages import reader_language
from core.money import say_money
from loyalty.clock import today_there
from loyalty.programme.versions import version_in_force
from loyalty.purchases.queries import purchase
from loyalty.queries import MemberStanding, entry_reasons, repaid_by, standing_of
from loyalty.rules.types import Unit, Version
from loyalty.wording import (
    say_climbed,
    say_entry,
    say_expiring,
    say_figure,
    say_keeping,
    say_multiplier,
    say_number,
    say_others,
    say_owed,
    say_own_debt,
    say_rule,
    unit_name,
)

SEAL_LETTERS = 6  # more do not fit into the round of a seal


@dataclass(frozen=True)
class Given:
    """Units that one entry of the books gave; those of the programme's first unit may leave its name out."""

    entry: str
    amount: int
    unit: str | None = None


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
    others: str  # what there is of other units: "3 stamps · €5 of credit"; mostly empty
    expiring: list[str]  # what dies soon, in sentences without a full stop
    debt: str  # what it repaid, and what is still to repay, in sentences; mostly empty
    location: str
    tier: str
    metal: str  # "gold", "silver", "bronze" on a ladder of three, else empty
    seal: str
    way: Way | None


@dataclass(frozen=True)
class TierWarning:
    """What keeps a tier that is about to be lost, in the language that is active."""

    sentence: str
    so_far: str


def warning_of(member_id: UUID) -> TierWarning | None:
    """Of a member whose tier is about to be lost; None for who has none to lose, or has made it good by now."""
    language, standing = reader_language(), standing_of(member_id)
    warned, tier, version = standing.warned, standing.tier, standing.version
    if warned is None or tier is None:
        return None
    return TierWarning(
        sentence=say_keeping(warned.short, warned.by, tier, version, language),
        so_far=gettext("%(money)s so far") % {"money": say_climbed(standing.progress, version, language)},
    )


def receipt_of(*, member_id: UUID, given: Sequence[Given], purchase_id: str | None) -> Receipt:
    """The receipt of what was given for one thing. Its sum is in one unit: the programme's first, where it gave any."""
    language, standing = reader_language(), standing_of(member_id)
    told = [(one, entry_reasons(one.entry) or {}) for one in given]
    bought = purchase(UUID(purchase_id)) if purchase_id else None
    unit = _head(given, standing.version)
    mine = [(one, reasons) for one, reasons in told if one.unit in (None, unit.id)]
    amount = sum(one.amount for one, _reasons in mine)
    balance = standing.balances.get(unit.code, {"available": 0})["available"]
    figure, word = say_figure(unit, balance, language, standing.version.currency)
    tier = standing.tier.name if standing.tier else ""
    first = told[0][1]
    version = version_in_force(first.get("version"))
    return Receipt(
        amount=say_figure(unit, amount, language, version.currency)[0],
        unit=say_figure(unit, amount, language, version.currency)[1],
        reason=say_entry("award", first, version.currency, language, version=version)
        if len(told) == 1
        else "",
        lines=_lines(first, version, language) if len(told) == 1 else _all_lines(told, unit, language),
        balance=figure,
        balance_unit=word,
        others=" · ".join(say_others(standing.version, standing.balances, language, unit)),
        expiring=say_expiring(standing.version, standing.balances, language, today_there()),
        debt=_debt(sum(repaid_by(one.entry) for one, _reasons in mine), unit, standing, language),
        location=bought.location.name if bought and bought.location else "",
        tier=tier,
        metal=_metal(standing),
        seal=tier if len(tier) <= SEAL_LETTERS else "",
        way=_way(standing, language),
    )


def _head(given: Sequence[Given], version: Version) -> Unit:
    wanted = {one.unit for one in given}
    first = version.units[0]
    if wanted & {None, first.id}:
        return first
    return next((unit for unit in version.units if unit.id in wanted), first)


def _all_lines(told: Sequence[tuple[Given, dict[str, Any]]], head: Unit, language: str) -> list[Line]:
    """What several rules gave, those of the sum first; of another unit, with its name."""
    lines = []
    for one, reasons in sorted(told, key=lambda pair: pair[0].unit not in (None, head.id)):
        version = version_in_force(reasons.get("version"))
        unit = next((unit for unit in version.units if unit.id == one.unit), head)
        parts = _lines(reasons, version, language) if unit.id == head.id else []
        rule = version.rule(reasons.get("rule", ""))
        amount = _gain(one.amount, language)
        if unit.id != head.id:
            amount = f"{amount} {unit_name(unit, one.amount, language)}"
        why = say_rule(rule, version, language) if rule else ""
        lines += parts or [
            Line(say_entry("award", reasons, version.currency, language, version=version), why, amount)
        ]
    return lines


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


def _debt(repaid: int, unit: Unit, standing: MemberStanding, language: str) -> str:
    version = standing.version
    figure = say_figure(unit, repaid, language, version.currency)[0]
    said = gettext("%(units)s of them repaid what was owed.") % {"units": figure}
    owed = say_owed(version, standing.balances, language)
    return " ".join(filter(None, (said if repaid else "", say_own_debt(owed, language))))


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

    def say(progress: int) -> str:
        return say_climbed(progress, version, language)

    left = max(after.threshold_minor - standing.progress, 0)
    return Way(
        sentence=gettext("%(money)s to %(tier)s") % {"money": say(left), "tier": after.name},
        figures=gettext("%(done)s of %(all)s")
        % {"done": say(standing.progress), "all": say(after.threshold_minor)},
        percent=min(100, 100 * standing.progress // after.threshold_minor),
    )
