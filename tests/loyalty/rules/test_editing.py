"""Changes to a version touch what they are about and nothing else; comparing tells exactly those."""

from dataclasses import replace

import pytest

from loyalty.rules import editing
from loyalty.rules.comparing import Difference, are_alike, differences
from loyalty.rules.limits import Limits
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Rule, Unit, Version

POINTS = Unit("u1", "points", {"en": ("point", "points")})
STAMPS = Unit("u2", "stamps", {"en": ("stamp", "stamps")}, "stamps")
EACH = Rule("r1", "purchase", "u1", amount=1, per_minor=100, multiplied=True)
WELCOME = Rule("r2", "joining", "u1", amount=50, gives="flat")
BRONZE, SILVER, GOLD = (
    Tier("t1", "Bronze", 0, 100),
    Tier("t2", "Silver", 250, 125),
    Tier("t3", "Gold", 500, 150),
)
CAFE = Version(7, "Carte", "EUR", (POINTS,), (EACH, WELCOME), (BRONZE, SILVER, GOLD))


def test_a_rule_is_added_after_the_others_changed_in_its_place_and_taken_out():
    stamp = Rule("r3", "visit", "u1", amount=1, gives="flat")
    added = editing.with_rule(CAFE, stamp)
    assert [rule.id for rule in added.rules] == ["r1", "r2", "r3"]
    changed = editing.changed_rule(added, "r1", amount=2)
    assert changed.rules == (replace(EACH, amount=2), WELCOME, stamp)
    assert editing.without_rule(editing.without_rule(changed, "r3"), "r1").rules == (WELCOME,)


def test_a_tier_finds_its_place_on_the_ladder():
    between = Tier("t4", "Amber", 300, 130)
    assert [tier.name for tier in editing.with_tier(CAFE, between).tiers] == [
        "Bronze",
        "Silver",
        "Amber",
        "Gold",
    ]
    raised = editing.changed_tier(CAFE, "t2", threshold_minor=600)
    assert [tier.name for tier in raised.tiers] == ["Bronze", "Gold", "Silver"]
    assert editing.without_tier(CAFE, "t2").tiers == (BRONZE, GOLD)


def test_tiers_change_places_and_the_amounts_stay():
    moved = editing.moved_tier(CAFE, "t2", up=True)
    assert [(tier.name, tier.threshold_minor) for tier in moved.tiers] == [
        ("Bronze", 0),
        ("Gold", 250),
        ("Silver", 500),
    ]
    assert editing.moved_tier(moved, "t2", up=False) == CAFE
    assert editing.moved_tier(CAFE, "t3", up=True) == CAFE
    assert editing.moved_tier(CAFE, "t1", up=False) == CAFE


def test_a_unit_that_goes_takes_its_rules_along():
    with_stamps = editing.with_rule(
        editing.with_unit(CAFE, STAMPS), Rule("r3", "visit", "u2", amount=1, gives="flat")
    )
    assert editing.without_unit(with_stamps, "u2") == CAFE


@pytest.mark.parametrize(
    "change",
    [
        lambda version: editing.changed_rule(version, "gone", amount=2),
        lambda version: editing.without_rule(version, "gone"),
        lambda version: editing.changed_tier(version, "gone", name="x"),
        lambda version: editing.without_tier(version, "gone"),
        lambda version: editing.moved_tier(version, "gone", up=True),
        lambda version: editing.without_unit(version, "gone"),
    ],
)
def test_what_is_not_there_cannot_be_changed(change):
    with pytest.raises(editing.NotThere):
        change(CAFE)


CHANGES = {
    "name": (lambda version: editing.renamed(version, "Carte Aroma"), Difference("name", "changed", "Carte", "Carte Aroma")),
    "limits": (
        lambda version: editing.with_limits(version, Limits(purchases_a_day=3)),
        Difference("limits", "changed", Limits(), Limits(purchases_a_day=3), ("purchases_a_day",)),
    ),
    "stacking": (lambda version: editing.with_stacking(version, "sum"), Difference("stacking", "changed", "best", "sum")),
    "a new unit": (lambda version: editing.with_unit(version, STAMPS), Difference("unit", "added", after=STAMPS)),
    "a tier less": (lambda version: editing.without_tier(version, "t2"), Difference("tier", "removed", before=SILVER)),
    "a tier": (
        lambda version: editing.changed_tier(version, "t2", name="Argent", multiplier_percent=130),
        Difference("tier", "changed", SILVER, Tier("t2", "Argent", 250, 130), ("name", "multiplier_percent")),
    ),
    "a rule": (
        lambda version: editing.changed_rule(version, "r1", amount=2),
        Difference("rule", "changed", EACH, replace(EACH, amount=2), ("amount",)),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "difference"), CHANGES.values(), ids=list(CHANGES))
def test_comparing_tells_what_was_changed_and_nothing_else(change, difference):
    assert differences(CAFE, change(CAFE)) == [difference]


def test_a_version_is_like_itself_under_another_number():
    assert differences(CAFE, replace(CAFE, number=8)) == []
    assert are_alike(CAFE, replace(CAFE, number=8))
    assert not are_alike(CAFE, editing.renamed(CAFE, "x"))


def test_the_order_of_rules_is_no_difference_to_anybody():
    assert differences(CAFE, replace(CAFE, rules=(WELCOME, EACH))) == []
