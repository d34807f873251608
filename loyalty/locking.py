"""A member's lock, and trying again: what was judged on what is not true any more is judged anew, so often and no more."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.tenancy import current_merchant_id
from loyalty.ledger import postings
from members.queries import ids_of, survivor_id

# Under the lock only publishing can still come in between, and who takes the first of a budget.
TRIES_UNDER_LOCK = 5


class TooBusy(DomainError):
    """The programme changed under every try. Nothing was written; the same key may try again."""

    code = "busy"
    message = _("This could not be done just now. Try again in a moment.")


def lock_member(member_id: UUID) -> UUID:
    """Lock the accounts and the standing of a member, or of the one into whom it was merged. Returns whose they are.

    Raises TooBusy.
    """
    with connection.cursor() as cursor:
        values: list[Any] = [current_merchant_id(), member_id, TRIES_UNDER_LOCK]
        cursor.execute("SELECT loyalty_lock_member(%s, %s, %s)", values)
        owner_id: UUID | None = cursor.fetchone()[0]
    if owner_id is None:
        raise TooBusy
    return owner_id


def lock_together(*member_ids: UUID) -> None:
    """Lock the accounts of members who were one before, and of all who are one with any of them today, in the order of all
    locks. Raises TooBusy where somebody was merged or parted as we waited.
    """
    family = _family(*member_ids)
    for member_id in family:
        postings.lock(member_id)
    if _family(*member_ids) != family:
        raise TooBusy


def _family(*member_ids: UUID) -> list[UUID]:
    return sorted({each for member_id in member_ids for each in ids_of(survivor_id(member_id))})
