"""What differs between two versions, as data; `loyalty.wording` says it. Pure. Numbers of versions are not compared."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from loyalty.rules.types import Version

How = Literal["added", "removed", "changed"]
# Lists of things that have an id, and what one of them is called.
_LISTS = {"units": "unit", "tiers": "tier", "rules": "rule"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs.

    `what` is "unit", "tier" or "rule", and `before` and `after` are the whole things, None where there is none; `fields`
    names what of it is different. "order" is that of the units. Or `what` is a field of the version itself ("name", "limits", "stacking" …), `how` is
    "changed", and `fields` names what differs within it, if it has fields.
    """

    what: str
    how: How
    before: Any = None
    after: Any = None
    fields: tuple[str, ...] = ()


def differences(before: Version, after: Version) -> list[Difference]:
    """What makes `after` of `before`: the programme itself, then units, tiers lowest first, rules in their order."""
    found = list(_own(before, after))
    found += _order(before, after)
    for name, what in _LISTS.items():
        found += _listed(what, getattr(before, name), getattr(after, name))
    return found


def are_alike(one: Version, other: Version) -> bool:
    """Whether both say the same, whatever their numbers."""
    return one == dataclasses.replace(other, number=one.number)


def _own(before: Version, after: Version) -> Iterator[Difference]:
    for field in dataclasses.fields(Version):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if field.name not in {"number", *_LISTS} and old != new:
            yield Difference(field.name, "changed", old, new, _fields(old, new))


def _order(before: Version, after: Version) -> Iterator[Difference]:
    """Units in another order, where new ones stand behind those of before: the first of all is the one on the card."""
    old, now = ([unit.id for unit in version.units] for version in (before, after))
    usual = [one for one in old if one in now] + [one for one in now if one not in old]
    if now != usual:
        yield Difference("order", "changed", before.units, after.units)


def _listed(what: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Difference]:
    old, new = {thing.id: thing for thing in before}, {thing.id: thing for thing in after}
    yield from (Difference(what, "removed", before=thing) for id_, thing in old.items() if id_ not in new)
    for id_, thing in new.items():
        if id_ not in old:
            yield Difference(what, "added", after=thing)
        elif old[id_] != thing:
            yield Difference(what, "changed", old[id_], thing, _fields(old[id_], thing))


def _fields(before: Any, after: Any) -> tuple[str, ...]:
    if not dataclasses.is_dataclass(before) or type(before) is not type(after):
        return ()
    names = (field.name for field in dataclasses.fields(before))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))
