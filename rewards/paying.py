"""A purchase of which units pay a part, where the scan alone does not prove who holds the card: the gate is asked, then it is
recorded. What was recorded before is answered as it was, and no proof is asked again."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from core import tenancy
from core.errors import DomainError
from core.ids import new_id
from loyalty.purchases.earning import NewPurchase
from loyalty.purchases.paying import PaymentUnproven
from members import queries
from merchants.models import Merchant
from rewards.proof import Channel, give_code_back, prove

Answer = TypeVar("Answer")


def with_proof(
    record: Callable[[NewPurchase], Answer],
    bought: NewPurchase,
    *,
    merchant: Merchant,
    actor_id: Callable[[], UUID],
    key: UUID | None,
    given: str,
    channel: Channel,
) -> Answer:
    """What `record` answers under `key`; where it asks for a proof, once `given` is one. Outside any scope. Raises as both do."""
    try:
        return record(bought)
    except PaymentUnproven:
        assert bought.pay is not None  # else nobody asks
    with tenancy.scope(merchant.id):
        by, member, call = actor_id(), queries.scanned(bought.who), new_id()
        prove(
            merchant=merchant,
            scanned=bought.who,
            member=member,
            actor_id=by,
            key=key,
            given=given,
            channel=channel,
            call=call,
        )
    try:
        return record(replace(bought, pay=replace(bought.pay, is_proven=True)))
    except DomainError:
        with tenancy.scope(merchant.id):
            give_code_back(member_id=member.id, actor_id=by, key=key, call=call)
        raise
