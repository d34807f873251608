"""One thing told of many members at once: all of it happens, or none.

Everybody is locked before anything is given: what is given may take from budgets, and a till that holds one of these members
and waits for a budget would otherwise wait for us, and we for it.
"""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from core.ids import key_within
from loyalty.happenings.by_hand import Act
from loyalty.happenings.happening import happen
from loyalty.locking import lock_member
from loyalty.programme.publishing import catch_up
from members.cards import Scanned
from merchants.models import Merchant


def record_for_all(
    *,
    merchant: Merchant,
    member_ids: Collection[UUID],
    act: Act,
    key: UUID,
    actor_id: UUID,
    channel: str,
) -> None:
    """Record an act for each of these members once. Repeating `key` gives nobody anything twice; another act under it is
    another thing. In the merchant's scope.

    Raises as `happening.record_happening`, whoever of them is the reason: then nothing was written for any.
    """
    catch_up()
    everybody = sorted(set(member_ids))
    with transaction.atomic():
        for member_id in everybody:
            lock_member(member_id)
        for member_id in everybody:
            happen(
                merchant=merchant,
                who=Scanned(member_id=member_id),
                trigger=act.trigger,
                name=act.name,
                key=key_within(key, f"{act.code} {member_id}"),
                asked=["list", str(member_id), act.code],
                actor_id=actor_id,
                channel=channel,
            )
