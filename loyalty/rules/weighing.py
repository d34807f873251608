"""Weighs what was given against what would have been, by unit: sums, who gains and loses, which baskets change most. Pure."""

import datetime as dt
import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_CHANGED = 10


@dataclass(frozen=True, slots=True)
class Weighed:
    """A purchase, or something else that was judged; `amount_minor` is 0 where nothing was bought."""

    id: str
    member: str
    occurred_at: dt.datetime
    amount_minor: int


@dataclass(slots=True)
class Scale:
    """Of one unit: on one side what was given, on the other what would have been."""

    was: int = 0
    would: int = 0
    _members: dict[str, int] = field(default_factory=dict)  # what each has more
    _changed: list[tuple[int, int, Weighed, int, int]] = field(default_factory=list)
    _compared: int = 0

    def weigh(self, basket: Weighed, was: int, would: int) -> None:
        """One more of them, of which nothing goes back."""
        self.add(basket.member, was, would)
        self.compare(basket, was, would)

    def add(self, member: str, was: int, would: int) -> None:
        """What a member is given on both sides; below zero what goes back."""
        self.was += was
        self.would += would
        if was != would:
            self._members[member] = self._members.get(member, 0) + would - was

    def compare(self, basket: Weighed, was: int, would: int) -> None:
        """Whether it is among those that change most; of two that changed alike the earlier one is shown."""
        if was == would:
            return
        self._compared += 1
        row = (abs(would - was), -self._compared, basket, was, would)
        if len(self._changed) < MOST_CHANGED:
            heapq.heappush(self._changed, row)
        else:
            heapq.heappushpop(self._changed, row)

    def more_of(self, member: str) -> int:
        """What a member has more than it had, below zero for less."""
        return self._members.get(member, 0)

    @property
    def gaining(self) -> list[tuple[str, int]]:
        """Members who would have more, and how much; most first."""
        return sorted(((m, more) for m, more in self._members.items() if more > 0), key=_by_size)

    @property
    def losing(self) -> list[tuple[str, int]]:
        """Members who would have less, and how much; most first."""
        return sorted(((m, more) for m, more in self._members.items() if more < 0), key=_by_size)

    @property
    def members(self) -> list[tuple[str, int]]:
        """Everybody who would have more or less, and how much; whoever gains most first, whoever loses most last."""
        return [*self.gaining, *reversed(self.losing)]

    def as_json(self) -> dict[str, Any]:
        """What is kept of it: sums, how many gain and lose and the first of them, and the baskets that change most."""
        sides = {"gaining": self.gaining, "losing": self.losing}
        return {
            "was": self.was,
            "would": self.would,
            **{name: {"members": len(side), "most": side[:MOST_CHANGED]} for name, side in sides.items()},
            "baskets": [
                {
                    "id": basket.id,
                    "member": basket.member,
                    "occurred_at": basket.occurred_at.isoformat(),
                    "amount_minor": basket.amount_minor,
                    "was": was,
                    "would": would,
                }
                for _size, _place, basket, was, would in sorted(self._changed, reverse=True)
            ],
        }


def moved(
    before: Mapping[str, str | None], after: Mapping[str, str | None]
) -> list[tuple[str, str | None, str | None]]:
    """Who went from which tier to which: tiers by member, before and after. Only those who moved."""
    return [
        (member, before.get(member), tier) for member, tier in after.items() if before.get(member) != tier
    ]


def _by_size(row: tuple[str, int]) -> tuple[int, str]:
    return -abs(row[1]), row[0]
