"""The model's nouns: lots, entries and accounts. Nothing is counted twice: a balance is summed anew each time."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

Answer = tuple[Any, ...]
NONE = UUID(int=0)
NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(eq=False)
class Lot:
    """Units that came together. Each is in one bucket."""

    born_at: dt.datetime
    expires_at: dt.datetime | None = None
    vests_at: dt.datetime | None = None
    origin: "Lot | None" = None  # whose units these were, in an account that was merged into this one
    units: Counter[str] = field(default_factory=Counter)
    id: UUID = NONE  # in the books, told where two are of one age

    def turn(self) -> tuple[Any, ...]:
        """Its place in the order of use: soonest-expiring first, then oldest."""
        return (self.expires_at or NEVER, self.born_at, self.id)

    def is_dead(self, now: dt.datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


@dataclass(eq=False)
class Entry:
    """One operation, posted or declined, what it moved (lot, from, to, units), and the lots that it made."""

    account: "Account"
    kind: str
    undoes: "Entry | None" = None
    outcome: str = "posted"
    amount: int = 0
    owed: int = 0
    until: dt.datetime | None = None  # of a hold
    parts: list[tuple[Lot, int]] = field(default_factory=list)  # of a hold: where its units are by now
    carried_by: "Entry | None" = None  # of a hold: what brought it there, if anything did
    arrival: "Entry | None" = None  # of a merge: its entry in the account that received
    moves: list[tuple[Lot, str, str, int]] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)
    key: UUID | None = None  # none: it happened by itself
    asked: tuple[str, dict[str, Any]] = ("", {})
    answer: Answer = ()

    def move(self, lot: Lot, source: str, target: str, units: int) -> None:
        """Nothing moves by nothing."""
        if units:
            lot.units[source] -= units
            lot.units[target] += units
            self.moves.append((lot, source, target, units))
            self.account.moves += 1

    def make(self, lot: Lot, units: int) -> Lot:
        """A new lot in the account, its units still to be given."""
        lot.units["issuing"] = units
        self.lots.append(lot)
        self.account.lots.append(lot)
        return lot

    def give(self, lot: Lot, source: str, units: int, grace: dt.datetime | None = None) -> None:
        """Units that come to a member repay what is owed first. The rest is available, and lives until `grace` if given."""
        repaid = min(units, self.account.debt)
        self.account.debt -= repaid
        self.move(lot, source, "repaid", repaid)
        self.move(lot, source, "available", units - repaid)
        if grace and units > repaid:
            lot.expires_at = grace

    def take(self, units: int, target: str) -> int:
        """Available units, the soonest-expiring first. The answer is how many were missing."""
        for lot in self.account.in_turn():
            part = min(units, lot.units["available"])
            self.move(lot, "available", target, part)
            units -= part
        return units

    def owe(self, units: int) -> None:
        self.owed += units
        self.account.debt += units

    def is_pending(self) -> bool:
        return any(lot.units["pending"] for lot in self.lots)

    def is_open(self) -> bool:
        return self in self.stands_in().open_holds()

    def stands_in(self) -> "Account":
        """The account of a hold's units."""
        return self.carried_by.account if self.carried_by else self.account


@dataclass(eq=False)
class Account:
    """A member's units of one kind."""

    id: UUID
    lots: list[Lot] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    holds: list[Entry] = field(default_factory=list)  # that stand here, open or closed
    debt: int = 0
    moves: int = 0

    def total(self, bucket: str) -> int:
        return sum(lot.units[bucket] for lot in self.lots)

    def in_turn(self) -> list[Lot]:
        return sorted(self.lots, key=Lot.turn)

    def post(self, kind: str, amount: int, undoes: Entry | None = None, outcome: str = "posted") -> Entry:
        self.entries.append(Entry(self, kind, undoes, outcome, amount))
        return self.entries[-1]

    def open_holds(self) -> list[Entry]:
        ends = [entry for entry in self.entries if entry.kind in ("capture", "release")]
        closed = [entry.undoes for entry in ends if entry.outcome == "posted"]
        return [hold for hold in self.holds if hold not in closed]
