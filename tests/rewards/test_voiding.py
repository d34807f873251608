"""Rewards given back: by hand, with a reason and within a while; and with the purchase on which they were used."""

import datetime as dt
import json

import pytest
import time_machine
from django.utils import timezone

from config.subscriptions import SUBSCRIPTIONS
from core import outbox
from core.ids import new_id, public_id, read_id
from core.models import AuditRow, Event
from loyalty.ledger import postings, statements
from loyalty.ledger.models import Lot
from loyalty.membership.leaving import erase_member
from loyalty.membership.story import story_of
from loyalty.models import Note, Unit
from loyalty.purchases.cancelling import cancel_purchase
from merchants.access import ManagerNeeded
from rewards.declines import RedemptionClosed, VoidTooLate
from rewards.handing import hand_over
from rewards.models import Redemption
from rewards.voiding import VOID_WITHIN, VoidReasonUnknown, void_redemption
from tests.api.conftest import Till
from tests.rewards.offering import left, offered
from tests.world import buy, points_of


@pytest.fixture
def cake(aroma):
    """For 33 points, two of them."""
    return offered(name="Cake", unit_id=Unit.objects.get(code="points").id, cost=33, stock=2)


def handed(world, reward, member, actor_id=None, purchase_id=None):
    hand_over(
        merchant=world.aroma,
        reward_id=reward.id,
        member_id=member.id,
        key=new_id(),
        actor_id=actor_id,
        purchase_id=purchase_id,
    )
    return Redemption.objects.latest("id")


def void(world, redemption, **more):
    asked = {"key": new_id(), "actor_id": None} | more
    return json.loads(void_redemption(merchant=world.aroma, redemption_id=redemption.id, **asked).body)


def bought_by(world, member, minor=1000):
    return read_id("pur", json.loads(buy(world.aroma, member, minor))["id"])


def delivered(world):
    """What follows from what happened."""
    for event_id in list(Event.objects.order_by("id").values_list("id", flat=True)):
        outbox.deliver(world.aroma.id, event_id, SUBSCRIPTIONS)


def test_why_it_came_back_is_kept_told_and_audited(world, cake):
    redemption = handed(world, cake, world.noah)
    delivered(world)
    said = void(world, redemption, reason="not_good", note="From yesterday")
    assert (said["status"], said["void_reason"], said["returned"]) == ("voided", "not_good", 33)
    assert (points_of(world.aroma, world.noah), left(cake)) == (50, 2)
    redemption.refresh_from_db()
    assert redemption.void_reason == "not_good"
    delivered(world)
    row = AuditRow.objects.get(name="reward.voided")
    assert (row.payload["reason"], "yesterday" in str(row.payload)) == ("not_good", False)
    line = story_of(world.noah.id, limit=1)[0]
    assert (line.note, line.reasons["void"]) == ("From yesterday", "not_good")


def test_a_note_about_it_is_blank_once_its_member_is_erased(world, cake):
    void(world, handed(world, cake, world.noah), note="Noah wanted tea")
    erase_member(member=world.noah, actor="member")
    assert not Note.objects.filter(text__contains="Noah").exists()


def test_units_that_come_back_come_back_to_their_own_lots(world, cake):
    before = list(Lot.objects.order_by("id").values_list("id", "available"))
    void(world, handed(world, cake, world.noah))
    assert list(Lot.objects.order_by("id").values_list("id", "available")) == before


def test_for_thirty_days_anybody_who_may_later_a_manager(world, cake):
    first, second = handed(world, cake, world.mia), handed(world, cake, world.mia)
    with time_machine.travel(timezone.now() + VOID_WITHIN - dt.timedelta(minutes=1), tick=False):
        assert void(world, first)["status"] == "voided"
    with time_machine.travel(timezone.now() + VOID_WITHIN + dt.timedelta(minutes=1), tick=False):
        with pytest.raises(VoidTooLate):
            void(world, second)
        second.refresh_from_db()
        assert second.status == "captured"
        assert void(world, second, within=None)["status"] == "voided"


def test_a_cashier_undoes_what_it_handed_over_itself_a_moment_ago(world, cake):
    sam, other, moment = new_id(), new_id(), dt.timedelta(seconds=30)
    redemption = handed(world, cake, world.noah, actor_id=sam)
    with pytest.raises(ManagerNeeded):
        void(world, redemption, actor_id=other, own_within=moment)
    with (
        time_machine.travel(timezone.now() + moment * 2, tick=False),
        pytest.raises(ManagerNeeded),
    ):
        void(world, redemption, actor_id=sam, own_within=moment)
    assert points_of(world.aroma, world.noah) == 17
    assert void(world, redemption, actor_id=sam, own_within=moment, reason="mistake")["returned"] == 33


def test_the_api_gives_back_with_a_reason_or_without_one(world, cake):
    till = Till(world.aroma_key)
    first, second = handed(world, cake, world.mia), handed(world, cake, world.mia)
    path = f"/redemptions/{public_id('red', first.id)}"
    refused = till.post(f"{path}/void", {"reason": "refunded"})
    assert (refused.status_code, refused.json()["code"]) == (422, VoidReasonUnknown.code)
    assert till.get(path).json()["status"] == "captured"
    key = str(new_id())
    assert till.post(f"{path}/void", {"reason": "unwanted"}, key=key).json()["void_reason"] == "unwanted"
    assert (
        till.post(f"{path}/void", {"reason": "mistake"}, key=key).json()["code"] == "idempotency_key_reused"
    )
    bare = till.send(
        "POST", f"/redemptions/{public_id('red', second.id)}/void", b"", **{"Idempotency-Key": "2"}
    )
    assert bare.json()["void_reason"] == "other"
    assert left(cake) == 2


def test_a_refund_in_parts_gives_back_share_by_share_and_ends_where_it_began(world, cake):
    before = points_of(world.aroma, world.noah)
    purchase_id = bought_by(world, world.noah)
    redemption = handed(world, cake, world.noah, purchase_id=purchase_id)
    till, returned = Till(world.aroma_key), []
    path = f"/redemptions/{public_id('red', redemption.id)}"
    assert till.get(path).json()["purchase"] == public_id("pur", purchase_id)
    for part in ("3.33", "3.33", "3.34"):
        answer = till.post(f"/purchases/{public_id('pur', purchase_id)}/refunds", {"amount": part}).json()
        returned.append((answer["given_back"][0]["amount"], till.get(path).json()["returned"]))
        delivered(world)
    assert returned == [(10, 10), (11, 21), (12, 33)]
    said = till.get(path).json()
    assert (said["status"], said["void_reason"]) == ("voided", "refunded")
    assert (points_of(world.aroma, world.noah), left(cake)) == (before, 2)


def test_a_cancelled_purchase_gives_back_what_was_used_on_it_whatever_it_cost(world, aroma):
    unit = Unit.objects.get(code="points")
    cake = offered(name="Cake", unit_id=unit.id, cost=33, stock=1)
    purchase_id = bought_by(world, world.noah)
    redemption = handed(world, cake, world.noah, purchase_id=purchase_id)
    cancel_purchase(merchant=world.aroma, purchase_id=purchase_id, key=new_id(), actor_id=None)
    for _time in range(2):  # the outbox may tell it twice
        for event in Event.objects.filter(name="purchase.cancelled"):
            SUBSCRIPTIONS["purchase.cancelled"]["rewards"](event)
    redemption.refresh_from_db()
    assert (redemption.status, left(cake)) == ("voided", 1)
    assert Event.objects.filter(name="reward.voided").count() == 1
    assert points_of(world.aroma, world.noah) == 50


@pytest.mark.parametrize(
    ("path", "told", "follower"),
    [
        ("cancellation", "purchase.cancelled", "rewards"),
        ("refunds", "purchase.refunded", "rewards"),
        ("refunds", "points.returned", "vouchers"),  # whichever is heard first
    ],
)
def test_what_comes_back_with_a_purchase_names_who_undid_it(world, cake, path, told, follower):
    purchase_id = bought_by(world, world.noah)
    redemption = handed(world, cake, world.noah, purchase_id=purchase_id)
    undone = Till(world.aroma_key).post(f"/purchases/{public_id('pur', purchase_id)}/{path}", {})
    assert undone.status_code == 201
    key = Event.objects.get(name__in=["purchase.cancelled", "purchase.refunded"]).payload["actor"]
    SUBSCRIPTIONS[told][follower](Event.objects.get(name=told))
    delivered(world)
    assert AuditRow.objects.get(name="reward.voided").payload["actor"] == key is not None
    redemption.refresh_from_db()
    assert str(redemption.closed_by) == key


def test_what_comes_back_with_a_purchase_is_put_in_stock_in_one_order_whatever_was_used_first(world, cake):
    """Two that are undone at once lock the same stock: they must not wait for each other in a circle."""
    tea = offered(name="Tea", unit_id=cake.unit_id, cost=2, stock=2)
    bought = bought_by(world, world.noah)
    for reward in (tea, cake):
        handed(world, reward, world.noah, purchase_id=bought)
    cancel_purchase(merchant=world.aroma, purchase_id=bought, key=new_id(), actor_id=None)
    delivered(world)
    told = Event.objects.filter(name="reward.voided").order_by("id")
    assert [event.payload["reward"] for event in told] == sorted([str(cake.id), str(tea.id)])


def test_what_a_refund_gave_back_a_void_does_not_give_again(world, cake):
    purchase_id = bought_by(world, world.noah)
    redemption = handed(world, cake, world.noah, purchase_id=purchase_id)
    till = Till(world.aroma_key)
    path = f"/purchases/{public_id('pur', purchase_id)}"
    till.post(f"{path}/refunds", {"amount": "5.00"})
    assert void(world, redemption)["returned"] == 33
    till.post(f"{path}/cancellation", {})
    delivered(world)
    with pytest.raises(RedemptionClosed):
        void(world, redemption)
    assert (points_of(world.aroma, world.noah), left(cake)) == (50, 2)


def test_spent_points_never_come_back(world, cake):
    """The pain: points that were spent on something which is given back are gone. Here they come back, dead ones too."""
    account = statements.balances(world.noah.id)[0].account_id
    now = timezone.now()
    postings.award(
        account_id=account,
        amount=33,
        key=new_id(),
        reasons={},
        cause_id=None,
        actor_id=None,
        occurred_at=now,
        expires_at=now + dt.timedelta(days=1),
    )
    redemption = handed(world, cake, world.noah)
    with time_machine.travel(now + dt.timedelta(days=3), tick=False):
        said = void(world, redemption)
        points = said["balances"]["points"]
        assert (points["available"], said["returned"]) == (83, 33)
        [grace] = points["expiring"]
        assert grace["amount"] == 33
        assert grace["on"] >= (now + dt.timedelta(days=32)).date().isoformat()
