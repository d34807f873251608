"""Units that wait for a word: they are usable once somebody confirms what gave them, and go back with a cancellation."""

import datetime as dt

import orjson
import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from loyalty.happenings.taking_back import HappeningUnknown
from loyalty.ledger.models import Lot
from loyalty.membership.merging import merge_members
from loyalty.membership.story import story_of
from loyalty.purchases.cancelling import PurchaseCancelled
from loyalty.purchases.undoing import PurchaseUnknown
from loyalty.rules.types import Expiry
from loyalty.units.confirming import NothingPending, confirm_happening, confirm_purchase
from tests.loyalty.happenings.test_taking_back import gives, tell
from tests.loyalty.programme.test_lasting import balance, end, last_in, living
from tests.loyalty.programme.test_renewing import deliver
from tests.loyalty.purchases.test_cancelling import bought, cancel, problems, use
from tests.loyalty.purchases.test_refunding import refund
from tests.loyalty.ruled import per_euro, with_rules


@pytest.fixture
def waiting(world):
    """From now on Aroma's points wait for a word."""
    living(world, vesting="on_confirmation")
    return world


def confirm(world, purchase_id, key=None):
    with tenancy.scope(world.aroma.id):
        return confirm_purchase(
            merchant=world.aroma, purchase_id=purchase_id, key=key or new_id(), actor_id=None
        )


def figures(world, member=None):
    now = balance(world, member or world.noah)
    return now["available"], now["pending"]


def lines(world, member):
    with tenancy.scope(world.aroma.id):
        return [(line.kind, line.waits) for line in story_of(member.id)]


def test_what_a_purchase_gave_waits_until_it_is_confirmed(waiting, world):
    purchase = bought(world, world.noah, 2_000)
    assert figures(world) == (50, 20)
    assert lines(world, world.noah) == [("award", True), ("award", False)]
    answer = orjson.loads(confirm(world, purchase).body)
    assert (answer["confirmed"], answer["balances"]["points"]["available"]) == (
        [{"unit": "points", "amount": 20}],
        70,
    )
    assert figures(world) == (70, 0)
    assert lines(world, world.noah) == [("vest", False), ("award", False), ("award", False)]
    assert problems(world) == []


def test_of_all_rules_at_once_and_of_no_other_purchase(waiting, world):
    with_rules(world.aroma, per_euro(world.aroma, "one"), per_euro(world.aroma, "two"))
    first, _second = bought(world, world.noah, 2_000), bought(world, world.noah, 1_000)
    confirm(world, first)
    assert figures(world) == (90, 20)


def test_once_however_often_it_is_said(waiting, world):
    purchase, key = bought(world, world.noah, 2_000), new_id()
    first, again = confirm(world, purchase, key), confirm(world, purchase, key)
    assert (again.body, again.replayed) == (first.body, True)
    with pytest.raises(NothingPending):
        confirm(world, purchase)
    assert figures(world) == (70, 0)


def test_what_was_refunded_before_is_not_confirmed(waiting, world):
    purchase = bought(world, world.noah, 2_000)
    refund(world, purchase, 500)
    confirm(world, purchase)
    assert figures(world) == (65, 0)
    assert problems(world) == []


def test_a_cancellation_takes_what_waits_and_nobody_confirms_it_any_more(waiting, world):
    purchase = bought(world, world.noah, 2_000)
    cancel(world, purchase)
    with pytest.raises(PurchaseCancelled):
        confirm(world, purchase)
    assert figures(world) == (50, 0)


def test_what_is_confirmed_first_repays_what_is_owed(world):
    owing = bought(world, world.noah, 2_000)
    living(world, vesting="on_confirmation")
    purchase = bought(world, world.noah, 1_000)
    use(world, world.noah, 70)
    cancel(world, owing)
    assert balance(world, world.noah)["debt"] == 20
    confirm(world, purchase)
    now = balance(world, world.noah)
    assert (now["available"], now["debt"], now["pending"]) == (0, 10, 0)


def test_a_gift_waits_too(waiting, world):
    with_rules(world.aroma, gives(world, "gift", 20))
    given = tell(world)
    assert figures(world) == (50, 20)
    with tenancy.scope(world.aroma.id):
        confirm_happening(merchant=world.aroma, happening_id=given, key=new_id(), actor_id=None)
        with pytest.raises(HappeningUnknown):
            confirm_happening(merchant=world.aroma, happening_id=new_id(), key=new_id(), actor_id=None)
    assert figures(world) == (70, 0)


def test_of_one_who_was_merged_since_it_is_usable_by_who_stays(waiting, world):
    purchase = bought(world, world.noah, 2_000)
    with tenancy.scope(world.aroma.id):
        merge_members(stays_id=world.mia.id, goes_id=world.noah.id, key=new_id(), actor_id=None)
    assert figures(world, world.mia) == (1250, 20)
    confirm(world, purchase)
    assert figures(world, world.mia) == (1270, 0)
    assert problems(world) == []


def test_what_waits_for_a_day_is_not_confirmed_and_a_strangers_purchase_is_unknown(world):
    living(world, vesting="days", vesting_days=14)
    purchase = bought(world, world.noah, 2_000)
    with pytest.raises(NothingPending):
        confirm(world, purchase)
    with pytest.raises(PurchaseUnknown):
        confirm(world, new_id())
    assert figures(world) == (50, 20)


def test_their_life_begins_with_the_word_however_long_they_waited_for_it(world):
    """Good for two days, confirmed after ten: they can be used for two more, and then they die."""
    living(world, vesting="on_confirmation", expiry=Expiry("days", 2))
    purchase, now = bought(world, world.noah, 2_000), timezone.now()
    with time_machine.travel(now + dt.timedelta(days=10)):
        assert figures(world) == (50, 20)
        answer = orjson.loads(confirm(world, purchase).body)
        points = answer["balances"]["points"]
        assert (points["available"], points["expiring"]) == (70, [{"amount": 20, "on": last_in(2)}])
        use(world, world.noah, 60)
    with time_machine.travel(now + dt.timedelta(days=13)):
        assert figures(world) == (10, 0)
    assert problems(world) == []


def test_what_lives_longer_already_keeps_its_end(world):
    """Confirmed on the day itself, after the expiry was made a year: everybody had a year from then."""
    living(world, vesting="on_confirmation", expiry=Expiry("days", 2))
    purchase = bought(world, world.noah, 2_000)
    living(world, expiry=Expiry("days", 365))
    deliver(world)
    confirm(world, purchase)
    with tenancy.scope(world.aroma.id):
        assert Lot.objects.get(granted=20).expires_at == end(365)
