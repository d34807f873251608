"""At most once, same answer for ever: what was answered under a key, and whether a second asker may have it.

A decline is an answer like any other: kept as the problem it was told as, and raised again in the words of then.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Decline, DomainError, as_problem
from core.models import Answer
from core.tenancy import current_merchant_id

DECLINED = 409  # the status of every decline


class KeyReused(DomainError):
    """The key was used before, for something else."""

    code = "idempotency_key_reused"
    message = _("This key was already used for a different request. Use a new key for a new request.")


class AnswerErased(DomainError):
    """The key was used before, by or for a member who has been erased since."""

    code = "answer_erased"
    message = _("This was answered before, and its member has been erased since. Nothing was done again.")


@dataclass(frozen=True)
class Answered:
    """A stored answer: HTTP status, JSON text, and whether this is a repetition."""

    status: int
    body: str
    replayed: bool


def fingerprint_of(*parts: Any) -> bytes:
    """A digest of what was asked; equal inputs, equal digest."""
    return hashlib.blake2b(
        orjson.dumps(parts, option=orjson.OPT_SORT_KEYS, default=str), digest_size=16
    ).digest()


def recall(key: UUID, fingerprint: bytes) -> Answered | None:
    """The earlier answer in the current scope, or None. Raises KeyReused, AnswerErased, the Decline it was."""
    answer = Answer.objects.filter(key=key).first()
    return (
        None if answer is None else check(bytes(answer.fingerprint), fingerprint, answer.status, answer.body)
    )


def check(known: bytes, given: bytes, status: int, body: str) -> Answered:
    """A stored answer, for an asker with the fingerprint `given`. Raises KeyReused, AnswerErased, the Decline it was."""
    if not body:
        raise AnswerErased
    if known != given:
        raise KeyReused
    answered = Answered(status=status, body=body, replayed=True)
    if status == DECLINED:
        raise Decline.again(answered)
    return answered


def is_answered(keys: Iterable[UUID]) -> bool:
    """Whether anything was answered under one of these keys, whatever it was. In the current scope."""
    return Answer.objects.filter(key__in=list(keys)).exists()


def answers_to(keys: Iterable[UUID]) -> list[str]:
    """What was answered under these keys, where it is still known; declines left out. In the current scope."""
    kept = Answer.objects.filter(key__in=list(keys)).exclude(status=DECLINED).exclude(body="")
    return list(kept.order_by("key").values_list("body", flat=True))


def forget_answers(member_id: UUID) -> None:
    """Blank what was answered about a member; the keys stay, so that nothing is done a second time.

    It looks through all answers of the merchant: an index would make every purchase pay for a rare farewell.
    """
    Answer.objects.filter(member_id=member_id).update(body="", fingerprint=b"")


def answer_once(
    key: UUID,
    fingerprint: bytes,
    work: Callable[[], tuple[int, dict[str, Any], UUID | None]],
    *,
    member_id: UUID | None = None,
) -> Answered:
    """Do `work` and keep its (status, body, member id) under `key`, in one transaction; or repeat what was kept.

    A Decline out of `work` undoes what it did and is kept instead; `member_id` tells whom it is about, where it does not.

    Two askers at once: the second finds the first one's row when it writes its own, or is refused by what the first
    one's work left behind ("there is such a member already"); it loses its work and repeats.
    Raises KeyReused, AnswerErased, the Decline that is or was the answer, and whatever else `work` raises, which leaves
    nothing behind.
    """
    earlier = recall(key, fingerprint)
    if earlier is not None:
        return earlier
    try:
        with transaction.atomic():
            status, content, about = work()
            answered = Answered(status, orjson.dumps(content).decode(), replayed=False)
            _keep(key, fingerprint, answered, about)
    except Decline as decline:
        decline.member_id = decline.member_id or member_id
        return keep_decline(key, fingerprint, decline)
    except (IntegrityError, DomainError):
        earlier = recall(key, fingerprint)
        if earlier is None:
            raise
        return earlier
    return answered


def fill(key: UUID, body: str) -> None:
    """Write the text of an answer whose key and status a function of the database took, in the same transaction. One statement."""
    Answer.objects.filter(key=key).update(body=body)


def keep_decline(key: UUID, fingerprint: bytes, decline: Decline) -> Answered:
    """Keep a decline under its key and raise it; what it refused must be undone already. In the current scope.

    Where the same request was answered meanwhile, that answer is the one: it is returned, or raised if it is a decline.
    Raises Decline, KeyReused, AnswerErased.
    """
    if decline.answered is not None:
        raise decline  # it was kept before
    problem = orjson.dumps(as_problem(decline, DECLINED)).decode()
    answered = Answered(DECLINED, problem, replayed=False)
    try:
        with transaction.atomic():
            _keep(key, fingerprint, answered, decline.member_id)
    except IntegrityError:
        earlier = recall(key, fingerprint)
        if earlier is None:
            raise
        return earlier
    decline.answered = answered
    raise decline


def _keep(key: UUID, fingerprint: bytes, answered: Answered, member_id: UUID | None) -> None:
    Answer.objects.create(
        merchant_id=current_merchant_id(),
        key=key,
        fingerprint=fingerprint,
        status=answered.status,
        body=answered.body,
        member_id=member_id,
    )
