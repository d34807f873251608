"""What holds for any rules: their order, splitting a purchase, limits. See also test_memory.py for refunds."""

import datetime as dt
import json

from hypothesis import given
from hypothesis import strategies as st

from loyalty.rules.definition import read_definition, write_definition
from loyalty.rules.engine import judge
from loyalty.rules.facts import Bill, Item, Who
from loyalty.rules.types import Basis, Condition, Goal, Quota
from tests.loyalty.rules.made import SATURDAY, Life, per_euro, purchase, rule, times, units, version
from tests.loyalty.rules.test_conditions import TABLE

ROUNDINGS = st.sampled_from(["down", "half_up", "up"])
BASES = st.sampled_from(
    [Basis(), Basis(tax=False), Basis(only=frozenset({"coffee"})), Basis(without=frozenset({"cake"}))]
)
CONDITIONS = st.lists(
    st.sampled_from([Condition(kind, given) for kind, given, *_rest in TABLE]), max_size=2
).map(tuple)
QUOTAS = st.lists(
    st.builds(
        Quota,
        st.integers(1, 60),
        st.sampled_from(["units", "times"]),
        st.sampled_from(["day", "week", "month", "ever"]),
        st.sampled_from(["member", "programme"]),
    ),
    max_size=2,
).map(tuple)


@st.composite
def any_rule(draw, number=0):
    """Some rule that could be published."""
    gives = draw(st.sampled_from(["per_amount", "flat", "share", "multiplier", "per_item", "badge"]))
    said = {
        "id": f"rule {number}",
        "trigger": draw(st.sampled_from(["purchase", "visit"])),
        "unit": draw(st.sampled_from(["points", "stamps"])),
        "amount": draw(st.integers(1, 50)),
        "per_minor": draw(st.sampled_from([1, 100, 250, 5000])),
        "basis_points": draw(st.integers(1, 2000)),
        "percent": draw(st.integers(101, 400)),
        "multiplied": draw(st.booleans()),
        "conditions": draw(CONDITIONS),
        "quotas": draw(QUOTAS),
        "goal": draw(st.sampled_from([None, None, Goal(2, "month"), Goal(2, "week", in_a_row=True)])),
        "basis": draw(BASES),
        "rounding": draw(ROUNDINGS),
        "keeps_change": draw(st.booleans()),
        "most_at_once": draw(st.sampled_from([0, 0, 7])),
        "names": draw(st.sampled_from([{}, {"en": "Lunch", "fr": "Déjeuner"}])),
        "active": draw(st.sampled_from([True, True, True, False])),
    }
    return rule(gives, **said)


VERSIONS = st.integers(1, 8).flatmap(
    lambda many: st.builds(
        lambda rules, stacking: version(*rules, stacking=stacking),
        st.tuples(*(any_rule(number) for number in range(many))),
        st.sampled_from(["best", "sum"]),
    )
)
LINES = st.lists(
    st.builds(
        Item, st.integers(1, 5000), st.integers(1, 3), st.just(""), st.sampled_from(["coffee", "cake"])
    ),
    max_size=3,
).map(tuple)
PURCHASES = st.builds(
    lambda amount, tier, lines, visits: purchase(
        amount,
        tier_id=tier,
        bill=Bill(tax_minor=amount // 6, items=lines),
        who=Who(visits=visits, ordinal=7),
        draw="a",
    ),
    st.integers(0, 20_000),
    st.sampled_from([None, "b", "s", "g"]),
    LINES,
    st.integers(0, 20),
)


@given(VERSIONS, PURCHASES, st.randoms(use_true_random=False))
def test_the_order_of_rules_changes_nothing(programme, facts, chance):
    shuffled = list(programme.rules)
    chance.shuffle(shuffled)
    other = version(*shuffled, stacking=programme.stacking)
    one, two = judge(facts, programme), judge(facts, other)
    assert sorted(one.reasons, key=lambda reason: reason.rule) == sorted(
        two.reasons, key=lambda reason: reason.rule
    )
    assert one.memory == two.memory
    assert sorted(one.budgets, key=repr) == sorted(two.budgets, key=repr)
    assert sorted(one.badges) == sorted(two.badges)


@given(VERSIONS)
def test_a_version_that_is_kept_and_read_again_is_equal(programme):
    assert read_definition(1, json.loads(json.dumps(write_definition(programme)))) == programme


@given(VERSIONS, st.lists(PURCHASES, max_size=5))
def test_no_award_is_below_zero_and_no_quota_is_exceeded(programme, bought):
    life, given_by = Life(programme), dict.fromkeys((one.id for one in programme.rules), (0, 0))
    for facts in bought:
        verdict = life.happens(facts)
        assert all(award.amount > 0 for award in verdict.awards)
        for award in verdict.awards:
            had, count = given_by[award.reason.rule]
            given_by[award.reason.rule] = had + award.amount, count + 1
    for one in programme.rules:
        for quota in one.quotas:
            had, count = given_by[one.id]  # all on one day, so in one period of any kind
            counted = had if quota.counted == "units" else count
            assert quota.whose == "programme" or counted <= quota.most


PARTS = st.lists(st.integers(1, 20_000), min_size=1, max_size=6)
BY_MONEY = st.builds(
    lambda gives, amount, per, points, change, basis: rule(
        gives,
        amount,
        per_minor=per,
        basis_points=points,
        multiplied=True,
        keeps_change=change,
        basis=basis,
    ),
    st.sampled_from(["per_amount", "share"]),
    st.integers(1, 50),
    st.integers(1, 6000),
    st.integers(1, 5000),
    st.booleans(),
    st.sampled_from([Basis(), Basis(tip=True)]),
)
MULTIPLIERS = st.lists(st.integers(101, 300), max_size=2, unique=True)
TIERS = st.sampled_from(["b", "s", "g"])
STACKINGS = st.sampled_from(["best", "sum"])


def in_parts(programme, parts, tier):
    """Units for these purchases one after the other, and for one of them all."""
    split, at_once = Life(programme), Life(programme)
    hour = dt.timedelta(hours=1)
    each = [split.gets(part, SATURDAY + place * hour, tier_id=tier) for place, part in enumerate(parts)]
    return sum(each), at_once.gets(sum(parts), tier_id=tier)


@given(BY_MONEY, MULTIPLIERS, PARTS, TIERS, STACKINGS)
def test_splitting_a_purchase_never_earns_more_where_it_is_rounded_down_or_change_is_kept(
    one, more, parts, tier, stacking
):
    programme = version(one, *(times(percent) for percent in more), stacking=stacking)
    split, at_once = in_parts(programme, parts, tier)
    assert split <= at_once


@given(st.integers(1, 50), st.integers(1, 6000), PARTS)
def test_splitting_a_purchase_earns_the_same_where_change_is_kept(amount, per, parts):
    split, at_once = in_parts(version(per_euro(amount, per, keeps_change=True)), parts, "b")
    assert split == at_once


@given(BY_MONEY, st.sampled_from(["half_up", "up"]), MULTIPLIERS, PARTS, TIERS)
def test_splitting_a_purchase_earns_at_most_a_step_and_a_unit_more_a_part_where_it_is_rounded_up(
    one, rounding, more, parts, tier
):
    rounded = rule(
        one.gives,
        one.amount,
        per_minor=one.per_minor,
        basis_points=one.basis_points,
        multiplied=True,
        rounding=rounding,
    )
    programme = version(rounded, *(times(percent) for percent in more), stacking="sum")
    percent = programme.tier(tier).multiplier_percent + sum(one - 100 for one in more)
    step = -(-(one.amount if one.gives == "per_amount" else 0) * percent // 100)
    split, at_once = in_parts(programme, parts, tier)
    assert split <= at_once + len(parts) * (step + 1)


@given(st.integers(1, 20), PARTS)
def test_a_quota_holds_however_a_purchase_is_split(most, parts):
    programme = version(per_euro(quotas=(Quota(most, "units", "day"),)))
    split, at_once = in_parts(programme, parts, "b")
    assert split <= most
    assert at_once <= most


@given(st.integers(1, 20), PARTS)
def test_what_is_limited_at_once_is_limited_for_each_part(most, parts):
    split, _at_once = in_parts(version(per_euro(most_at_once=most)), parts, "b")
    assert split <= len(parts) * most


def test_a_purchase_that_gave_nothing_leaves_nothing():
    verdict = judge(purchase(40), version(per_euro()))
    assert (units(verdict), dict(verdict.memory), list(verdict.budgets)) == (0, {}, [])
