"""What each operation of the books does, one by one. All of them together, against a model: `tests/loyalty/books`."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from core.models import Event
from loyalty.ledger import postings, statements
from loyalty.ledger.models import Account, Entry, Lot

DAY = dt.timedelta(days=1)


@pytest.fixture
def aroma(world):
    """Inside Aroma's scope, with Noah's account (50 points)."""
    with tenancy.scope(world.aroma.id):
        yield world
        assert statements.prove() == []


@pytest.fixture
def noah(aroma):
    """Noah's account."""
    return statements.balances(aroma.noah.id)[0].account_id


def of(account_id):
    """Available, pending, held, debt."""
    found = Account.objects.get(id=account_id)
    return found.available, found.pending, found.held, found.debt


def by(**more):
    return {"key": new_id(), "reasons": {}, "actor_id": None, "now": timezone.now()} | more


def give(account_id, amount, **more):
    more = {
        "key": new_id(),
        "reasons": {},
        "cause_id": None,
        "actor_id": None,
        "occurred_at": timezone.now(),
    } | more
    postings.award(account_id=account_id, amount=amount, **more)
    return more["key"]


def use(account_id, amount, **more):
    more = by(cause_id=None) | more
    postings.spend(account_id=account_id, amount=amount, **more)
    return more["key"]


def hold(account_id, amount, until=10 * DAY):
    asked = by(cause_id=None, until=timezone.now() + until)
    postings.hold(account_id=account_id, amount=amount, **asked)
    return asked["key"]


def test_units_vest_when_their_day_comes_though_no_sweep_was_by(noah):
    give(noah, 100, vests_at=timezone.now() + DAY)
    assert of(noah) == (50, 100, 0, 0)
    with pytest.raises(postings.InsufficientUnits):
        use(noah, 120)
    use(noah, 120, now=timezone.now() + 2 * DAY)
    assert of(noah) == (30, 0, 0, 0)


def test_what_waits_for_a_word_is_confirmed_once(noah):
    award = give(noah, 100, on_confirmation=True)
    assert postings.vest(account_id=noah, award_id=award, **by()).available == 150
    with pytest.raises(postings.NothingPending):
        postings.vest(account_id=noah, award_id=award, **by())


def test_a_vesting_award_is_cancelled_whole(noah):
    award = give(noah, 100, vests_at=timezone.now() + DAY)
    assert postings.take_back(account_id=noah, award_id=award, amount=None, **by()).debt == 0
    assert of(noah) == (50, 0, 0, 0)


def test_a_hold_is_captured_once(noah):
    held = hold(noah, 30)
    assert of(noah) == (20, 0, 30, 0)
    postings.capture(account_id=noah, hold_id=held, **by())
    assert of(noah) == (20, 0, 0, 0)
    for end in (postings.capture, postings.release):
        with pytest.raises(postings.HoldClosed):
            end(account_id=noah, hold_id=held, **by())


def test_a_hold_whose_time_is_out_is_released_by_whoever_comes_next(noah):
    held = hold(noah, 30, until=DAY)
    with pytest.raises(postings.HoldClosed):
        postings.capture(account_id=noah, hold_id=held, **by(now=timezone.now() + 2 * DAY))
    assert of(noah) == (50, 0, 0, 0)
    assert Entry.objects.get(refers_to=held, kind="release").reasons == {"code": "timed_out"}


def test_the_sweep_settles_what_is_due_and_once(noah):
    give(noah, 10, expires_at=timezone.now() + DAY)
    assert postings.settle(account_id=noah, now=timezone.now()) == 0
    assert postings.settle(account_id=noah, now=timezone.now() + 2 * DAY) == 1
    assert postings.settle(account_id=noah, now=timezone.now() + 2 * DAY) == 0
    assert of(noah)[0] == 50


def test_a_spend_comes_back_to_its_own_lots_last_used_first(noah):
    give(noah, 20, expires_at=timezone.now() + DAY)
    spent = use(noah, 60)
    postings.return_spend(account_id=noah, spend_id=spent, amount=45, grace_until=None, **by())
    lots = Lot.objects.filter(account_id=noah).order_by("expires_at")
    assert [(lot.available, lot.spent) for lot in lots] == [(5, 15), (50, 0)]
    postings.return_spend(account_id=noah, spend_id=spent, amount=None, grace_until=None, **by())
    assert of(noah)[0] == 70
    with pytest.raises(postings.ExceedsOriginal):
        postings.return_spend(account_id=noah, spend_id=spent, amount=1, grace_until=None, **by())


def test_what_comes_back_to_a_dead_lot_lives_for_a_grace_period(noah):
    now = timezone.now()
    give(noah, 20, expires_at=now + DAY)
    spent = use(noah, 20)
    postings.return_spend(
        account_id=noah, spend_id=spent, amount=None, grace_until=now + 9 * DAY, **by(now=now + 2 * DAY)
    )
    assert of(noah)[0] == 70
    assert postings.settle(account_id=noah, now=now + 8 * DAY) == 0
    assert postings.settle(account_id=noah, now=now + 9 * DAY) == 1
    assert of(noah)[0] == 50


def test_a_take_back_goes_through_its_own_lot_then_the_soonest_then_into_debt(noah):
    award = give(noah, 100)
    give(noah, 20, expires_at=timezone.now() + DAY)
    use(noah, 120)  # the 20, the first 50, and half of the 100
    assert of(noah)[0] == 50
    taken = postings.take_back(account_id=noah, award_id=award, amount=None, **by())
    assert (taken.amount, taken.available, taken.debt) == (100, 0, 50)
    with pytest.raises(postings.ExceedsOriginal):
        postings.take_back(account_id=noah, award_id=award, amount=1, **by())


def test_the_next_units_repay_a_debt_first(noah):
    award = give(noah, 30)
    use(noah, 80)
    assert postings.take_back(account_id=noah, award_id=award, amount=None, **by()).debt == 30
    give(noah, 20)
    assert of(noah) == (0, 0, 0, 10)
    give(noah, 25)
    assert of(noah) == (15, 0, 0, 0)
    entry = Entry.objects.filter(account_id=noah).latest("last_seq")
    assert (entry.available_after, entry.amount) == (15, 25)


def test_what_has_died_of_an_award_counts_as_taken_back(noah):
    award = give(noah, 40, expires_at=timezone.now() + DAY)
    postings.settle(account_id=noah, now=timezone.now() + 2 * DAY)
    assert postings.take_back(account_id=noah, award_id=award, amount=None, **by()).debt == 0
    assert of(noah)[0] == 50


def test_a_correction_goes_both_ways_but_not_below_zero(noah):
    assert postings.adjust(account_id=noah, amount=25, **by()).available == 75
    assert postings.adjust(account_id=noah, amount=-70, **by()).available == 5
    asked = by()
    for _again in range(2):
        with pytest.raises(postings.InsufficientUnits, match="insufficient_units"):
            postings.adjust(account_id=noah, amount=-6, **asked)
        give(noah, 50)
    assert of(noah)[0] == 105


def test_two_accounts_become_one_and_two_again(aroma, noah):
    mia = statements.balances(aroma.mia.id)[0].account_id
    before = of(mia)[0]
    give(noah, 20, expires_at=timezone.now() + DAY)
    give(noah, 7, vests_at=timezone.now() + DAY)
    asked = by()
    postings.merge(from_account_id=noah, into_account_id=mia, **asked)
    assert of(noah) == (0, 0, 0, 0)
    assert of(mia) == (before + 70, 7, 0, 0)
    use(mia, 15)  # of the 20, which die first
    merged = asked["key"]
    postings.unmerge(from_account_id=noah, into_account_id=mia, merge_key=merged, **by())
    assert of(noah) == (55, 7, 0, 0)
    assert of(mia) == (before, 0, 0, 0)


def test_a_debt_is_repaid_by_the_account_it_is_merged_into(aroma, noah):
    mia = statements.balances(aroma.mia.id)[0].account_id
    before = of(mia)[0]
    award = give(noah, 30)
    use(noah, 80)
    postings.take_back(account_id=noah, award_id=award, amount=None, **by())
    postings.merge(from_account_id=noah, into_account_id=mia, **by())
    assert of(noah) == (0, 0, 0, 0)
    assert of(mia) == (before - 30, 0, 0, 0)


def test_a_debt_too_great_for_the_other_account_is_owed_there(aroma, noah):
    mia = statements.balances(aroma.mia.id)[0].account_id
    award = give(noah, 30)
    use(noah, 80)
    postings.take_back(account_id=noah, award_id=award, amount=None, **by())
    use(mia, of(mia)[0] - 10)
    postings.merge(from_account_id=noah, into_account_id=mia, **by())
    assert (of(noah), of(mia)) == ((0, 0, 0, 0), (0, 0, 0, 20))


def test_an_award_of_a_merged_account_is_taken_back_where_its_units_are(aroma, noah):
    mia = statements.balances(aroma.mia.id)[0].account_id
    award = give(noah, 30)
    postings.merge(from_account_id=noah, into_account_id=mia, **by())
    postings.take_back(account_id=mia, award_id=award, amount=None, **by())
    mirror = Lot.objects.get(account_id=mia, came_from=Lot.objects.get(entry_id=award).id)
    assert (mirror.available, mirror.revoked) == (0, 30)


def test_what_a_merged_account_used_comes_back_where_it_is_of_use(aroma, noah):
    mia = statements.balances(aroma.mia.id)[0].account_id
    before = of(mia)[0]
    spent = use(noah, 40)
    postings.merge(from_account_id=noah, into_account_id=mia, **by())
    for part in (25, None):
        postings.return_spend(account_id=mia, spend_id=spent, amount=part, grace_until=None, **by())
    assert (of(noah)[0], of(mia)[0]) == (0, before + 50)
    with pytest.raises(postings.ExceedsOriginal):
        postings.return_spend(account_id=mia, spend_id=spent, amount=1, grace_until=None, **by())


def test_what_waits_for_a_word_is_confirmed_where_it_was_merged_to(aroma, noah):
    mia = statements.balances(aroma.mia.id)[0].account_id
    award = give(noah, 100, on_confirmation=True)
    postings.merge(from_account_id=noah, into_account_id=mia, **by())
    assert postings.vest(account_id=mia, award_id=award, **by()).amount == 100


def test_nobody_elses_award_is_taken_back_nor_spend_given_back(aroma, noah):
    mia = statements.balances(aroma.mia.id)[0].account_id
    award, spent = give(noah, 30), use(noah, 5)
    with pytest.raises(DatabaseError, match="no such award here"), transaction.atomic():
        postings.take_back(account_id=mia, award_id=award, amount=None, **by())
    with pytest.raises(DatabaseError, match="no such spend here"), transaction.atomic():
        postings.return_spend(account_id=mia, spend_id=spent, amount=None, grace_until=None, **by())


def test_what_is_set_aside_is_merged_along_and_ends_where_it_is(aroma, noah):
    mia = statements.balances(aroma.mia.id)[0].account_id
    held = hold(noah, 5)
    assert postings.merge(from_account_id=noah, into_account_id=mia, **by()).amount == 50
    assert (of(noah), of(mia)) == ((0, 0, 0, 0), (1245, 0, 5, 0))
    with pytest.raises(DatabaseError, match="no such hold here"), transaction.atomic():
        postings.capture(account_id=noah, hold_id=held, **by())
    assert postings.capture(account_id=mia, hold_id=held, **by()).amount == 5
    with pytest.raises(postings.HoldClosed):
        postings.release(account_id=mia, hold_id=held, **by())


def test_a_hold_is_carried_by_a_merge_and_by_nobody_else(aroma, noah):
    held = hold(noah, 5)
    for change in (
        "until = until + interval '1 day'",
        "amount = 4",
        "closed_by = id, account_id = id",
        "first_seq = 2",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE ledger_hold SET {change} WHERE id = %s", [held])
    assert of(noah) == (45, 0, 5, 0)


def test_every_posted_entry_tells_one_event(aroma, noah):
    Event.objects.all().delete()
    award = give(noah, 30)
    spent = use(noah, 10)
    postings.return_spend(account_id=noah, spend_id=spent, amount=4, grace_until=None, **by())
    postings.take_back(account_id=noah, award_id=award, amount=None, **by())
    postings.release(account_id=noah, hold_id=hold(noah, 5), **by())
    postings.adjust(account_id=noah, amount=-1, **by())
    with pytest.raises(postings.InsufficientUnits):
        use(noah, 1000)
    told = sorted(event.name for event in Event.objects.all())
    assert told == sorted(
        f"points.{what}"
        for what in ("earned", "spent", "returned", "taken_back", "held", "released", "adjusted")
    )
