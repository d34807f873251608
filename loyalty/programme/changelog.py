"""The change log: which versions there were and are to come, what each changed, who published it and why."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from django.db.models import Q
from django.utils import timezone

from loyalty.models import Programme, ProgrammeVersion
from loyalty.programme.versions import in_force
from loyalty.rules.comparing import Difference, differences
from loyalty.rules.definition import read_definition
from loyalty.rules.types import Version

State = Literal["to_come", "in_force", "was", "withdrawn"]
A_PAGE = 20


@dataclass(frozen=True)
class Logged:
    """A version in the log. `before` is the one that it came after; None for the first, and for one that was withdrawn."""

    version: Version
    before: Version | None
    state: State
    effective_at: dt.datetime
    published_at: dt.datetime
    withdrawn_at: dt.datetime | None
    who: str  # a name; empty for the system
    note: str

    @cached_property
    def changes(self) -> list[Difference]:
        """What it changed."""
        return differences(self.before, self.version) if self.before else []


def versions(*, after: int | None = None, limit: int = A_PAGE, with_withdrawn: bool = True) -> list[Logged]:
    """The current merchant's versions by the moment they came (or were to come) into force, newest first. Four queries.

    `after`: the number of the last one on the page before; none if there is no such version. Members read it without those that were withdrawn: what
    was never in force is the team's own affair.
    """
    lasting = ProgrammeVersion.objects.order_by("-effective_at", "-number").filter(withdrawn_at=None)
    found = ProgrammeVersion.objects.order_by("-effective_at", "-number") if with_withdrawn else lasting
    found = found.select_related("published_by__user")
    if after is not None:
        last = ProgrammeVersion.objects.filter(number=after).first()
        found = found.filter(_older_than(last)) if last else found.none()
    rows = list(found[:limit])
    if not rows:
        return []
    known = [*rows, *lasting.filter(_older_than(rows[-1]))[:1]]
    number = Programme.objects.values_list(in_force(), flat=True).get()
    return [_logged(row, known[place + 1 :], number) for place, row in enumerate(rows)]


def numbers(limit: int = 100) -> list[int]:
    """The numbers of the newest versions, newest first."""
    return list(ProgrammeVersion.objects.order_by("-number").values_list("number", flat=True)[:limit])


def _older_than(row: ProgrammeVersion) -> Q:
    return Q(effective_at__lt=row.effective_at) | Q(effective_at=row.effective_at, number__lt=row.number)


def kept_version(number: int) -> Version | None:
    """The version of that number, withdrawn or not."""
    row = ProgrammeVersion.objects.filter(number=number).first()
    return read_definition(row.number, row.definition) if row else None


def _logged(row: ProgrammeVersion, older: Sequence[ProgrammeVersion], number: int) -> Logged:
    before = next((one for one in older if one.withdrawn_at is None), None)
    if row.withdrawn_at is not None:
        before = None
    return Logged(
        version=read_definition(row.number, row.definition),
        before=read_definition(before.number, before.definition) if before else None,
        state=_state(row, number),
        effective_at=row.effective_at,
        published_at=row.published_at,
        withdrawn_at=row.withdrawn_at,
        who=row.published_by.user.name if row.published_by else "",
        note=row.note,
    )


def _state(row: ProgrammeVersion, number: int) -> State:
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.number == number:
        return "in_force"
    return "to_come" if row.effective_at > timezone.now() else "was"
