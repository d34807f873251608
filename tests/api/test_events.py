"""POST /events: what a member did but buy, for rules to reward."""

import datetime as dt
import time
from dataclasses import replace

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id, read_id
from core.models import Event
from loyalty.models import Happening, Standing
from loyalty.purchases.velocity import change_limits
from loyalty.rules.limits import Limits
from loyalty.rules.types import Condition, Goal, Quota
from members import cards
from tests.api.conftest import assert_refused, public, rotating
from tests.loyalty.purchases.test_cancelling import problems
from tests.loyalty.ruled import budget_of, memory_of, per_euro, rule_id, with_rules
from tests.world import points_of


@pytest.fixture
def tell(till, world):
    """What Noah did: the response."""
    return lambda kind, key="new", **more: till.post(
        "/events", {"member": public("mem", world.noah.id), "type": kind, **more}, key=key
    )


def gives(world, trigger, amount, **more):
    """A rule that gives so many points, once each time."""
    plain = per_euro(world.aroma, trigger)
    return replace(plain, trigger=trigger, gives="flat", amount=amount, per_minor=0, multiplied=False, **more)


def test_a_review_is_rewarded_and_kept(tell, world):
    with_rules(world.aroma, gives(world, "review", 20))
    answer = tell("review").json()
    assert [(award["unit"], award["amount"]) for award in answer["awards"]] == [("points", 20)]
    assert answer["balances"]["points"]["available"] == 70 == points_of(world.aroma, world.noah)
    with tenancy.scope(world.aroma.id):
        kept = Happening.objects.get(id=read_id("evt", answer["id"]))
        told = Event.objects.filter(name="happening.recorded").latest("id").payload
    assert (kept.member_id, kept.trigger, kept.reasons[0]["units"]) == (world.noah.id, "review", 20)
    assert (told["trigger"], told["happening"]) == ("review", str(kept.id))
    assert problems(world) == []


def test_the_same_key_is_the_same_review(tell, world):
    with_rules(world.aroma, gives(world, "review", 20))
    first, again = tell("review", key="review 1"), tell("review", key="review 1")
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    assert points_of(world.aroma, world.noah) == 70
    assert_refused(tell("survey", key="review 1"), 409, "idempotency_key_reused")


def test_an_event_of_ones_own_is_known_by_its_name(tell, world):
    quiz = Condition("name", {"any": ["quiz week"]})
    with_rules(world.aroma, gives(world, "custom", 30, conditions=(quiz,)))
    assert [bool(tell(kind).json()["awards"]) for kind in ("Quiz Week", "other")] == [True, False]
    assert points_of(world.aroma, world.noah) == 80


def test_what_was_attended_has_a_name(tell, world):
    latte = Condition("name", {"any": ["latte art"]})
    with_rules(world.aroma, gives(world, "attendance", 30, conditions=(latte,)))
    told = [tell("attendance", name=name).json() for name in ("Latte art", "")]
    assert [bool(answer["awards"]) for answer in told] == [True, False]
    assert [(answer["type"], answer["name"]) for answer in told] == [
        ("attendance", "latte art"),
        ("attendance", ""),
    ]


def test_what_no_rule_asks_for_is_kept_and_gives_nothing(tell, world):
    answer = tell("yoga")
    assert (answer.status_code, answer.json()["awards"]) == (201, [])
    with tenancy.scope(world.aroma.id):
        assert Happening.objects.filter(trigger="custom", name="yoga").count() == 1


def test_a_visit_without_a_purchase_is_a_visit(tell, till, basket, world):
    third = Condition("nth_visit", {"nth": 3})
    with_rules(world.aroma, per_euro(world.aroma, "third", conditions=(third,)))
    tell("visit")
    tell("visit")
    made = till.post("/purchases", basket(member=public("mem", world.noah.id), amount="10.00")).json()
    assert [award["amount"] for award in made["awards"]] == [10]
    with tenancy.scope(world.aroma.id):
        noah = Standing.objects.get(member=world.noah)
    assert (noah.visits, noah.purchases) == (2, 1)


def test_what_an_event_gave_is_remembered(tell, world):
    once = (Quota(1, "times", "ever"), Quota(25, "units", "ever", whose="programme"))
    with_rules(world.aroma, gives(world, "survey", 20, quotas=once))
    assert [bool(tell("survey").json()["awards"]) for _again in range(2)] == [True, False]
    assert memory_of(world.aroma, world.noah) == {rule_id("survey"): {"had": {"ever": [20, 1]}}}
    assert budget_of(world.aroma, "survey") == [(20, 1)]


def test_a_goal_is_reached_by_events(tell, world):
    with_rules(world.aroma, gives(world, "share", 10, goal=Goal(3, "month")))
    assert [bool(tell("share").json()["awards"]) for _again in range(4)] == [False, False, True, False]


def test_by_card_and_by_number(till, world):
    for who in ({"card": rotating(world, world.noah_card)}, {"phone": "06 98 76 54 32"}):
        assert till.post("/events", {"type": "review", **who}).json()["member"]["name"] == "Noah"


@pytest.mark.parametrize("kind", ["purchase", "joining", "Birthday", "custom", "referral", "gift", "code"])
def test_what_has_a_door_of_its_own_is_refused(tell, unchanged, kind):
    assert_refused(tell(kind), 422, "event_type_taken", "type")


def test_bad_events(tell, till, world, unchanged):
    assert_refused(tell(""), 422, "field_missing", "type")
    assert_refused(
        tell("review", occurred_at="2001-01-01T00:00:00Z"), 422, "occurred_at_out_of_range", "occurred_at"
    )
    assert_refused(till.post("/events", {"type": "review"}), 422, "member_ambiguous", "card")
    assert_refused(
        till.post("/events", {"type": "review", "member": public("mem", new_id())}), 404, "member_not_found"
    )
    assert_refused(
        till.post("/events", {"type": "review", "member": public("mem", world.zoe.id)}),
        404,
        "member_not_found",
    )
    assert_refused(tell("review", amount="1.00"), 422, "field_unknown", "amount")


def test_a_card_that_counts_no_more_is_declined_for_ever(till, world):
    late = time.time() - 600
    code = cards.rotating_code(world.noah_card, world.aroma, now=late)
    first = till.post("/events", {"type": "review", "card": code}, key="late")
    again = till.post("/events", {"type": "review", "card": code}, key="late")
    assert_refused(first, 409, "card_expired")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (409, "true")


def limiting_to(world, **limits):
    with tenancy.scope(world.aroma.id):
        change_limits(merchant=world.aroma, limits=Limits(**limits), actor=None)


def test_a_visit_obeys_the_limits_of_purchases(tell, till, basket, world):
    limiting_to(world, purchases_a_day=2)
    till.post("/purchases", basket(member=public("mem", world.noah.id)))
    assert tell("visit").status_code == 201
    assert_refused(tell("visit"), 409, "day_limit_reached")
    assert tell("review").status_code == 201
    limiting_to(world, cool_down_minutes=5)
    assert_refused(tell("visit"), 409, "too_soon")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=6)):
        assert tell("visit").status_code == 201


def test_a_printed_card_tells_no_more_on_a_day_than_it_may(till, world):
    limiting_to(world, static_a_day=2)
    card = {"card": cards.static_code(world.noah_card, world.aroma)}
    told = [till.post("/events", {"type": kind, **card}) for kind in ("review", "survey", "share")]
    assert [answer.status_code for answer in told] == [201, 201, 409]
    assert_refused(told[2], 409, "static_limit_reached")
    assert till.post("/events", {"type": "share", "member": public("mem", world.noah.id)}).status_code == 201


def test_where_it_happened_is_kept_and_rules_ask_for_it(tell, world):
    place = public("loc", world.croix_rousse.id)
    here = Condition("location", {"any": [str(world.croix_rousse.id)]})
    with_rules(world.aroma, gives(world, "review", 20, conditions=(here,)))
    assert [bool(tell("review", **where).json()["awards"]) for where in ({}, {"location": place})] == [
        False,
        True,
    ]
    assert_refused(tell("review", location=public("loc", new_id())), 422, "location_not_found", "location")
    with tenancy.scope(world.aroma.id):
        kept = Happening.objects.filter(trigger="review").order_by("id").last()
    assert (kept.location_id, kept.channel) == (world.croix_rousse.id, "api")
