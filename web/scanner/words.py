"""A member and an answer in the cashier's words: what the till's templates show. It reads nothing and decides nothing."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext

from core.ids import new_id
from core.money import read_amount, say_money
from loyalty.queries import MemberStanding
from loyalty.rules.types import Unit, Version
from loyalty.wording import say_debt, say_figure, say_number, say_others, say_owed, unit_name
from loyalty.wording.challenges import say_challenge
from loyalty.wording.reader import Reader
from members.models import Member
from web.changes import say_perks
from web.codes import takes_codes
from web.scanner.paying import paid_words
from web.tiers import pip_of, say_keeping_of, say_way_to

MOST_TOLD = 2  # a cashier reads no more, with somebody waiting


def member_words(member: Member, standing: MemberStanding, code: str, language: str) -> dict[str, Any]:
    """As `scanner/_member.html` takes it. `code` replaces what was scanned, if it is not empty; `key`: of a code that is
    entered.
    """
    tier = standing.tier
    reader = Reader(language, standing.version.currency, standing.version)
    return {
        "name": str(member),
        **_balance_words(standing.version, standing.version.units[0], standing.balances, language),
        "debt_words": say_debt(
            str(member), say_owed(standing.version, standing.balances, language), language
        ),
        "keeping": say_keeping_of(standing),
        "tier": {"name": tier.name, "pip": pip_of(tier, standing.version.tiers)} if tier else None,
        "perks": capfirst(" · ".join(say_perks(tier, standing.version))) if tier else "",
        "challenges": [say_challenge(one, reader) for one in standing.challenges if one.done][:MOST_TOLD],
        "code": code,
        "key": new_id(),
        "takes_codes": takes_codes(standing.version),
    }


def purchase_words(
    answer: dict[str, Any], amount_minor: int, version: Version, language: str
) -> dict[str, Any]:
    """As `scanner/_answer.html` takes it, from the stored answer: so a repetition shows the same."""
    unit = _head(answer["awards"], version)
    total = sum(award["amount"] for award in answer["awards"] if award["unit"] == unit.code)
    gain = say_figure(unit, total, language, version.currency)[0]
    return {
        "member": {"name": answer["member"]["name"] or gettext("Member")},
        "awards": [_award_words(award, version, language) for award in answer["awards"]],
        "nearly": [line | {"reason": capfirst(line["reason"])} for line in answer["nearly"]][:MOST_TOLD],
        "badges": [capfirst(line["reason"]) for line in answer.get("badges", ())],
        "total_awarded": gain,
        "gain_size": "longest" if len(gain) > 4 else "long" if len(gain) > 2 else "",
        **_balance_words(version, unit, answer["balances"], language),
        "tier": {
            "name": answer["tier"]["name"],
            "progress_text": progress_words(answer["tier"], version),
            "perks": _perks(answer["tier"]["name"], version),
        },
        "moved_up": answer["moved_up"],
        "debt_words": _debt_words(answer, version, language),
        "amount": say_money(amount_minor, version.currency, language),
        "paid": paid_words(answer, version),
    }


def _perks(tier: str | None, version: Version) -> str:
    """What the tier of this name brings besides units: "Gold: free delivery"."""
    found = next((one for one in version.tiers if one.name == tier), None)
    perks = say_perks(found, version) if found else []
    return gettext("%(tier)s: %(perks)s") % {"tier": tier, "perks": ", ".join(perks)} if perks else ""


def undone_words(
    undone_id: UUID, amount: str, answer: dict[str, Any], version: Version, language: str
) -> dict[str, Any]:
    """As `scanner/_undone.html` takes it, from the stored answer of a cancellation. `amount`: empty where no money went."""
    unit = _head(answer["taken_back"], version)
    taken = sum(back["amount"] for back in answer["taken_back"] if back["unit"] == unit.code)
    tier = answer["tier"]["name"]
    return {
        "purchase": str(undone_id),
        "name": answer["member"]["name"] or gettext("Member"),
        "taken_back": say_figure(unit, taken, language, version.currency)[0],
        **_balance_words(version, unit, answer["balances"], language),
        "amount": amount,
        "given_back": _given_back(answer, version, language),
        "tier_words": gettext("The tier is %(tier)s again.") % {"tier": tier}
        if answer["moved_down"] and tier
        else "",
        "debt_words": _debt_words(answer, version, language),
    }


def _given_back(answer: dict[str, Any], version: Version, language: str) -> str:
    """The units with which the bill was paid, or a reward on it: "230 points · 3 stamps". Empty where none were used."""
    reader = Reader(language, version.currency, version)
    back = {one["unit"]: one["amount"] for one in answer.get("given_back", ())}
    units = [reader.units(unit.id, back[unit.code]) for unit in version.units if unit.code in back]
    return " · ".join(units)


def _head(given: Sequence[Mapping[str, Any]], version: Version) -> Unit:
    """Whose figure is the large one: the programme's first unit, unless only others were given."""
    codes = {award["unit"] for award in given}
    return next((unit for unit in version.units if unit.code in codes), version.units[0])


def _balance_words(
    version: Version, head: Unit, balances: Mapping[str, Any], language: str
) -> dict[str, Any]:
    """The balance of one unit in two sizes, and those of the others: "3 stamps"."""
    available = balances.get(head.code, {"available": 0})["available"]
    figure, word = say_figure(head, available, language, version.currency)
    return {
        "balance": figure,
        "unit_name": word,
        "others": " · ".join(say_others(version, balances, language, head)),
    }


def _debt_words(answer: dict[str, Any], version: Version, language: str) -> str:
    """What the member owes after it, mostly nothing."""
    return say_debt(answer["member"]["name"], say_owed(version, answer["balances"], language), language)


def _award_words(award: dict[str, Any], version: Version, language: str) -> dict[str, str]:
    unit = next((unit for unit in version.units if unit.code == award["unit"]), None)
    return {
        "amount": say_figure(unit, award["amount"], language, version.currency)[0]
        if unit
        else say_number(award["amount"], language),
        "reason": award["reason"],
        "rule": award["rule"],
        "unit_name": unit_name(unit, award["amount"], language) if unit and unit != version.units[0] else "",
    }


def progress_words(tier: dict[str, Any], version: Version) -> str:
    """ "Silver · €38 to Gold", "Gold, the highest tier", or nothing without tiers."""
    upper, progress = tier["next_tier"], tier["progress"]
    if upper is None:
        return gettext("%(tier)s, the highest tier") % {"tier": tier["name"]} if tier["name"] else ""
    left = _counted(progress["next"], progress, version) - _counted(progress["current"], progress, version)
    to_go = say_way_to(upper, left, version)
    return f"{tier['name']} · {to_go}" if tier["name"] else to_go


def _counted(text: str, progress: dict[str, Any], version: Version) -> int:
    if progress.get("of", "spend") != "spend":
        return int(text)
    return read_amount(text, version.currency) if text.strip("0.") else 0
