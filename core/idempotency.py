"""At most once, same answer for ever: what was answered under a key, and whether a second asker may have it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.models import Answer
from core.tenancy import current_merchant_id


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
    """The earlier answer in the current scope, or None. Raises KeyReused, AnswerErased."""
    answer = Answer.objects.filter(key=key).first()
    return (
        None if answer is None else check(bytes(answer.fingerprint), fingerprint, answer.status, answer.body)
    )


def check(known: bytes, given: bytes, status: int, body: str) -> Answered:
    """A stored answer, for an asker with the fingerprint `given`. Raises KeyReused, AnswerErased."""
    if not body:
        raise AnswerErased
    if known != given:
        raise KeyReused
    return Answered(status=status, body=body, replayed=True)


def forget_answers(member_id: UUID) -> None:
    """Blank what was answered about a member; the keys stay, so that nothing is done a second time.

    It looks through all answers of the merchant: an index would make every purchase pay for a rare farewell.
    """
    Answer.objects.filter(member_id=member_id).update(body="", fingerprint=b"")


def answer_once(
    key: UUID, fingerprint: bytes, work: Callable[[], tuple[int, dict[str, Any], UUID | None]]
) -> Answered:
    """Do `work` and keep its (status, body, member id) under `key`, in one transaction; or repeat what was kept.

    Two askers at once: the second finds the first one's row when it writes its own, or is refused by what the first
    one's work left behind ("there is such a member already"); it loses its work and repeats.
    Raises KeyReused, AnswerErased, and whatever `work` raises, which leaves nothing behind.
    """
    earlier = recall(key, fingerprint)
    if earlier is not None:
        return earlier
    try:
        with transaction.atomic():
            status, content, member_id = work()
            body = orjson.dumps(content).decode()
            Answer.objects.create(
                merchant_id=current_merchant_id(),
                key=key,
                fingerprint=fingerprint,
                status=status,
                body=body,
                member_id=member_id,
            )
    except (IntegrityError, DomainError):
        earlier = recall(key, fingerprint)
        if earlier is None:
            raise
        return earlier
    return Answered(status=status, body=body, replayed=False)
