"""What is answered about purchases, balances and tiers: one shape for the API, the scanner and the stored answer.

Shapes follow the public contract: money as decimal text, units as integers, times as RFC 3339, ids prefixed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.ids import public_id
from core.languages import reader_language
from core.money import decimal_text
from loyalty.purchases.recording import carry, credit
from loyalty.rules.calendar import last_day_before
from loyalty.rules.expiring import FOR_EVER, Lasting, carried_until
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Unit, Version
from loyalty.rules.verdicts import Reason, Verdict
from loyalty.wording import say_reason, say_rule

if TYPE_CHECKING:
    from loyalty.purchases.reading import State
    from loyalty.standings.climbing import Warned


BADGE = "badge"  # the code of a reason that gave one
# Of a unit that is new in the programme a member has no account before the first award: a dry run opens none.
_NOTHING = {"available": 0, "pending": 0, "held": 0, "debt": 0, "seq": 0, "expiring": None}


def purchase_answer(
    purchase_id: UUID | None,
    state: State,
    verdict: Verdict,
    version: Version,
    zone: str,
    *,
    occurred_at: dt.datetime,
    lives: Mapping[str, Lasting],
) -> dict[str, Any]:
    """The answer to a purchase: awards with reasons, balances, tier. `purchase_id` is None for a dry run.

    `zone` is the merchant's time zone: the day on which units end is that of the shop's calendar. `lives`: as
    `rules.expiring.lastings_of` has them.
    """
    accounts = _accounts_after(
        state, verdict, lives, carried_until(version, occurred_at, zone, state.last_purchase_at)
    )
    units = {unit.id: unit for unit in version.units}
    head: dict[str, Any] = {"id": public_id("pur", purchase_id)} if purchase_id else {"dry_run": True}
    assert state.member_id is not None  # admitted
    return head | {
        "member": {"id": public_id("mem", state.member_id), "name": state.member_name},
        "awards": [
            {"unit": units[award.unit].code, "amount": award.amount, **reason_words(award.reason, version)}
            for award in verdict.awards
        ],
        "badges": [reason_words(reason, version) for reason in verdict.reasons if reason.code == BADGE],
        "nearly": [reason_words(reason, version) for reason in verdict.reasons if reason.is_near],
        "balances": _balances(accounts, units, zone),
        "tier": tier_answer(verdict.tier, verdict.progress_minor, version),
        "moved_up": verdict.moved_up,
        "rewards_in_reach": [],
        "events": ["points.earned"] * bool(verdict.awards) + ["tier.reached"] * verdict.moved_up,
    }


def tier_answer(
    tier: Tier | None, progress: int, version: Version, warned: Warned | None = None
) -> dict[str, Any]:
    """A standing: the tier's name (null below the first), progress and the next threshold (null at the top).

    `of` says what is counted: "spend" (money), "visits", or the code of the unit. `keep` stands there only where the tier is
    about to be lost.
    """
    after, climbing = version.tier_after(tier), version.ladder.climbing
    return {
        "name": tier.name if tier else None,
        "progress": {
            "current": _amount(progress, version),
            "next": _amount(after.threshold_minor, version) if after else None,
            "of": version.units[0].code if climbing == "units" else climbing,
        },
        "next_tier": after.name if after else None,
    } | ({"keep": {"more": _amount(warned.short, version), "by": warned.by.isoformat()}} if warned else {})


def _amount(progress: int, version: Version) -> str:
    is_money = version.ladder.climbing == "spend"
    return decimal_text(progress, version.currency) if is_money else str(progress)


def reason_words(reason: Reason, version: Version) -> dict[str, str]:
    """The rule and its reason, in the language of the request."""
    language = reader_language()
    rule = next(rule for rule in version.rules if rule.id == reason.rule)
    return {
        "rule": say_rule(rule, version, language),
        "reason": say_reason(reason.as_json(), version.currency, language, version),
    }


def _accounts_after(
    state: State, verdict: Verdict, lives: Mapping[str, Lasting], until: Mapping[str, dt.datetime]
) -> list[dict[str, Any]]:
    """As `State.accounts` has them, the visit and its awards included."""
    accounts = {account["unit"]: account for account in state.accounts}
    for unit, moment in until.items():
        if unit in accounts:
            carry(accounts[unit], moment)
    for award in verdict.awards:
        account = accounts.setdefault(award.unit, {"unit": award.unit} | _NOTHING)
        credit(account, award.amount, lives.get(award.unit, FOR_EVER))
    return list(accounts.values())


def balances_answer(accounts: list[dict[str, Any]] | None, zone: str) -> dict[str, Any]:
    """The balances of accounts that bring their units' codes, as `loyalty_accounts_at` tells them."""
    return {account["code"]: _balance(account, zone) for account in accounts or ()}


def _balances(accounts: list[dict[str, Any]], units: Mapping[str, Unit], zone: str) -> dict[str, Any]:
    """By unit code. One that the programme had before is not told of."""
    return {
        units[account["unit"]].code: _balance(account, zone)
        for account in accounts
        if account["unit"] in units
    }


def _balance(account: dict[str, Any], zone: str) -> dict[str, Any]:
    """The day of an end is the last on which units can be used."""
    return {
        "available": account["available"],
        "pending": account["pending"],
        "held": account["held"],
        "debt": account["debt"],
        "expiring": [
            {"amount": count, "on": _day(moment, zone)} for moment, count in account["expiring"] or []
        ],
    }


def _day(moment: str, zone: str) -> str:
    return last_day_before(dt.datetime.fromisoformat(moment), zone).isoformat()
