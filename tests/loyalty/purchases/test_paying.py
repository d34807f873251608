"""Any part of a bill is paid with units, in one act with the purchase: down to what is to be paid in money, and back again."""

import dataclasses
import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import tenancy
from core.ids import new_id, read_id
from core.models import Event
from loyalty.ledger import postings, statements
from loyalty.ledger.models import Entry
from loyalty.membership.story import story_of
from loyalty.models import Purchase
from loyalty.programme.versions import version_in_force
from loyalty.purchases import earning
from loyalty.purchases.paying import (
    MoneyNeeded,
    PaymentUnproven,
    PayUnitUnknown,
    UnitPaysNothing,
)
from loyalty.rules.editing import changed_unit, with_least_in_money
from loyalty.rules.paying import Asked
from loyalty.rules.types import Basis, Expiry, Worth
from loyalty.wording.entries import say_entry
from members import cards
from members.models import Card
from tests.loyalty.purchases.test_cancelling import cancel, problems, standing
from tests.loyalty.purchases.test_earning import rotating
from tests.loyalty.purchases.test_refunding import refund, told
from tests.loyalty.ruled import per_euro, publish
from tests.world import points_of

ALL_BUT_MINIMUM = Asked("points", is_proven=True)


@pytest.fixture
def paying(world):
    """At Aroma 100 points pay €5, and €1 of each bill is paid in money. Mia has 1200 points."""

    def change(version):
        worth = changed_unit(version, version.units[0].id, worth=Worth(100, 500))
        return with_least_in_money(worth, 100)

    with tenancy.scope(world.aroma.id):
        publish(world.aroma, change)
    return world


def pay(world, asked, amount_minor=1250, *, who=None, key=None, **more):
    bought = earning.NewPurchase(
        who=who or cards.Scanned(member_id=world.mia.id), amount_minor=amount_minor, channel="api",
        asked=[amount_minor, asked.unit, asked.units, asked.minor], pay=asked, **more,
    )  # fmt: skip
    return earning.record_purchase(merchant=world.aroma, bought=bought, key=key or new_id())


def units(count, unit="points"):
    return Asked(unit, units=count, is_proven=True)


def money(minor):
    return Asked("points", minor=minor, is_proven=True)


def set_aside(world, amount):
    """So many of Mia's points, for ten minutes."""
    with tenancy.scope(world.aroma.id):
        account, now = statements.balances(world.mia.id)[0].account_id, timezone.now()
        postings.hold(
            account_id=account, amount=amount, key=new_id(), reasons={}, cause_id=None, actor_id=None,
            until=now + dt.timedelta(minutes=10), now=now,
        )  # fmt: skip


def test_whole_balance_or_nothing(paying):
    """The pain: elsewhere one pays with all points or with none. Here it is any part of a bill."""
    answer = told(pay(paying, units(30)))
    assert answer["paid"] == {"unit": "points", "amount": 30, "money": "1.50", "left": "11.00"}
    # 11 × 1.5 (Gold): what is paid with points earns none
    assert [award["amount"] for award in answer["awards"]] == [16]
    assert answer["balances"]["points"]["available"] == 1200 - 30 + 16 == points_of(paying.aroma, paying.mia)
    assert answer["events"] == ["points.spent", "points.earned"]
    assert problems(paying) == []


@pytest.mark.parametrize(
    ("asked", "paid"),
    [
        (units(1), (1, "0.05", "12.45")),
        (money(500), (100, "5.00", "7.50")),
        (money(503), (100, "5.00", "7.50")),  # never more than was asked for
        (ALL_BUT_MINIMUM, (230, "11.50", "1.00")),
    ],
)
def test_so_many_units_or_so_much_money_or_all_but_the_minimum(paying, asked, paid):
    answer = told(pay(paying, asked))["paid"]
    assert (answer["amount"], answer["money"], answer["left"]) == paid
    assert problems(paying) == []


def test_all_that_one_has_where_that_is_less_than_the_bill(paying):
    answer = told(pay(paying, ALL_BUT_MINIMUM, 30_000))
    assert answer["paid"]["amount"] == 1200
    assert answer["paid"]["left"] == "240.00"


@pytest.mark.parametrize(
    ("asked", "amount_minor", "refusal", "code"),
    [
        (units(1201), 30_000, postings.InsufficientUnits, "insufficient_units"),
        (money(1151), 1250, None, None),  # 230 points are €11.50, and €1 is left
        (money(1155), 1250, MoneyNeeded, "money_needed"),
        (units(231), 1250, MoneyNeeded, "money_needed"),
        (ALL_BUT_MINIMUM, 100, UnitPaysNothing, "unit_pays_nothing"),
        (money(4), 1250, UnitPaysNothing, "unit_pays_nothing"),
    ],
)
def test_what_cannot_be_paid_is_refused_with_its_reason_and_nothing_happens(
    paying, asked, amount_minor, refusal, code
):
    if refusal is None:
        assert told(pay(paying, asked, amount_minor))["paid"]["left"] == "1.00"
        return
    before = standing(paying, paying.mia)
    key = new_id()
    for _again in range(2):  # a retry never turns a no into a yes
        with pytest.raises(refusal) as refused:
            pay(paying, asked, amount_minor, key=key)
        assert refused.value.code == code
    after = standing(paying, paying.mia)
    assert (after.points, after.progress, after.purchases) == (
        before.points,
        before.progress,
        before.purchases,
    )
    assert problems(paying) == []


def test_a_unit_that_is_worth_nothing_pays_nothing(world):
    with pytest.raises(UnitPaysNothing):
        pay(world, units(100))
    with pytest.raises(PayUnitUnknown):
        pay(world, units(100, "stamps"))


def test_a_printed_card_or_a_number_alone_does_not_spend(paying):
    static = cards.read(cards.static_code(paying.mia_card, paying.aroma), paying.aroma)
    for who in (static, cards.Scanned(member_id=paying.mia.id), cards.Scanned(phone=paying.mia.phone)):
        with pytest.raises(PaymentUnproven) as refused:
            pay(paying, dataclasses.replace(units(10), is_proven=False), who=who)
        assert refused.value.code == "second_proof_needed"  # as wherever units are spent
    assert points_of(paying.aroma, paying.mia) == 1200
    live = rotating(paying, paying.mia_card)
    assert (
        told(pay(paying, dataclasses.replace(units(10), is_proven=False), who=live))["paid"]["amount"] == 10
    )


def test_a_live_card_that_has_spent_elsewhere_pays_nothing(paying):
    live = rotating(paying, paying.mia_card)
    other = new_id()
    with tenancy.scope(paying.aroma.id):
        Card.objects.filter(id=paying.mia_card.id).update(spent_step=live.step, spent_by=other)
    with pytest.raises(cards.CardAlreadyUsed):
        pay(paying, units(10), who=live, actor_id=new_id())
    assert points_of(paying.aroma, paying.mia) == 1200
    assert (
        told(pay(paying, units(10), who=live, actor_id=other))["paid"]["amount"] == 10
    )  # whoever took a reward by it


def test_a_live_card_that_has_paid_spends_nowhere_else(paying):
    live, till = rotating(paying, paying.mia_card), new_id()
    pay(paying, units(10), who=live, actor_id=till)
    with tenancy.scope(paying.aroma.id):
        card = Card.objects.get(id=paying.mia_card.id)
    assert (card.spent_step, card.spent_by) == (live.step, till)


def test_the_same_key_pays_once(paying):
    key = new_id()
    first, second = (pay(paying, units(100), key=key) for _again in range(2))
    assert (first.body, second.replayed) == (second.body, True)
    with tenancy.scope(paying.aroma.id):
        assert Entry.objects.filter(kind="spend").count() == 1
        assert Event.objects.filter(name="points.spent").count() == 1


def test_what_is_paid_with_points_earns_where_the_rule_counts_it(paying):
    counts_all = per_euro(paying.aroma, "all", basis=Basis(paid_in_units=True))
    with tenancy.scope(paying.aroma.id):
        publish(paying.aroma, lambda version: dataclasses.replace(version, rules=(counts_all,)))
    assert [award["amount"] for award in told(pay(paying, units(100)))["awards"]] == [18]  # 12 × 1.5


def test_a_purchase_with_units_takes_one_statement_more(paying):
    def counted(asked, who):
        bought = earning.NewPurchase(who=who, amount_minor=1250, channel="api", asked=[1], pay=asked)
        with CaptureQueriesContext(connection) as queries:
            earning.record_purchase(merchant=paying.aroma, bought=bought, key=new_id())
        return [query["sql"] for query in queries]

    member = cards.Scanned(member_id=paying.mia.id)
    plain, paid = (counted(asked, member) for asked in (None, units(10)))
    assert len(paid) == len(plain) + 1
    # Besides, both load a version that is published in this test's own transaction, and so is not kept.
    own = [[sql for sql in found if "loyalty_read_version" not in sql] for found in (plain, paid)]
    assert [len(found) for found in own] == [2, 3]


def test_trying_it_changes_nothing(paying):
    bought = earning.NewPurchase(
        who=cards.Scanned(member_id=paying.mia.id), amount_minor=1250, channel="api", asked=[], pay=units(30)
    )
    set_aside(paying, 20)
    with tenancy.scope(paying.aroma.id):
        entries = Entry.objects.count()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11), tick=False):  # what is due stays so
        answer = earning.preview_purchase(merchant=paying.aroma, bought=bought)
    assert (answer["dry_run"], answer["paid"]["left"], answer["awards"][0]["amount"]) == (True, "11.00", 16)
    with tenancy.scope(paying.aroma.id):
        assert (Entry.objects.count(), Purchase.objects.filter(amount_minor=1250).count()) == (entries, 0)


def test_the_soonest_to_die_pay_first_and_the_answer_tells_what_is_left_of_them(paying):
    """What is told is what the books have, lot by lot, with what came due meanwhile."""
    with tenancy.scope(paying.aroma.id):
        unit = version_in_force().units[0].id
        publish(paying.aroma, lambda version: changed_unit(version, unit, expiry=Expiry("days", 400)))
        account = statements.balances(paying.mia.id)[0].account_id
        now = timezone.now()
        for days, amount in ((30, 20), (10, 25), (60, 40), (90, 5)):
            postings.award(
                account_id=account, amount=amount, key=new_id(), reasons={"code": "welcome", "version": 1},
                cause_id=paying.mia.id, actor_id=None, occurred_at=now, expires_at=now + dt.timedelta(days=days),
            )  # fmt: skip
    answer = told(pay(paying, units(50)))
    book = standing(paying, paying.mia)
    # Of 25 and 20 and 40 there are 35 left; 5 more, and the points of today. What Mia had before lives for ever.
    assert [one["amount"] for one in book.balances["points"]["expiring"]] == [35, 5, 15]
    assert answer["balances"]["points"] == book.balances["points"]
    assert problems(paying) == []


def test_units_that_wait_until_now_pay_too(paying):
    """The books settle what is due before anything is used; the answer says what they then have."""
    set_aside(paying, 1200)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11), tick=False):
        answer = told(pay(paying, units(100)))
    assert answer["balances"]["points"] == standing(paying, paying.mia).balances["points"]
    assert answer["balances"]["points"]["held"] == 0
    assert problems(paying) == []


def test_a_refund_gives_units_and_money_back_each_its_share(paying):
    purchase_id = read_id("pur", told(pay(paying, units(100), 1000))["id"])  # €5 with points, €5 in money
    earned = points_of(paying.aroma, paying.mia) - 1100
    first, second, last = (told(refund(paying, purchase_id, part)) for part in (333, 333, None))
    assert [one["given_back"][0]["amount"] for one in (first, second, last)] == [33, 33, 34]
    assert [one["in_money"] for one in (first, second, last)] == ["1.67", "1.66", "1.67"]
    assert earned == 7
    assert points_of(paying.aroma, paying.mia) == 1200
    assert problems(paying) == []


def test_a_cancelled_purchase_gives_all_units_back(paying):
    purchase_id = read_id("pur", told(pay(paying, units(100), 1000))["id"])
    answer = told(cancel(paying, purchase_id))
    assert answer["given_back"] == [{"unit": "points", "amount": 100}]
    assert points_of(paying.aroma, paying.mia) == 1200
    assert problems(paying) == []


def test_the_story_says_what_units_paid(paying):
    pay(paying, units(100), 1000)
    with tenancy.scope(paying.aroma.id):
        line = next(line for line in story_of(paying.mia.id, limit=2) if line.kind == "spend")
    assert (line.amount, line.purchase.amount_minor) == (-100, 1000)
    assert say_entry(line.kind, line.reasons, "EUR", "en") == "€5.00 of a bill paid"
