"""A rehearsal beside what happened, and beside what happens when the draft is in force."""

import dataclasses
import datetime as dt

import pytest
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from loyalty import queries
from loyalty.membership.joining import enrol_member
from loyalty.models import Purchase, Rehearsal
from loyalty.programme import drafting, publishing, versions
from loyalty.programme.drafting import DraftMissing
from loyalty.purchases.history import PastPurchase, record_history
from loyalty.purchases.refunding import refund_purchase
from loyalty.rehearsal import rehearsing
from loyalty.rehearsal.replaying import Replay
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Basis, Condition, Goal, Quota, Rule, Stacking, Version
from rewards.catalogue import prizes_by_unit
from tests.loyalty.ruled import per_euro, rule_id, stamps
from tests.rewards.offering import offered
from tests.world import make_world

SILVER = rule_id("Silver")  # any id will do
AMOUNTS = (1250, 990, 4399, 12_000, 760, 30_000, 505, 2_001)


def ago(days: int, hour: int = 12) -> dt.datetime:
    """So many days before today, in the shop's morning or noon."""
    return (timezone.now() - dt.timedelta(days=days)).replace(hour=hour, minute=7)


def newcomers(merchant, number: int, first: int = 0, joined: dt.datetime | None = None):
    """Members who joined a hundred days ago, each with a phone number of their own."""
    return [
        enrol_member(
            merchant=merchant, phone=f"+336222{first + place:05}", source="join", joined_at=joined or ago(100)
        ).member
        for place in range(number)
    ]


def spread(members) -> list[PastPurchase]:
    """A purchase a day, member after member, with coffee in every third."""
    return [
        PastPurchase(
            members[place % len(members)].id,
            AMOUNTS[place % len(AMOUNTS)],
            ago(60 - place, hour=8 if place % 2 else 17),
            items=[{"name": "Coffee", "category": "coffee", "amount": "3.00", "quantity": 1}]
            if place % 3 == 0
            else [],
        )
        for place in range(48)
    ]


def draft(merchant, change) -> None:
    """Change the draft of the current merchant."""
    drafting.change_draft(merchant=merchant, change=change, actor=None)


def rehearsed(merchant) -> dict:
    """The result of rehearsing the draft."""
    with tenancy.scope(merchant.id):
        asked = rehearsing.begin_rehearsal(merchant=merchant, actor=None)
        prizes = prizes_by_unit()
    rehearsing.rehearse(merchant=merchant, rehearsal_id=asked.id, prizes=prizes)
    with tenancy.scope(merchant.id):
        found = rehearsing.newest_rehearsal()
    assert found is not None
    assert found.status == "done"
    assert found.result is not None
    return found.result


def many_rules(version: Version, merchant) -> Version:
    """A draft with something of everything that a member's memory and ladder know."""
    coffee = Basis(only=frozenset({"coffee"}))
    unit = version.units[0].id
    rules = (
        per_euro(merchant, "spending", keeps_change=True, per_minor=300),
        Rule(rule_id("morning"), "purchase", unit, gives="multiplier", percent=200, conditions=(Condition("hours", {"from": "06:00", "to": "12:00"}),)),
        Rule(rule_id("coffee"), "purchase", stamps().id, 1, gives="per_item", basis=coffee),
        Rule(rule_id("third"), "visit", unit, 15, gives="flat", goal=Goal(3, "month")),
        Rule(rule_id("big"), "purchase", unit, 40, gives="flat", conditions=(Condition("spend", {"minor": 4000}),), quotas=(Quota(60, "units", "month"),)),
    )  # fmt: skip
    tiers = (*version.tiers, Tier(SILVER, "Silver", 4_000, 170))
    stacking: Stacking = "sum"
    return dataclasses.replace(
        version, rules=rules, tiers=tiers, units=(*version.units, stamps()), stacking=stacking
    )


def test_a_rehearsal_is_what_really_happens_when_the_version_is_published(world):
    bloom = world.bloom
    with tenancy.scope(bloom.id):
        members = newcomers(bloom, 4)
        list(record_history(merchant=bloom, purchases=spread(members)))
        draft(bloom, lambda version: many_rules(version, bloom))
        asked = rehearsing.begin_rehearsal(merchant=bloom, actor=None)
        replay = Replay(bloom, drafting.edited_version(), asked.since, asked.until)
        replay.play(replay.events())
        foretold = [replay.life_of(member.id) for member in members]

        publishing.change_programme(
            merchant=bloom, change=lambda version: many_rules(version, bloom), actor=None
        )
        twins = newcomers(bloom, 4, first=100)
        list(record_history(merchant=bloom, purchases=spread(twins)))
        version = versions.version_in_force()
        standings = [queries.standing_of(twin.id) for twin in twins]
    codes = {unit.id: unit.code for unit in version.units}
    assert {life.tier.name for life in foretold} == {"Silver"}
    for life, standing in zip(foretold, standings, strict=True):
        has = {code: row["available"] for code, row in standing.balances.items() if row["available"]}
        assert {codes[unit]: units for unit, units in life.units.items()} == has
        assert (life.tier.id, life.progress_on(ago(0).date())) == (standing.tier.id, standing.progress)


def test_a_rehearsal_shows_units_tiers_members_and_baskets_side_by_side(world):
    bloom = world.bloom
    with tenancy.scope(bloom.id):
        one, other = newcomers(bloom, 2)
        list(record_history(merchant=bloom, purchases=[
            PastPurchase(one.id, 10_000, ago(30)), PastPurchase(other.id, 500, ago(20)), PastPurchase(one.id, 700, ago(10)),
        ]))  # fmt: skip
        unit = versions.version_in_force().units[0]
        offered(name="Cake", unit_id=unit.id, cost=150, stock=None, actor=None)
        # Two points a euro, from five euros on; and Silver from €100.
        draft(bloom, lambda version: dataclasses.replace(
            version,
            rules=(per_euro(bloom, "twice", amount=2, conditions=(Condition("spend", {"minor": 600}),)),),
            tiers=(*version.tiers, Tier(SILVER, "Silver", 10_000, 125)),
        ))  # fmt: skip
    result = rehearsed(bloom)
    (points,) = result["units"]
    # Was 100 + 5 + 7, would be 200 + 0 + 7 × 2 × 1.25 = 17.5: 17.
    assert (result["purchases"], points["was"], points["would"]) == (3, 112, 217)
    assert points["gaining"] == {"members": 1, "most": [[str(one.id), 110]]}
    assert points["losing"] == {"members": 1, "most": [[str(other.id), -5]]}
    assert [(row["was"], row["would"], row["amount_minor"]) for row in points["baskets"]] == [
        (100, 200, 10_000), (7, 17, 700), (5, 0, 500),
    ]  # fmt: skip
    assert points["liability"]["would"] - points["liability"]["now"] == 105
    assert points["reach"] == [
        {"reward": "Cake", "cost": 150, "now": 0, "would": 1}
    ]  # 107 now, 217 by the draft
    assert result["tiers"] == [{"from": "Bud", "to": "Silver", "members": 1}]


def test_a_rehearsal_writes_nothing_into_the_books(world):
    bloom = world.bloom
    with tenancy.scope(bloom.id):
        members = newcomers(bloom, 2)
        list(record_history(merchant=bloom, purchases=spread(members)))
        draft(bloom, lambda version: many_rules(version, bloom))
        before = [queries.standing_of(member.id).balances for member in members], Purchase.objects.count()
    rehearsed(bloom)
    with tenancy.scope(bloom.id):
        after = [queries.standing_of(member.id).balances for member in members], Purchase.objects.count()
    assert after == before


def test_what_went_back_counts_for_neither_side(world):
    bloom = world.bloom
    with tenancy.scope(bloom.id):
        (one,) = newcomers(bloom, 1)
        list(
            record_history(
                merchant=bloom,
                purchases=[PastPurchase(one.id, 1000, ago(9)), PastPurchase(one.id, 1000, ago(8))],
            )
        )
        whole, part = Purchase.objects.filter(member=one).order_by("id")
        refund_purchase(merchant=bloom, purchase_id=whole.id, amount_minor=None, key=new_id(), actor_id=None)
        refund_purchase(merchant=bloom, purchase_id=part.id, amount_minor=250, key=new_id(), actor_id=None)
        draft(
            bloom, lambda version: dataclasses.replace(version, rules=(per_euro(bloom, "twice", amount=2),))
        )
    (points,) = rehearsed(bloom)["units"]
    # A quarter of 10 is 2.5, so 2 went back; of 20 it is 5.
    assert (points["was"], points["would"]) == (8, 15)


def test_a_draft_that_changes_nothing_for_anybody_says_so(world):
    bloom = world.bloom
    with tenancy.scope(bloom.id):
        list(record_history(merchant=bloom, purchases=spread(newcomers(bloom, 3))))
        draft(bloom, lambda version: dataclasses.replace(version, name="Another name"))
    result = rehearsed(bloom)
    (points,) = result["units"]
    assert points["was"] == points["would"] > 0
    assert (points["baskets"], points["gaining"]["members"], points["losing"]["members"]) == ([], 0, 0)
    assert result["tiers"] == []


def test_asking_again_drops_the_one_that_is_not_finished(world):
    bloom = world.bloom
    with tenancy.scope(bloom.id):
        with pytest.raises(DraftMissing):
            rehearsing.begin_rehearsal(merchant=bloom, actor=None)
        draft(bloom, lambda version: dataclasses.replace(version, name="Another name"))
        first = rehearsing.begin_rehearsal(merchant=bloom, actor=None)
        second = rehearsing.begin_rehearsal(merchant=bloom, actor=None)
    rehearsing.rehearse(merchant=bloom, rehearsal_id=first.id, prizes={})
    with tenancy.scope(bloom.id):
        assert list(Rehearsal.objects.values_list("id", flat=True)) == [second.id]
        assert (second.status, second.percent) == ("waiting", 0)


def test_a_rehearsal_survives_the_worker_that_played_it(committed_db):
    bloom = make_world().bloom
    with tenancy.scope(bloom.id):
        draft(bloom, lambda version: dataclasses.replace(version, name="Another name"))
        asked = rehearsing.begin_rehearsal(merchant=bloom, actor=None)
    assert [row[:2] for row in rehearsing.lease_waiting()] == [(bloom.id, asked.id)]
    assert rehearsing.lease_waiting() == []  # somebody is at work
    with tenancy.scope(bloom.id):
        Rehearsal.objects.update(seen_at=timezone.now() - 2 * rehearsing.LEASE)
    [(_merchant, _rehearsal, leased_at)] = rehearsing.lease_waiting()
    with tenancy.scope(bloom.id):
        assert not rehearsing.claim(asked.id)  # the message of an older lease
        assert rehearsing.claim(asked.id, leased_at)
        assert not rehearsing.claim(asked.id, leased_at)  # a second message for this one
    assert rehearsing.lease_waiting() == []


def test_so_many_rehearsals_at_once_that_workers_are_left(committed_db):
    bloom = make_world().bloom
    with tenancy.scope(bloom.id):
        draft(bloom, lambda version: dataclasses.replace(version, name="Another name"))
        first = rehearsing.begin_rehearsal(merchant=bloom, actor=None)
        for _more in range(rehearsing.MOST_AT_ONCE):
            more = {"definition": first.definition, "revision": first.revision}
            Rehearsal.objects.create(**more, since=first.since, until=first.until)
    assert len(rehearsing.lease_waiting()) == rehearsing.MOST_AT_ONCE
    assert rehearsing.lease_waiting() == []
    rehearsing.rehearse(merchant=bloom, rehearsal_id=first.id, prizes={})  # of no lease that holds: nothing
    with tenancy.scope(bloom.id):
        assert not Rehearsal.objects.get(id=first.id).finished_at
        Rehearsal.objects.filter(id=first.id).update(finished_at=timezone.now())
    assert len(rehearsing.lease_waiting()) == 1
