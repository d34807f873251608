"""A whole programme from outside, a file or the gallery, becomes the draft. What members have already stays theirs: a unit of
the same code is the same unit, and what brings an id of this programme keeps it.
"""

from dataclasses import replace
from uuid import UUID

from core.ids import new_id
from loyalty.drafting import Drafted, change_draft
from loyalty.models import Unit
from loyalty.rules.editing import with_ids
from loyalty.rules.types import Version
from merchants.models import Merchant, StaffMember


def adopt_version(
    *, merchant: Merchant, version: Version, actor: StaffMember | None, revision: int | None = None
) -> Drafted | None:
    """Make this version the draft, with ids of its own where it brings none (an id is a UUID, as text).

    Its currency must be the merchant's. Raises DraftChanged, ProgrammeWrong.
    """
    own = replace(own_ids(version), currency=merchant.currency)
    return change_draft(merchant=merchant, change=lambda _before: own, actor=actor, revision=revision)


def own_ids(version: Version) -> Version:
    """The same with ids that can be kept here. One query."""
    known = {code: str(unit_id) for unit_id, code in Unit.objects.values_list("id", "code")}
    ids = {unit.id: known[unit.code] for unit in version.units if unit.code in known}

    def given(old: str) -> str:
        if old not in ids:
            ids[old] = old if _is_id(old) else str(new_id())
        return ids[old]

    return with_ids(version, given)


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
