"""For each operation of the API a request that is right: what it names is made just before, and nothing has happened to it."""

from dataclasses import dataclass, field
from typing import Any

from api.v1 import examples
from core import tenancy
from loyalty.models import Unit
from rewards.models import Reward
from rewards.vouchers import give_voucher, vouchers_of
from tests.api.conftest import Till, public
from tests.loyalty.codes.making import also_gives, code, made
from tests.loyalty.programme.test_lasting import living
from tests.rewards.offering import offered
from tests.world import World


@dataclass
class Rightly:
    """Aroma's till, which asks for what there is. Nothing of it depends on chance."""

    world: World
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)  # by the operation's id

    def __post_init__(self) -> None:
        aroma, mia = self.world.aroma, public("mem", self.world.mia.id)
        self.till = Till(self.world.aroma_key)
        also_gives(aroma)
        also_gives(aroma, trigger="review")
        self.bodies = {
            "purchases_record": {"member": mia, "amount": "12.50", "currency": "EUR"},
            "members_enrol": examples.ENROLMENT | {"location": public("loc", self.world.croix_rousse.id)},
            "member_change": examples.CHANGE,
            "event_record": {"member": mia, "type": "quiz week"},
            "purchase_refund": examples.NEW_REFUND,
            "adjustment_make": examples.NEW_ADJUSTMENT,
            "proof_code_ask": {"member": mia},
            "redemption_take": {"reward": _reward_at(self.world), "member": mia},
            "code_batch_make": {"name": "On the cups", "size": 5},
            "link_make": {"kind": "table", "label": "Table 7"},
            "link_change": {"label": "Table 8", "stopped": True},
            "code_redeem": {"member": mia, "code": code(aroma, made(aroma, name="Redeemed"))},
        }
        self.batch_id = public("cdb", made(aroma).id)

    def body_of(self, operation_id: str) -> dict[str, Any]:
        """What is sent; empty where nothing needs to be said."""
        return self.bodies.get(operation_id, {})

    def ids_for(self, operation_id: str) -> dict[str, str]:
        """What its address may name, in the state in which it may be done."""
        waits = operation_id in ("purchase_confirm", "event_confirm")
        if waits:
            living(self.world, vesting="on_confirmation")  # so that there is something to confirm
        purchase = self._made("purchases_record", "/purchases")
        event = self.till.post("/events", {"member": self.bodies["event_record"]["member"], "type": "review"})
        if waits:
            living(self.world, vesting="at_once")
        redemption = self._made("redemption_take", "/redemptions")
        if operation_id == "redemption_void":
            self.till.post(f"/redemptions/{redemption}/capture", {})
        return {
            "link_id": self._made("link_make", "/links"),
            "member_id": public("mem", self.world.mia.id),
            "batch_id": self.batch_id,
            "purchase_id": purchase,
            "event_id": event.json()["id"],
            "redemption_id": redemption,
            "voucher_code": self._voucher(),
        }

    def _voucher(self) -> str:
        """The code of a new one, in Mia's hands."""
        with tenancy.scope(self.world.aroma.id):
            give_voucher(Reward.objects.earliest("id"), self.world.mia, self.world.aroma)
            return vouchers_of(self.world.mia, self.world.aroma)[-1].code

    def _made(self, operation_id: str, path: str) -> str:
        return str(self.till.post(path, self.bodies[operation_id]).json()["id"])


def _reward_at(world: World) -> str:
    with tenancy.scope(world.aroma.id):
        unit = Unit.objects.get(code="points")
        reward = offered(name="Cake", unit_id=unit.id, cost=1, stock=None, actor=None)
    return public("rwd", reward.id)
