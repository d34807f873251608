"""A purchase that is refunded: money in parts, and with each part its share of units and standing, to the unit."""

import datetime as dt

import orjson
import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import tenancy
from core.idempotency import KeyReused
from core.ids import new_id
from core.models import Event
from core.money import AmountOutOfRange
from core.text import TextTooLong
from loyalty import queries
from loyalty.ledger import postings, statements
from loyalty.membership.leaving import erase_member
from loyalty.membership.story import story_of
from loyalty.models import Note, Purchase, Standing
from loyalty.purchases import queries as purchase_queries
from loyalty.purchases.cancelling import PurchaseCancelled, PurchaseRefunded, PurchaseUnknown
from loyalty.purchases.foreseeing import foresee_undoing
from loyalty.purchases.refunding import RefundExceeds, refund_purchase
from loyalty.rules.shares import share_of
from loyalty.wording import say_reason
from tests.loyalty.purchases.test_cancelling import bought, cancel, problems, standing, use
from tests.world import points_of


def refund(world, purchase_id, amount_minor=None, *, key=None, merchant=None, reason=""):
    """The answer, as it is kept."""
    merchant = merchant or world.aroma
    with tenancy.scope(merchant.id):
        return refund_purchase(
            merchant=merchant, purchase_id=purchase_id, amount_minor=amount_minor, key=key or new_id(),
            actor_id=None, reason=reason,
        )  # fmt: skip


def told(answered):
    return orjson.loads(answered.body)


def balance_of(world, member):
    """What can be used, less what is owed."""
    found = standing(world, member)
    return found.points - found.debt


def test_a_part_takes_its_share_of_units_and_progress(world):
    before = standing(world, world.mia)
    purchase_id = bought(world, world.mia, 1_200)  # 18 points
    answer = told(refund(world, purchase_id, 500))
    after = standing(world, world.mia)
    assert answer["taken_back"] == [{"unit": "points", "amount": 7}]  # 18 × 500 / 1200 is 7.5
    assert (answer["amount"], answer["refunded"], answer["left"]) == ("5.00", "5.00", "7.00")
    assert answer["balances"]["points"]["available"] == 1211 == after.points
    assert answer["events"] == ["points.taken_back", "purchase.refunded"]
    assert after.progress == before.progress + 700
    assert (after.purchases, after.last_purchase_at != before.last_purchase_at) == (4, True)
    assert problems(world) == []


def test_parts_take_no_more_than_their_share_and_together_all_of_it(world):
    purchase_id = bought(world, world.noah, 1_000)  # 10 points
    left = [told(refund(world, purchase_id, part))["balances"]["points"]["available"] for part in (333, 333)]
    assert left == [57, 54]  # 3.33 and 6.66 taken back in all, rounded down
    rest = told(refund(world, purchase_id))
    assert (rest["amount"], rest["left"], rest["balances"]["points"]["available"]) == ("3.34", "0.00", 50)
    assert problems(world) == []


def test_a_purchase_of_which_nothing_is_left_is_as_if_it_had_not_been_made(world):
    before = standing(world, world.noah)
    purchase_id = bought(world, world.noah, 26_000)
    assert standing(world, world.noah).tier.name == "Silver"
    answer = told(refund(world, purchase_id))
    after = standing(world, world.noah)
    assert (answer["tier"]["name"], answer["moved_down"]) == ("Bronze", True)
    assert after.balances == before.balances
    assert (after.progress, after.purchases, after.last_purchase_at) == (0, 0, None)
    with tenancy.scope(world.aroma.id):
        purchase = Purchase.objects.get(id=purchase_id)
    assert (purchase.ended_at, purchase.left_minor) == (purchase.refunded_at, 0)
    assert problems(world) == []


def test_a_purchase_of_which_nothing_is_left_counts_for_no_limit_of_the_day(world):
    first, second = bought(world, world.noah, 1_000), bought(world, world.noah, 1_000)
    counted = [counted_today(world)]
    refund(world, first, 500)
    counted.append(counted_today(world))
    refund(world, first)
    counted.append(counted_today(world))
    cancel(world, second)
    assert [*counted, counted_today(world)] == [2, 2, 1, 0]


def counted_today(world):
    with tenancy.scope(world.aroma.id):
        return Standing.objects.get(member=world.noah).counted


def test_what_is_left_of_a_purchase_keeps_a_tier_or_not(world):
    purchase_id = bought(world, world.noah, 52_000)
    tiers = [told(refund(world, purchase_id, part))["tier"]["name"] for part in (2_000, 1, 24_999, 1)]
    assert tiers == ["Gold", "Silver", "Silver", "Bronze"]


def test_units_that_were_used_on_it_come_back_pro_rata(world):
    purchase_id = bought(world, world.noah, 1_000)
    use(world, world.noah, 25, cause_id=purchase_id)  # of 60
    first, second, last = (told(refund(world, purchase_id, part)) for part in (500, 100, None))
    assert [answer["given_back"][0]["amount"] for answer in (first, second, last)] == [12, 3, 10]
    assert [answer["taken_back"][0]["amount"] for answer in (first, second, last)] == [5, 1, 4]
    assert first["events"] == ["points.returned", "points.taken_back", "purchase.refunded"]
    assert balance_of(world, world.noah) == 50
    assert problems(world) == []


def test_what_is_not_there_any_more_is_owed(world):
    purchase_id = bought(world, world.noah, 1_000)
    use(world, world.noah, 60)
    answer = told(refund(world, purchase_id, 600))
    assert (answer["balances"]["points"]["available"], answer["balances"]["points"]["debt"]) == (0, 6)
    refund(world, purchase_id)
    assert standing(world, world.noah).debt == 10
    with tenancy.scope(world.aroma.id):
        newest, before = story_of(world.noah.id, limit=2)
    assert [(line.amount, line.balance, line.owed) for line in (newest, before)] == [
        (-4, -10, 4),
        (-6, -6, 6),
    ]
    assert problems(world) == []


def test_the_books_say_what_was_refunded_and_the_note_stands_beside_them(world):
    purchase_id = bought(world, world.mia, 1_200)
    refund(world, purchase_id, 500, reason="A cold latte")
    with tenancy.scope(world.aroma.id):
        [line] = story_of(world.mia.id, limit=1)
    assert (line.kind, line.amount, line.note) == ("take_back", -7, "A cold latte")
    assert say_reason(line.reasons, "EUR", "en") == "€5.00 of a purchase of €12.00 refunded"
    assert "latte" not in str(line.reasons)
    with tenancy.scope(world.aroma.id):
        erase_member(member=world.mia, actor="member")
        assert [note.text for note in Note.objects.all()] == [""]


def test_the_fact_is_told_once_and_names_nobody(world):
    purchase_id, key = bought(world, world.mia, 1_200), new_id()
    for _i in range(2):
        refund(world, purchase_id, 1_200, key=key, reason="Mia was unhappy")
    with tenancy.scope(world.aroma.id):
        [fact] = Event.objects.filter(name="purchase.refunded")
    told_units = fact.payload["amount_minor"], fact.payload["taken_back"], fact.payload["ended"]
    assert told_units == (1_200, 18, True)
    assert "Mia" not in str(fact.payload)


def test_repeating_the_key_gives_the_same_answer_for_ever(world):
    purchase_id, key = bought(world, world.mia, 1_200), new_id()
    first = refund(world, purchase_id, 500, key=key)
    refund(world, purchase_id)
    again = refund(world, purchase_id, 500, key=key)
    assert (first.replayed, again.replayed, again.body) == (False, True, first.body)
    with pytest.raises(KeyReused):
        refund(world, purchase_id, 400, key=key)


def test_more_than_is_left_is_declined_for_ever_under_its_key(world):
    purchase_id, key = bought(world, world.mia, 1_200), new_id()
    for _i in range(2):
        with pytest.raises(RefundExceeds) as refusal:
            refund(world, purchase_id, 1_201, key=key)
        assert "€12.00" in refusal.value.detail
    assert points_of(world.aroma, world.mia) == 1218
    refund(world, purchase_id)
    with pytest.raises(RefundExceeds):
        refund(world, purchase_id)
    with pytest.raises(PurchaseRefunded):
        cancel(world, purchase_id)
    assert problems(world) == []


def test_a_cancelled_purchase_is_not_refunded_and_a_cancellation_takes_what_refunds_left(world):
    gone, part = bought(world, world.mia, 1_200), bought(world, world.mia, 1_200)
    cancel(world, gone)
    with pytest.raises(PurchaseCancelled):
        refund(world, gone, 100)
    refund(world, part, 500)
    answer = told(cancel(world, part))
    assert answer["taken_back"] == [{"unit": "points", "amount": 11}]
    assert points_of(world.aroma, world.mia) == 1200
    assert problems(world) == []


@pytest.mark.parametrize("amount_minor", [0, -1, 10**9 + 1])
def test_amounts_that_are_none_are_refused(world, amount_minor):
    purchase_id = bought(world, world.mia, 1_200)
    with pytest.raises(AmountOutOfRange):
        refund(world, purchase_id, amount_minor)
    with pytest.raises(TextTooLong):
        refund(world, purchase_id, 100, reason="x" * 201)
    assert points_of(world.aroma, world.mia) == 1218


def test_another_merchants_purchase_does_not_exist(world):
    purchase_id = bought(world, world.mia, 1_200)
    with pytest.raises(PurchaseUnknown):
        refund(world, purchase_id, merchant=world.bloom)


def foreseen(world, purchase_id, by_minor):
    """(units taken back, given back, debt after it, the tier's name), without a change to anything."""
    with tenancy.scope(world.aroma.id):
        purchase = purchase_queries.purchase(purchase_id)
        before = queries.standing_of(purchase.member.survivor.id)
        follows = foresee_undoing(purchase=purchase, standing=before, by_minor=by_minor)
    (unit,) = follows.units
    return unit.taken_back, unit.given_back, unit.debt, follows.tier.name


def as_told(answer):
    taken_back, given_back = (
        sum(part["amount"] for part in answer[each]) for each in ("taken_back", "given_back")
    )
    return taken_back, given_back, answer["balances"]["points"]["debt"], answer["tier"]["name"]


@pytest.mark.parametrize("used", [0, 300, 310])
def test_what_follows_is_foreseen_exactly(world, used):
    purchase_id = bought(world, world.noah, 26_000)
    if used:
        use(world, world.noah, used, cause_id=purchase_id if used == 310 else None)
    for part in (2_000, 1, 23_999):
        assert foreseen(world, purchase_id, part) == as_told(told(refund(world, purchase_id, part)))


@pytest.mark.parametrize(("hours", "pending"), [(1, False), (-1, False), (None, True)])
def test_what_waits_or_has_died_is_foreseen_too(world, hours, pending):
    with tenancy.scope(world.aroma.id):
        now = timezone.now()
        purchase_id = Purchase.objects.filter(member=world.mia).latest("id").id  # it gave 1
        postings.award(
            account_id=statements.balances(world.mia.id)[0].account_id, amount=10, key=new_id(), cause_id=purchase_id,
            reasons={}, actor_id=None, occurred_at=now, on_confirmation=pending,
            expires_at=now + dt.timedelta(hours=hours) if hours else None,
        )  # fmt: skip
    use(world, world.mia, standing(world, world.mia).points)
    assert foreseen(world, purchase_id, 100) == as_told(told(refund(world, purchase_id)))


# Any parts of any purchase, of which anything was used on it: at the end nothing is left, and never more than its share.
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amount_minor=st.integers(1, 30_000),
    cuts=st.lists(st.integers(1, 30_000), max_size=6),
    used=st.integers(0, 50),
    ends_cancelled=st.booleans(),
)
def test_parts_of_any_size_end_where_it_began(world, amount_minor, cuts, used, ends_cancelled):
    with transaction.atomic():
        before = standing(world, world.noah)
        purchase_id = bought(world, world.noah, amount_minor)
        gain = standing(world, world.noah).points - before.points
        if used:
            use(world, world.noah, used, cause_id=purchase_id)
        places = sorted({cut for cut in cuts if cut < amount_minor})
        for since, until in zip([0, *places], places, strict=False):
            follows = foreseen(world, purchase_id, until - since)
            assert follows == as_told(told(refund(world, purchase_id, until - since)))
            kept = gain - share_of(gain, until, amount_minor) - used + share_of(used, until, amount_minor)
            assert balance_of(world, world.noah) == before.points + kept
        if ends_cancelled:
            cancel(world, purchase_id)
        else:
            refund(world, purchase_id)
        after = standing(world, world.noah)
        assert (after.points, after.debt, after.progress) == (before.points, 0, before.progress)
        assert (after.tier, after.purchases) == (before.tier, before.purchases)
        assert problems(world) == []
        transaction.set_rollback(True)
