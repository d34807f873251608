"""What is in members’ hands of each unit, all of them together: what a change of a unit is about. It changes nothing."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Sum

from core import tenancy
from loyalty.ledger import statements


@dataclass(frozen=True, slots=True)
class InHands:
    """How many members have a unit, and how much of it: what they can use, what waits and what is set aside."""

    members: int
    units: int


NOBODY = InHands(0, 0)


def in_hands_by_unit() -> dict[UUID, InHands]:
    """Of the current merchant, by the unit's id; no key where nobody has any. One query."""
    accounts = tenancy.all_rows(statements.accounts()).annotate(
        units=F("available") + F("pending") + F("held")
    )
    found = (
        accounts.filter(units__gt=0).values_list("unit_id").annotate(members=Count("id"), all=Sum("units"))
    )
    return {unit_id: InHands(members, int(units)) for unit_id, members, units in found.order_by("unit_id")}
