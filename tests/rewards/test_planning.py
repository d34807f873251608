"""A template becomes the draft; its rewards are there when its programme is in force, once, and not before."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from core import tenancy
from core.models import Event
from loyalty.gallery.shelf import TEMPLATES, template
from loyalty.gallery.templates import Kit
from loyalty.models import Programme
from loyalty.programme import drafting, publishing
from loyalty.programme.advice import Numbers
from loyalty.programme.versions import version_in_force
from rewards import planning
from rewards.catalogue import CostOutOfRange, live_rewards
from rewards.models import Plan, Reward
from tests.world import World

NUMBERS = Numbers(600, 6, 65, 90, 4_500_000, price=12)


@pytest.fixture
def aroma(world: World):
    """Inside Aroma's scope."""
    with tenancy.scope(world.aroma.id):
        yield world.aroma


def take(merchant, code="cafe-stamps"):
    found = template(code)
    assert found is not None
    kit = Kit(merchant.currency, merchant.locale, dt.date(2026, 11, 22))
    draft = drafting.draft_of()
    return planning.take_template(
        merchant=merchant, template=found, kit=kit, actor=None, revision=draft.revision if draft else 0
    )


def publish(merchant, **more):
    return planning.publish_programme(merchant=merchant, actor=None, **more)


def offered():
    return [(reward.names["en"], reward.unit.code, reward.cost) for reward in live_rewards()]


def day_comes():
    """The version to come is in force, and that is told, twice."""
    Programme.objects.update(next_at=timezone.now() - dt.timedelta(seconds=1))
    publishing.catch_up()
    event = Event.objects.filter(name="programme.published").latest("id")
    for _delivery in range(2):
        planning.follow_publishing(event)


def test_nothing_of_a_template_counts_before_it_is_published(aroma):
    before = version_in_force()
    plan = take(aroma)
    assert [(promise.name, promise.cost) for promise in planning.promises_of(plan)] == [("A coffee", 9)]
    assert version_in_force() == before
    assert offered() == []


def test_published_it_is_in_force_with_its_rewards(aroma):
    take(aroma)
    publish(aroma)
    assert [unit.code for unit in version_in_force().units] == ["stamps"]
    assert offered() == [("A coffee", "stamps", 9)]
    assert planning.promises_of(planning.plan_of()) == []


def test_its_rewards_have_their_names_in_both_languages(aroma):
    take(aroma)
    publish(aroma)
    assert live_rewards().get().names == {"en": "A coffee", "fr": "Un café"}


def test_a_plan_from_before_has_the_name_in_the_shops_language(aroma):
    plan = take(aroma)
    Plan.objects.update(
        offers=[{"name": "A coffee", **{key: plan.offers[0][key] for key in ("unit", "cost")}}]
    )
    publish(aroma)
    assert live_rewards().get().names == {aroma.locale: "A coffee"}


@pytest.mark.parametrize("one", TEMPLATES, ids=lambda one: one.code)
def test_every_template_can_be_drafted_at_a_shop_that_has_members(aroma, one):
    take(aroma, one.code)
    draft = drafting.draft_of()
    assert draft is not None
    assert all(
        len(part.id) == 36 for part in (*draft.version.units, *draft.version.rules, *draft.version.tiers)
    )


def test_a_surprise_is_drawn_from_a_seed_that_is_not_in_the_gallery(aroma):
    take(aroma, "bakery-visits")
    draft = drafting.draft_of()
    assert draft is not None
    [seed] = {
        each.given["seed"]
        for rule in draft.version.rules
        for each in rule.conditions
        if each.kind == "chance"
    }
    assert seed != "surprise"


def test_the_price_of_the_first_reward_is_the_shops_own(aroma):
    take(aroma)
    planning.keep_numbers(numbers=NUMBERS)
    publish(aroma)
    assert offered() == [("A coffee", "stamps", 12)]


@pytest.mark.parametrize("price", [0, 1_000_001])
def test_a_reward_for_nothing_is_refused_and_nothing_is_kept(aroma, price):
    take(aroma)
    with pytest.raises(CostOutOfRange):
        planning.keep_numbers(numbers=replace(NUMBERS, price=price))
    plan = planning.plan_of()
    assert plan is not None
    assert (plan.basket_minor, planning.promises_of(plan)[0].cost) == (0, 9)


def test_numbers_are_remembered_and_until_then_guessed(aroma):
    assert planning.numbers_of(planning.plan_of(), aroma, 9) == Numbers(600, 6, 65, 100, 4_500_000, price=9)
    planning.keep_numbers(numbers=replace(NUMBERS, basket_minor=777))
    assert planning.numbers_of(planning.plan_of(), aroma, 9).basket_minor == 777


def test_a_draft_that_is_discarded_takes_its_rewards_along(aroma):
    take(aroma, "points-per-spend")  # of points, which the shop has anyway
    drafting.discard_draft()
    drafting.change_draft(merchant=aroma, change=lambda version: replace(version, name="Other"), actor=None)
    publish(aroma)
    assert offered() == []


def test_undone_to_before_the_template_its_rewards_are_gone_too(aroma):
    drafting.change_draft(merchant=aroma, change=lambda version: replace(version, name="Other"), actor=None)
    take(aroma, "points-per-spend")
    drafting.undo_draft()
    publish(aroma)
    assert offered() == []


def test_the_same_template_twice_offers_its_rewards_once(aroma):
    for _turn in range(2):
        take(aroma)
        publish(aroma)
    assert offered() == [("A coffee", "stamps", 9)]


def test_a_reward_that_was_taken_off_does_not_come_back_by_itself(aroma):
    take(aroma)
    published = publish(aroma)
    Reward.objects.update(status="archived")
    planning.follow_publishing(
        Event.objects.get(name="programme.published", payload__version=published.number)
    )
    assert offered() == []


def test_of_a_version_to_come_the_rewards_come_on_its_day_and_once(aroma):
    take(aroma)
    publish(aroma, at=timezone.localdate() + dt.timedelta(days=2))
    assert offered() == []
    day_comes()
    assert offered() == [("A coffee", "stamps", 9)]


def test_what_is_said_or_drafted_meanwhile_leaves_the_planned_rewards_alone(aroma):
    take(aroma)
    publish(aroma, at=timezone.localdate() + dt.timedelta(days=2))
    planning.keep_numbers(numbers=NUMBERS)  # of no draft
    other = take(aroma, "points-per-spend")
    planning.keep_numbers(numbers=NUMBERS)  # of this draft
    planning.keep_step(step="numbers")
    day_comes()
    assert offered() == [("A coffee", "stamps", 9)]
    assert [promise.cost for promise in planning.promises_of(planning.plan_of())] == [
        12,
        *(offer["cost"] for offer in other.offers[1:]),
    ]


def test_of_two_templates_at_once_each_draft_brings_its_own(aroma):
    take(aroma)
    planned = publish(aroma, at=timezone.localdate() + dt.timedelta(days=2))
    take(aroma, "points-per-spend")
    drafting.withdraw_version(merchant=aroma, number=planned.number, actor=None)
    assert [promise.name for promise in planning.promises_of(planning.plan_of())] == ["A coffee"]
    drafting.undo_draft()
    names = [promise.name for promise in planning.promises_of(planning.plan_of())]
    assert names
    assert "A coffee" not in names
    publish(aroma)
    assert sorted(name for name, _unit, _cost in offered()) == sorted(names)


def test_a_version_taken_back_and_discarded_takes_its_rewards_along(aroma):
    take(aroma, "points-per-spend")
    planned = publish(aroma, at=timezone.localdate() + dt.timedelta(days=2))
    drafting.withdraw_version(merchant=aroma, number=planned.number, actor=None)
    drafting.discard_draft()
    drafting.change_draft(merchant=aroma, change=lambda version: replace(version, name="Other"), actor=None)
    publish(aroma)
    assert offered() == []


def test_a_version_that_is_taken_back_keeps_its_rewards_for_the_next_time(aroma):
    take(aroma)
    planned = publish(aroma, at=timezone.localdate() + dt.timedelta(days=2))
    drafting.withdraw_version(merchant=aroma, number=planned.number, actor=None)
    publish(aroma)
    assert offered() == [("A coffee", "stamps", 9)]
