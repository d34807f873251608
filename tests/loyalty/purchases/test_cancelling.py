"""A purchase that is cancelled: everything it did is taken back, once, and nothing that another one did."""

import datetime as dt

import orjson
import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from core import tenancy
from core.idempotency import KeyReused
from core.ids import new_id, read_id
from core.models import Event
from loyalty import queries
from loyalty.ledger import postings, statements
from loyalty.ledger.models import Entry, Lot, Movement
from loyalty.membership.story import story_of
from loyalty.models import Purchase
from loyalty.programme import versions
from loyalty.purchases.cancelling import PurchaseCancelled, PurchaseUnknown, cancel_purchase
from loyalty.rules.editing import changed_tier
from loyalty.wording import say_reason
from merchants.access import ManagerNeeded
from tests.loyalty.ruled import publish
from tests.world import buy, make_world, points_of


def bought(world, member, amount_minor):
    """The id of a new purchase at Aroma."""
    return read_id("pur", orjson.loads(buy(world.aroma, member, amount_minor))["id"])


def cancel(world, purchase_id, *, key=None, merchant=None, **more):
    merchant = merchant or world.aroma
    with tenancy.scope(merchant.id):
        return cancel_purchase(
            merchant=merchant, purchase_id=purchase_id, key=key or new_id(), actor_id=None, **more
        )


def standing(world, member):
    with tenancy.scope(world.aroma.id):
        return queries.standing_of(member.id)


def problems(world):
    with tenancy.scope(world.aroma.id):
        return statements.prove()


def test_everything_that_a_purchase_did_is_taken_back(world):
    before = standing(world, world.mia)
    answer = orjson.loads(cancel(world, bought(world, world.mia, 1_200)).body)
    after = standing(world, world.mia)
    assert answer["taken_back"] == [{"unit": "points", "amount": 18}]
    assert answer["balances"]["points"]["available"] == 1200 == points_of(world.aroma, world.mia)
    assert answer["tier"]["name"] == "Gold"
    assert answer["moved_down"] is False
    assert (after.progress, after.purchases, after.last_purchase_at) == (
        before.progress,
        before.purchases,
        before.last_purchase_at,
    )
    assert problems(world) == []


def test_the_books_keep_both_lines_and_say_why(world):
    purchase_id = bought(world, world.mia, 1_200)
    cancel(world, purchase_id)
    with tenancy.scope(world.aroma.id):
        back, given = story_of(world.mia.id, limit=2)
        lot = Lot.objects.get(entry_id=given.entry_id)
        newest = Movement.objects.filter(entry_id=back.entry_id)
        moves = [(move.source, move.target, move.amount, move.lot_id) for move in newest]
        purchase = Purchase.objects.get(id=purchase_id)
    assert (back.kind, back.amount, back.balance) == ("take_back", -18, 1200)
    assert (given.kind, given.amount, given.balance) == ("award", 18, 1218)
    assert say_reason(back.reasons, "EUR", "en") == "Purchase of €12.00 cancelled"
    assert moves == [("available", "revoked", 18, lot.id)]
    assert (lot.available, lot.revoked) == (0, 18)
    assert back.purchase.id == given.purchase.id == purchase_id
    assert purchase.cancelled_at is not None


def test_the_fact_and_the_books_event_are_in_the_outbox_once(world):
    purchase_id, key = bought(world, world.mia, 1_200), new_id()
    for _i in range(2):
        cancel(world, purchase_id, key=key)
    with tenancy.scope(world.aroma.id):
        [fact] = Event.objects.filter(name="purchase.cancelled")
        [back] = Event.objects.filter(name="points.taken_back")
    assert (fact.payload["purchase"], fact.payload["taken_back"]) == (str(purchase_id), 18)
    assert back.payload["amount"] == 18
    assert "Mia" not in str(fact.payload)


def test_repeating_the_key_gives_the_same_answer_for_ever(world):
    purchase_id, key = bought(world, world.mia, 1_200), new_id()
    first = cancel(world, purchase_id, key=key)
    buy(world.aroma, world.mia, 5_000)
    again = cancel(world, purchase_id, key=key)
    assert (first.replayed, again.replayed) == (False, True)
    assert again.body == first.body
    with pytest.raises(KeyReused):
        cancel(world, bought(world, world.mia, 100), key=key)
    assert problems(world) == []


def test_another_key_finds_it_cancelled(world):
    purchase_id = bought(world, world.mia, 1_200)
    cancel(world, purchase_id)
    with pytest.raises(PurchaseCancelled):
        cancel(world, purchase_id)
    assert points_of(world.aroma, world.mia) == 1200


def test_a_tier_that_only_this_purchase_reached_is_left_again(world):
    purchase_id = bought(world, world.noah, 26_000)
    assert standing(world, world.noah).tier.name == "Silver"
    answer = orjson.loads(cancel(world, purchase_id).body)
    assert (answer["tier"]["name"], answer["moved_down"]) == ("Bronze", True)
    assert standing(world, world.noah).tier.name == "Bronze"
    assert standing(world, world.noah).last_purchase_at is None
    assert problems(world) == []


def test_a_tier_that_was_kept_when_the_ladder_rose_is_kept(world):
    raise_gold_to(world, 500_000)
    answer = orjson.loads(cancel(world, bought(world, world.mia, 1_200)).body)
    assert (answer["tier"]["name"], answer["moved_down"]) == ("Gold", False)


def raise_gold_to(world, threshold_minor):
    with tenancy.scope(world.aroma.id):
        gold = next(tier for tier in versions.version_in_force().tiers if tier.name == "Gold")
        publish(world.aroma, lambda version: changed_tier(version, gold.id, threshold_minor=threshold_minor))
    versions.forget_versions()


def test_a_tier_that_an_earlier_purchase_reached_is_kept_though_this_one_passes_its_new_threshold(world):
    bought(world, world.noah, 55_000)
    raise_gold_to(world, 60_000)
    answer = orjson.loads(cancel(world, bought(world, world.noah, 10_000)).body)
    assert (answer["tier"]["name"], answer["moved_down"]) == ("Gold", False)


def test_a_tier_goes_with_the_last_purchase_that_carried_it_in_whatever_order_they_are_cancelled(world):
    first, second, third = (bought(world, world.noah, amount) for amount in (50_000, 1_000, 50_000))
    for purchase_id, tier in ((first, "Gold"), (third, "Bronze"), (second, "Bronze")):
        assert orjson.loads(cancel(world, purchase_id).body)["tier"]["name"] == tier


def test_a_purchase_that_gave_nothing_is_cancelled_too(world):
    answer = orjson.loads(cancel(world, bought(world, world.noah, 40)).body)
    assert (answer["taken_back"], answer["events"]) == ([], ["purchase.cancelled"])
    assert standing(world, world.noah).progress == 0
    assert problems(world) == []


def test_units_that_were_used_are_owed_and_the_next_ones_repay_them(world):
    purchase_id = bought(world, world.noah, 1_000)
    use(world, world.noah, 55)
    answer = orjson.loads(cancel(world, purchase_id).body)
    assert answer["taken_back"] == [{"unit": "points", "amount": 10}]
    assert (answer["balances"]["points"]["available"], answer["balances"]["points"]["debt"]) == (0, 5)
    assert standing(world, world.noah).progress == 0
    assert problems(world) == []
    bought(world, world.noah, 800)
    after = standing(world, world.noah)
    assert (after.points, after.debt) == (3, 0)
    assert problems(world) == []


def use(world, member, units, *, cause_id=None):
    """Spend units of the member's at Aroma."""
    with tenancy.scope(world.aroma.id):
        account_id = statements.balances(member.id)[0].account_id
        postings.spend(
            account_id=account_id, amount=units, key=new_id(), reasons={}, cause_id=cause_id, actor_id=None
        )


def test_units_that_were_used_on_it_come_back(world):
    purchase_id = bought(world, world.noah, 1_000)
    use(world, world.noah, 20, cause_id=purchase_id)
    answer = orjson.loads(cancel(world, purchase_id).body)
    assert answer["given_back"] == [{"unit": "points", "amount": 20}]
    assert points_of(world.aroma, world.noah) == 50
    assert problems(world) == []


def test_another_merchants_purchase_does_not_exist(world):
    purchase_id = bought(world, world.mia, 1_200)
    with pytest.raises(PurchaseUnknown):
        cancel(world, purchase_id, merchant=world.bloom)
    assert points_of(world.aroma, world.mia) == 1218


def test_within_seconds_means_ones_own_and_fresh(world):
    purchase_id, somebody = bought(world, world.mia, 1_200), new_id()
    for actor_id in (None, somebody):
        with tenancy.scope(world.aroma.id), pytest.raises(ManagerNeeded):
            cancel_purchase(
                merchant=world.aroma, purchase_id=purchase_id, key=new_id(), actor_id=actor_id,
                own_within=dt.timedelta(seconds=30),
            )  # fmt: skip
    assert points_of(world.aroma, world.mia) == 1218


def test_no_award_is_taken_back_twice_or_without_a_cancellation(world):
    bought(world, world.mia, 1_200)
    with tenancy.scope(world.aroma.id):
        award = Entry.objects.get(kind="award", amount=18)
        said = {"award_id": award.id, "amount": None, "reasons": {}, "actor_id": None, "now": timezone.now()}
        postings.take_back(account_id=award.account_id, key=new_id(), **said)
        for _i in range(2):
            with pytest.raises(postings.ExceedsOriginal), transaction.atomic():
                postings.take_back(account_id=award.account_id, key=new_id(), **said)
        # Nothing but the verbs may do it: the proof finds units that went back without a cancellation or a refund.
        assert [problem.law for problem in statements.prove()] == [
            "a purchase gave back the refunded share of what it gave, to the unit, and a cancelled one all of it"
        ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE loyalty_purchase SET cancelled_at = now()",
        "UPDATE loyalty_purchase SET amount_minor = 1",
        "DELETE FROM loyalty_purchase",
    ],
)
def test_the_app_role_cannot_write_on_a_purchase(world, statement):
    with (
        tenancy.scope(world.aroma.id),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        connection.cursor().execute(statement)


def test_a_cancellation_without_its_take_back_is_refused_by_the_database(world):
    purchase_id = bought(world, world.mia, 1_200)
    with (
        tenancy.scope(world.aroma.id),
        pytest.raises(DatabaseError, match="18 units still given and 0 still used"),
        transaction.atomic(),
    ):
        connection.cursor().execute(
            "SELECT loyalty_note_cancellation(%s, %s, now())", [world.aroma.id, purchase_id]
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE loyalty_purchase SET amount_minor = amount_minor + 1",
        "UPDATE loyalty_purchase SET cancelled_at = now(), awarded = 0",
        "DELETE FROM loyalty_purchase",
    ],
)
def test_the_owner_changes_no_purchase_either(committed_db, servers_of_this_run, statement):
    versions.forget_versions()
    make_world()
    with (
        servers_of_this_run.administrator(connections.settings["default"]["NAME"]) as administrator,
        pytest.raises(Exception, match="is refused"),
    ):
        administrator.execute(statement)
