"""Confirming what waits for a word: units of a purchase, or of something else that happened, become usable.

A shop that sells what may come back lets units wait so. Whoever cancels the purchase instead takes them with it. How long
they live counts from the word on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from core import events, idempotency
from core.idempotency import Answered, fingerprint_of
from core.ids import key_within, public_id
from loyalty import queries
from loyalty.happenings.taking_back import HappeningUnknown
from loyalty.ledger import postings, statements
from loyalty.ledger.calls import NothingPending
from loyalty.locking import lock_member
from loyalty.models import Happening
from loyalty.programme.publishing import catch_up
from loyalty.programme.versions import version_in_force
from loyalty.purchases import undoing
from loyalty.purchases.cancelling import refuse_ended
from loyalty.rules.calendar import local_day, local_text
from loyalty.rules.expiring import dies_at
from members.models import Member
from merchants.models import Merchant

__all__ = ["NothingPending", "confirm_happening", "confirm_purchase"]


@dataclass(frozen=True)
class _Asked:
    merchant: Merchant
    cause_id: UUID
    key: UUID
    actor_id: UUID | None


@dataclass(frozen=True)
class _Cause:
    """Who has the units now, locked; whose account they were given to; by which version."""

    member: Member
    earner_id: UUID
    version: int


def confirm_purchase(*, merchant: Merchant, purchase_id: UUID, key: UUID, actor_id: UUID | None) -> Answered:
    """Make usable what a purchase gave and what waits for a word. Repeating `key` gives the first answer for ever. In the
    merchant's scope.

    Raises PurchaseUnknown, TooBusy, idempotency.KeyReused, idempotency.AnswerErased; declines with PurchaseCancelled,
    PurchaseRefunded, NothingPending. Then nothing was changed.
    """

    def find() -> _Cause:
        locked = undoing.lock_purchase(purchase_id)
        refuse_ended(locked.purchase)
        return _Cause(locked.member, locked.purchase.member_id, locked.purchase.programme_version)

    told = {"id": public_id("pur", purchase_id)}
    return _confirm(_Asked(merchant, purchase_id, key, actor_id), find, told)


def confirm_happening(
    *, merchant: Merchant, happening_id: UUID, key: UUID, actor_id: UUID | None
) -> Answered:
    """As `confirm_purchase`, of what happened but a purchase. Raises HappeningUnknown instead of PurchaseUnknown."""

    def find() -> _Cause:
        happening = Happening.objects.filter(id=happening_id).first()
        if happening is None:
            raise HappeningUnknown
        owner_id = lock_member(happening.member_id)
        owner = Member.objects.get(id=owner_id)
        return _Cause(owner, happening.member_id, happening.programme_version)

    told = {"id": public_id("evt", happening_id)}
    return _confirm(_Asked(merchant, happening_id, key, actor_id), find, told)


def _confirm(asked: _Asked, find: Callable[[], _Cause], told: dict[str, str]) -> Answered:
    def work() -> tuple[int, dict[str, Any], UUID | None]:
        cause = find()
        member, units = cause.member, _vest(cause, asked)
        if not units:
            raise NothingPending(member_id=member.id)
        events.record("units.confirmed", _fact(cause, asked))
        standing = queries.standing_of(member.id)
        answer = told | {
            "confirmed_at": local_text(timezone.now(), asked.merchant.time_zone),
            "member": {"id": public_id("mem", member.id), "name": member.name},
            "confirmed": [{"unit": code, "amount": amount} for code, amount in units.items()],
            "balances": standing.balances,
            "tier": standing.tier_answer(),
            "events": ["points.vested", "units.confirmed"],
        }
        return 201, answer, member.id

    catch_up()
    return idempotency.answer_once(asked.key, fingerprint_of("confirmation", asked.cause_id), work)


def _fact(cause: _Cause, asked: _Asked) -> dict[str, str | None]:
    return {
        "cause": str(asked.cause_id),
        "member": str(cause.earner_id),
        "actor": str(asked.actor_id) if asked.actor_id else None,
    }


def _vest(cause: _Cause, asked: _Asked) -> dict[str, int]:
    """By unit code, how many became usable. Their life begins today: none of it was lost by waiting."""
    accounts = {account.unit_id: account.id for account in statements.accounts_of(cause.member.id)}
    units = {UUID(unit.id): unit for unit in version_in_force(cause.version).units}
    zone, now = asked.merchant.time_zone, timezone.now()
    given: list[Any] = list(statements.entries_of(cause.earner_id, asked.cause_id, ("award",)))
    waiting = statements.waiting_for_a_word([award.id for award in given])
    vested: dict[str, int] = {}
    for award in given:
        if award.id in waiting:
            unit = units[award.unit_id]
            until = dies_at(unit, local_day(now, zone), zone)
            if until is not None:
                postings.prolong(account_id=accounts[award.unit_id], award_id=award.id, until=until)
            posted = postings.vest(
                account_id=accounts[award.unit_id],
                award_id=award.id,
                key=key_within(asked.key, str(award.id)),
                reasons={"code": "confirmed", "version": award.reasons.get("version", cause.version)},
                actor_id=asked.actor_id,
                now=now,
            )
            vested[unit.code] = vested.get(unit.code, 0) + posted.amount
    return vested
