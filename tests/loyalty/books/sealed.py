"""The real books, asked through their doors, in the model's words."""

import datetime as dt
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from core import tenancy
from core.errors import Decline
from core.idempotency import KeyReused
from core.ids import moment_of
from loyalty.ledger import postings
from loyalty.ledger.models import Lot as SealedLot
from tests.loyalty.books.accounts import NONE, Lot

BESIDE = {"reasons": {"code": "machine"}, "actor_id": None}


@dataclass(frozen=True)
class Shop:
    """A merchant with accounts that are still empty: the last one in another unit than the others."""

    merchant_id: UUID
    accounts: tuple[UUID, ...]


class Sealed:
    """The doors, in one transaction that never commits, in one shop's scope after the other."""

    def __init__(self) -> None:
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.scope = ExitStack()
        self.answers: dict[UUID, tuple[Any, ...]] = {}

    def enter(self, shop: Shop) -> None:
        """Go over to a shop."""
        self.scope.close()
        self.scope.enter_context(tenancy.scope(shop.merchant_id))

    def leave(self) -> None:
        """Undo everything, after an error too."""
        transaction.set_rollback(True)
        self.scope.close()
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    def perform(self, door: str, *, is_known: bool, **asked: Any) -> tuple[Any, ...]:
        """What the door answers, in the model's words. What is known is answered as before, in every detail."""
        key = asked["key"]
        try:
            posted = getattr(postings, door)(**words_of(door, asked))
        except KeyReused:
            return ("idempotency_key_reused",)
        except Decline as declined:
            answer: tuple[Any, ...] = (declined.code, declined.detail)
        else:
            answer = ("posted", posted.amount, posted.available, posted.debt, posted.last_seq)
            assert posted.replayed == is_known
        if is_known:
            assert answer == self.answers[key]
        self.answers[key] = answer
        return answer if answer[0] == "posted" else answer[:1]

    def refuse(self, door: str, **asked: Any) -> None:
        """Asked so, a door raises an error, and leaves nothing behind."""
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT refused")
            with pytest.raises(DatabaseError, match="ledger: "):
                getattr(postings, door)(**words_of(door, asked))
            cursor.execute("ROLLBACK TO SAVEPOINT refused")


def words_of(door: str, asked: dict[str, Any]) -> dict[str, Any]:
    """The door's own arguments."""
    words = BESIDE | asked
    if door in {"award", "spend", "hold"}:
        words["cause_id"] = None
    if door == "award":
        words["occurred_at"] = words.pop("now")
    return words


def learn_ids(lots: list[Lot], entry_id: UUID) -> None:
    """Tell the model the ids of the lots that an entry made out of others: they decide between two of one age.

    A lot's origin is known by its own id, or by its age: no two awards are of one moment here.
    """
    lots = [lot for lot in lots if lot.origin and lot.id == NONE]
    if not lots:
        return
    made = SealedLot.objects.filter(entry_id=entry_id).order_by("seq")
    for lot_id, came_from in made.values_list("id", "came_from"):
        # Two of one origin, one of them set aside, are made in the same order here and there.
        for lot in lots:
            origin = lot.origin if lot.id == NONE else None
            if origin and came_from and origin.id in {came_from, NONE} and is_of_age(came_from, origin):
                lot.id, origin.id = lot_id, came_from
                break


def is_of_age(lot_id: UUID, lot: Lot) -> bool:
    """An id begins with its moment, to the millisecond."""
    return abs(moment_of(lot_id) - lot.born_at) < dt.timedelta(milliseconds=2)
