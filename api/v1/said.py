"""How things read in answers: members, purchases, statements, the programme. It asks no permission and writes nothing."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from api.v1.new_purchases import PARTS
from api.views import say_moment
from core.ids import public_id
from core.languages import reader_language
from core.money import decimal_text
from loyalty.answers import BADGE
from loyalty.membership.story import StoryLine
from loyalty.models import Purchase, Refund
from loyalty.programme.versions import version_in_force
from loyalty.queries import MemberStanding, standings_of
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Rule, Version
from loyalty.wording import say_entry, say_reason, say_rule
from loyalty.wording.challenges import say_done
from loyalty.wording.policies import say_perk
from loyalty.wording.reader import Reader
from loyalty.wording.rules import rule_name
from members.models import Member
from merchants.models import Location, Merchant


def say_member(member: Member, merchant: Merchant) -> dict[str, Any]:
    """One member as the public contract shows it."""
    return say_members([member], merchant)[0]


def say_members(members: Sequence[Member], merchant: Merchant) -> list[dict[str, Any]]:
    """Members in their order: four queries, however many."""
    standings = standings_of([member.id for member in members]) if members else {}
    return [_member(member, standings[member.id], merchant) for member in members]


def say_purchase(purchase: Purchase, merchant: Merchant) -> dict[str, Any]:
    """A purchase as it was recorded, with what it earned and why, in the words of the version that judged it."""
    version = version_in_force(purchase.programme_version)
    tier = version.tier(str(purchase.tier_id)) if purchase.tier_id else None
    location, member = purchase.location, purchase.member.survivor
    return {
        "id": public_id("pur", purchase.id),
        "member": {"id": public_id("mem", member.id), "name": member.name},
        "amount": decimal_text(purchase.amount_minor, purchase.currency),
        "currency": purchase.currency,
        "location": {"id": public_id("loc", location.id), "name": location.name} if location else None,
        "reference": purchase.reference,
        "items": purchase.items,
        **{name: decimal_text(purchase.bill.get(kept, 0), purchase.currency) for name, kept in PARTS.items()},
        "payment": purchase.bill.get("payment", ""),
        "channel": purchase.channel,
        "awards": [_award(reason, version) for reason in purchase.told if reason["units"]],
        "badges": [_why(reason, version) for reason in purchase.reasons if reason["code"] == BADGE],
        "nearly": [_why(reason, version) for reason in purchase.told if not reason["units"]],
        "tier": tier.name if tier else None,
        "programme_version": purchase.programme_version,
        "occurred_at": say_moment(purchase.occurred_at, merchant),
        "recorded_at": say_moment(purchase.recorded_at, merchant),
        "refunded": decimal_text(purchase.refunded_minor, purchase.currency),
        "refunds": [_refund(refund, purchase, merchant) for refund in purchase.refunds.all()],
        "cancelled_at": say_moment(purchase.cancelled_at, merchant) if purchase.cancelled_at else None,
    }


def _refund(refund: Refund, purchase: Purchase, merchant: Merchant) -> dict[str, Any]:
    return {
        "id": public_id("ref", refund.id),
        "amount": decimal_text(refund.amount_minor, purchase.currency),
        "refunded_at": say_moment(refund.recorded_at, merchant),
    }


def say_line(line: StoryLine, merchant: Merchant, in_force: Version) -> dict[str, Any]:
    """One entry of a member's books, in the words of the version that it was made by."""
    number = line.reasons.get("version")
    version = version_in_force(number) if number else in_force
    rule = next((rule for rule in version.rules if rule.id == line.reasons.get("rule")), None)
    return {
        "id": public_id("ent", line.entry_id),
        "kind": line.kind,
        "unit": line.unit,
        "amount": line.amount,
        "balance": line.balance,
        "units": line.units,
        "rule": _rule_words(rule, version),
        "reason": say_entry(line.kind, line.reasons, version.currency, reader_language(), version=version),
        "note": line.note,
        "purchase": public_id("pur", line.purchase.id) if line.purchase else None,
        "cancelled": bool(line.purchase and line.purchase.cancelled_at),
        "occurred_at": say_moment(line.occurred_at, merchant),
    }


def say_programme(version: Version) -> dict[str, Any]:
    """A published version, in words and in figures."""
    codes = {unit.id: unit.code for unit in version.units}
    return {
        "name": version.name,
        "version": version.number,
        "currency": version.currency,
        "units": [
            {"code": unit.code, "names": {lang: list(pair) for lang, pair in unit.names.items()}}
            for unit in version.units
        ],
        "rules": [
            {
                "rule": say_rule(rule, version, reader_language()),
                "when": rule.trigger,
                "unit": codes.get(rule.unit),  # a badge gives none
                "amount": rule.amount,
                "per": decimal_text(rule.per_minor, version.currency) if rule.per_minor else None,
            }
            for rule in version.rules
        ],
        "tiers": [_tier(tier, version) for tier in version.tiers],
    }


def say_location(location: Location) -> dict[str, Any]:
    """A place where scans happen."""
    return {"id": public_id("loc", location.id), "name": location.name, "address": location.address}


def _member(member: Member, standing: MemberStanding, merchant: Merchant) -> dict[str, Any]:
    return {
        "id": public_id("mem", member.id),
        "name": member.name,
        "phone": member.phone,
        "email": member.email,
        "locale": member.locale,
        "birthday": member.birthday.isoformat() if member.birthday else None,
        "joined_at": say_moment(member.joined_at, merchant),
        "tags": list(member.tags),
        "balances": standing.balances,
        "tier": standing.tier_answer(),
        **_reached(standing),
    }


def _reached(standing: MemberStanding) -> dict[str, Any]:
    """What the tier brings besides units, how far challenges are, and which badges there are."""
    version, language = standing.version, reader_language()
    reader = Reader(language, version.currency, version)
    return {
        "perks": [say_perk(perk, reader) for perk in standing.tier.perks] if standing.tier else [],
        "challenges": [
            {
                "name": rule_name(one.rule, language),
                "done": one.done,
                "of": one.goal.times,
                "words": say_done(one, reader),
            }
            for one in standing.challenges
        ],
        "badges": [rule_name(rule, language) for rule in standing.badges],
    }


def _award(reason: dict[str, Any], version: Version) -> dict[str, Any]:
    code = next(unit.code for unit in version.units if unit.id == reason["unit"])
    return {"unit": code, "amount": reason["units"], **_why(reason, version)}


def _why(reason: dict[str, Any], version: Version) -> dict[str, str]:
    rule = next((rule for rule in version.rules if rule.id == reason["rule"]), None)
    return {
        "rule": _rule_words(rule, version),
        "reason": say_reason(reason, version.currency, reader_language(), version),
    }


def _rule_words(rule: Rule | None, version: Version) -> str:
    return say_rule(rule, version, reader_language()) if rule else ""


def _tier(tier: Tier, version: Version) -> dict[str, Any]:
    return {
        "name": tier.name,
        "threshold": decimal_text(tier.threshold_minor, version.currency),
        "multiplier": str(Decimal(tier.multiplier_percent) / 100),
    }
