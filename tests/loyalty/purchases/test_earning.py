"""The main job, through its verb: one purchase, at most three statements, at most once, never by half."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import tenancy
from core.idempotency import KeyReused
from core.ids import new_id
from core.models import Event
from loyalty.ledger import statements
from loyalty.models import Purchase, Standing
from loyalty.programme import versions
from loyalty.purchases import earning
from members import cards
from tests.loyalty.ruled import earning as earning_of
from tests.loyalty.ruled import publish
from tests.world import buy, points_of


def purchase_of(who, amount_minor=1250, **more):
    return earning.NewPurchase(
        who=who, amount_minor=amount_minor, channel="api", asked=[str(who), amount_minor], **more
    )


def rotating(world, card, **more):
    return cards.read(cards.rotating_code(card, world.aroma, **more), world.aroma)


def record(world, bought, key=None):
    return earning.record_purchase(merchant=world.aroma, bought=bought, key=key or new_id())


def state_of(world, member):
    with tenancy.scope(world.aroma.id):
        standing = Standing.objects.get(member=member)
        return (
            standing.progress_minor,
            standing.version,
            Purchase.objects.count(),
            Event.objects.count(),
            statements.balances(member.id)[0].available,
        )


def test_a_scan_becomes_points_standing_and_a_story(world):
    answer = json.loads(record(world, purchase_of(rotating(world, world.mia_card))).body)
    assert answer["awards"] == [
        {"unit": "points", "amount": 18, "rule": "1 point per €1", "reason": "12 × 1.5 (Gold)"}
    ]
    assert answer["balances"]["points"] == {
        "available": 1218,
        "pending": 0,
        "held": 0,
        "debt": 0,
        "expiring": [],
    }
    assert answer["tier"] == {
        "name": "Gold",
        "progress": {"current": "946.50", "next": None, "of": "spend"},
        "next_tier": None,
    }
    assert answer["member"]["name"] == "Mia"
    assert answer["events"] == ["points.earned"]
    assert points_of(world.aroma, world.mia) == 1218


def test_a_purchase_takes_at_most_three_statements(world):
    with CaptureQueriesContext(
        connection,
    ) as first:
        record(world, purchase_of(cards.Scanned(member_id=world.mia.id)))
    with CaptureQueriesContext(connection) as second:
        record(world, purchase_of(rotating(world, world.mia_card)))
    versions.forget_versions()
    with CaptureQueriesContext(connection) as newborn:
        record(world, purchase_of(cards.Scanned(member_id=world.mia.id)))
    assert [len(first), len(second), len(newborn)] == [2, 2, 3]


def test_a_repetition_takes_one_statement_and_gets_the_same_bytes(world):
    key, bought = new_id(), purchase_of(rotating(world, world.mia_card))
    first = record(world, bought, key)
    before = state_of(world, world.mia)
    with CaptureQueriesContext(connection) as captured:
        again = record(world, bought, key)
    assert (again.body, again.status, again.replayed) == (first.body, first.status, True)
    assert len(captured) == 1
    assert state_of(world, world.mia) == before


def test_a_repetition_after_the_code_expired_still_gets_its_answer(world):
    key, text = new_id(), cards.rotating_code(world.mia_card, world.aroma)
    at_once = earning.NewPurchase(cards.read(text, world.aroma), 1250, "api", asked=[text])
    later = cards.read(text, world.aroma, now=4_000_000_000)
    assert later.expired
    first = record(world, at_once, key)
    assert record(world, earning.NewPurchase(later, 1250, "api", asked=[text]), key).body == first.body


def test_the_same_key_for_another_purchase_is_refused(world):
    key = new_id()
    record(world, purchase_of(cards.Scanned(member_id=world.mia.id)), key)
    before = state_of(world, world.noah)
    with pytest.raises(KeyReused):
        record(world, purchase_of(cards.Scanned(member_id=world.noah.id)), key)
    with pytest.raises(KeyReused):
        record(world, purchase_of(cards.Scanned(member_id=world.mia.id), 1251), key)
    assert state_of(world, world.noah) == before


def refusals(world):
    foreign = cards.Scanned(member_id=world.zoe.id)
    old = cards.rotating_code(world.mia_card, world.aroma, now=1_000_000_000)
    revoked = cards.Scanned(serial=world.mia_card.serial, generation=world.mia_card.generation + 1)
    return {
        "unknown": (purchase_of(cards.Scanned(member_id=new_id())), cards.MemberUnknown),
        "of another merchant": (purchase_of(foreign), cards.MemberUnknown),
        "expired": (purchase_of(cards.read(old, world.aroma)), cards.CardExpired),
        "revoked": (purchase_of(revoked), cards.CardRevoked),
        "phone of nobody": (purchase_of(cards.Scanned(phone="+33600000000")), cards.MemberUnknown),
        "foreign location": (
            purchase_of(cards.Scanned(member_id=world.mia.id), location_id=world.bloom_shop.id),
            earning.LocationUnknown,
        ),
    }


@pytest.mark.parametrize(
    "case", ["unknown", "of another merchant", "expired", "revoked", "phone of nobody", "foreign location"]
)
def test_a_refused_purchase_changes_nothing(world, case):
    bad, error = refusals(world)[case]
    before = state_of(world, world.mia)
    with pytest.raises(error):
        record(world, bad)
    assert state_of(world, world.mia) == before


def test_a_rotating_code_serves_one_purchase(world):
    scanned = rotating(world, world.mia_card)
    record(world, purchase_of(scanned))
    before = state_of(world, world.mia)
    with pytest.raises(cards.CardAlreadyUsed):
        record(world, purchase_of(scanned, 999))
    assert state_of(world, world.mia) == before


def test_a_static_code_a_spoken_code_and_a_phone_number_all_earn(world):
    for text in (
        cards.static_code(world.mia_card, world.aroma),
        world.mia_card.spoken_code.lower(),
        "06 12 34 56 78",
    ):
        record(world, purchase_of(cards.read(text, world.aroma), 100))
    assert points_of(world.aroma, world.mia) == 1203


def test_moving_up_happens_with_the_purchase(world):
    answer = json.loads(buy(world.aroma, world.noah, 25_000))
    assert (answer["tier"]["name"], answer["moved_up"]) == ("Silver", True)
    assert answer["events"] == ["points.earned", "tier.reached"]
    with tenancy.scope(world.aroma.id):
        assert Standing.objects.select_related("tier").get(member=world.noah).tier.name == "Silver"
        assert Event.objects.filter(name="tier.reached").count() == 2


def test_an_amount_below_the_first_point_is_a_visit_without_points(world):
    answer = json.loads(buy(world.aroma, world.noah, 40))
    assert answer["awards"] == []
    assert answer["nearly"] == [{"rule": "1 point per €1", "reason": "€0.60 short of the first point"}]
    with tenancy.scope(world.aroma.id):
        assert Standing.objects.get(member=world.noah).purchases == 1
        assert statements.prove() == []


def test_a_preview_answers_the_same_and_changes_nothing(world):
    before = state_of(world, world.mia)
    preview = earning.preview_purchase(
        merchant=world.aroma, bought=purchase_of(cards.Scanned(member_id=world.mia.id))
    )
    assert state_of(world, world.mia) == before
    answer = json.loads(record(world, purchase_of(cards.Scanned(member_id=world.mia.id))).body)
    assert preview.pop("dry_run")
    answer.pop("id")
    assert preview == answer


def test_a_purchase_keeps_the_version_it_was_judged_by(world):
    body = json.loads(buy(world.aroma, world.noah, 1000))
    with tenancy.scope(world.aroma.id):
        number = versions.version_in_force().number
        publish(world.aroma, earning_of(5))
        purchase = Purchase.objects.get(id=body["id"][4:])
        assert purchase.programme_version == number
    assert json.loads(buy(world.aroma, world.noah, 1000))["awards"][0]["amount"] == 50
