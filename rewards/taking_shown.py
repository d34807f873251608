"""Taking for whoever stands at a program's till and shows something: proven first, then taken, in one transaction under one key.

A program that names a member by its id has made sure of it itself, as a web shop does where somebody signs in.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from core import idempotency
from core.idempotency import Answered, fingerprint_of
from members import queries
from members.cards import Scanned
from members.models import Member
from merchants.models import Merchant
from rewards import saying
from rewards.models import Redemption
from rewards.proof import proven
from rewards.taking import take


@dataclass(frozen=True)
class Counter:
    """What is shown there, as text and as read, and what is typed beside it: a PIN, an e-mailed code, or nothing."""

    text: str
    scanned: Scanned
    given: str = ""


def take_shown(
    *,
    merchant: Merchant,
    reward_id: UUID,
    counter: Counter,
    key: UUID,
    actor_id: UUID,
    location_id: UUID | None = None,
) -> Answered:
    """As `taking.take_reward`, for whom the counter sees. Repeating `key` gives the first answer for ever, and proves nothing anew.

    A wrong PIN is no answer: the same key may try again. What is typed is in no fingerprint, where it could be guessed.
    Raises what `taking.take_reward`, `members.queries.scanned` and `proof.prove` raise.
    """

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        taken, member = _take(merchant, reward_id, counter, location_id, actor_id=actor_id, key=key)
        return 201, saying.say_redemption(taken, member, merchant), member.id

    where = [location_id] if location_id else []
    asked = fingerprint_of("take shown", reward_id, counter.text, *where)
    return idempotency.answer_once(key, asked, work)


def preview_shown(
    *,
    merchant: Merchant,
    reward_id: UUID,
    counter: Counter,
    actor_id: UUID,
    location_id: UUID | None = None,
) -> dict[str, Any]:
    """What `take_shown` would answer now. It does the same, and undoes it; a wrong PIN counts all the same."""
    with transaction.atomic():
        taken, member = _take(merchant, reward_id, counter, location_id, actor_id=actor_id, key=None)
        said = saying.say_redemption(taken, member, merchant)
        transaction.set_rollback(True)
    return {"dry_run": True} | {name: value for name, value in said.items() if name != "id"}


def _take(
    merchant: Merchant,
    reward_id: UUID,
    counter: Counter,
    location_id: UUID | None,
    *,
    actor_id: UUID,
    key: UUID | None,
) -> tuple[Redemption, Member]:
    """`key`: None for what is only foretold: that is nobody's doing, and uses up no code."""
    member = queries.scanned(counter.scanned)
    with proven(
        merchant=merchant,
        scanned=counter.scanned,
        member=member,
        actor_id=actor_id,
        key=key,
        given=counter.given,
        channel="api",
    ):
        return take(merchant, reward_id, member.id, actor_id if key else None, location_id)
