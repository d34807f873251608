"""A member and an answer in the cashier's words: what the till's templates show. It reads nothing and decides nothing."""

from typing import Any

from django.utils.translation import gettext

from core.money import read_amount, say_money
from loyalty.models import Purchase
from loyalty.queries import MemberStanding
from loyalty.rules.types import Version
from loyalty.wording import say_debt, say_number, unit_name
from members.models import Member
from web.tiers import pip_of, say_way_to


def member_words(member: Member, standing: MemberStanding, code: str, language: str) -> dict[str, Any]:
    """As `scanner/_member.html` takes it. `code` replaces what was scanned, if it is not empty."""
    tier = standing.tier
    return {
        "name": str(member),
        "balance": say_number(standing.points, language),
        "unit_name": unit_name(standing.version.units[0], standing.points, language),
        "debt_words": say_debt(str(member), standing.debt, standing.version.units[0], language),
        "tier": {"name": tier.name, "pip": pip_of(tier, standing.version.tiers)} if tier else None,
        "code": code,
    }


def purchase_words(
    answer: dict[str, Any], amount_minor: int, version: Version, language: str
) -> dict[str, Any]:
    """As `scanner/_answer.html` takes it, from the stored answer: so a repetition shows the same."""
    unit = version.units[0]
    total = sum(award["amount"] for award in answer["awards"] if award["unit"] == unit.code)
    gain = say_number(total, language)
    balance = answer["balances"].get(unit.code, {"available": 0})["available"]
    return {
        "member": {"name": answer["member"]["name"] or gettext("Member")},
        "awards": [_award_words(award, version, language) for award in answer["awards"]],
        "nearly": [line["reason"] for line in answer["nearly"]],
        "total_awarded": gain,
        "gain_size": "longest" if len(gain) > 4 else "long" if len(gain) > 2 else "",
        "balance": say_number(balance, language),
        "unit_name": unit_name(unit, balance, language),
        "tier": {
            "name": answer["tier"]["name"],
            "progress_text": progress_words(answer["tier"], version),
        },
        "moved_up": answer["moved_up"],
        "debt_words": _debt_words(answer, version, language),
        "amount": say_money(amount_minor, version.currency, language),
    }


def undone_words(
    purchase: Purchase, answer: dict[str, Any], version: Version, language: str
) -> dict[str, Any]:
    """As `scanner/_undone.html` takes it, from the stored answer of a cancellation."""
    unit = version.units[0]
    balance = answer["balances"].get(unit.code, {"available": 0})["available"]
    tier = answer["tier"]["name"]
    return {
        "purchase": str(purchase.id),
        "name": answer["member"]["name"] or gettext("Member"),
        "taken_back": say_number(sum(taken["amount"] for taken in answer["taken_back"]), language),
        "balance": say_number(balance, language),
        "unit_name": unit_name(unit, balance, language),
        "amount": say_money(purchase.amount_minor, purchase.currency, language),
        "tier_words": gettext("The tier is %(tier)s again.") % {"tier": tier}
        if answer["moved_down"] and tier
        else "",
        "debt_words": _debt_words(answer, version, language),
    }


def _debt_words(answer: dict[str, Any], version: Version, language: str) -> str:
    """What the member owes after it, mostly nothing. An answer that was kept before there were debts says none."""
    unit = version.units[0]
    debt = answer["balances"].get(unit.code, {}).get("debt", 0)
    return say_debt(answer["member"]["name"], debt, unit, language)


def _award_words(award: dict[str, Any], version: Version, language: str) -> dict[str, str]:
    unit = next((unit for unit in version.units if unit.code == award["unit"]), None)
    return {
        "amount": say_number(award["amount"], language),
        "reason": award["reason"],
        "rule": award["rule"],
        "unit_name": unit_name(unit, award["amount"], language) if unit else "",
    }


def progress_words(tier: dict[str, Any], version: Version) -> str:
    """ "Silver · €38 to Gold", "Gold, the highest tier", or nothing without tiers."""
    upper, progress = tier["next_tier"], tier["progress"]
    if upper is None:
        return gettext("%(tier)s, the highest tier") % {"tier": tier["name"]} if tier["name"] else ""
    left = _minor(progress["next"], version) - _minor(progress["current"], version)
    to_go = say_way_to(upper, left, version.currency)
    return f"{tier['name']} · {to_go}" if tier["name"] else to_go


def _minor(text: str, version: Version) -> int:
    return read_amount(text, version.currency) if text.strip("0.") else 0
