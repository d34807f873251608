"""What is remembered between two purchases: change kept aside, quotas, goals, pauses. And how a refund takes it out."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.rules.memory import NO_TRACE, Trace, joined, parted
from loyalty.rules.types import Goal, Quota
from tests.loyalty.rules.made import PARIS, SATURDAY, Life, per_euro, rule, times, units, version

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(weeks=1)


def test_sub_threshold_spend_is_kept_and_counts_next_time():
    """€30 and then €20 is what a rule of €50 asks for."""
    life = Life(version(per_euro(10, 5000, keeps_change=True)))
    first = life.buys(3000)
    assert units(first) == 0
    assert first.told[0].as_json() == {
        "code": "short_of",
        "rule": "per_euro",
        "unit": "points",
        "units": 0,
        "spent_minor": 3000,
        "per_minor": 5000,
        "per_units": 10,
        "kept_minor": 3000,
        "short_minor": 2000,
        "trace": [3000, 0, 0, 0, 0],
    }
    assert life.gets(2000) == 10
    assert life.remembered == {}


def test_hundredths_of_a_point_are_kept_too():
    life = Life(version(per_euro(multiplied=True, keeps_change=True)))
    # €7.96 at × 1.5 is 10.5 points, and €0.96 over.
    assert [life.gets(199, tier_id="g") for _ in range(4)] == [1, 3, 3, 3]
    assert life.remembered["per_euro"]["change"] == [96, 50]


def test_a_rule_that_rounds_off_a_share_tells_what_is_kept_aside():
    life = Life(version(rule("share", basis_points=100, keeps_change=True)))
    verdict = life.buys(60)
    assert [
        (told.code, told.units, told.is_near, told.figures["kept_hundredths"]) for told in verdict.told
    ] == [("share", 0, True, 60)]
    assert life.gets(60) == 1


def test_after_a_refund_the_bank_may_be_below_zero_and_earns_its_way_back():
    life = Life(version(per_euro(keeps_change=True)))
    first = life.buys(60)
    assert life.gets(60) == 1
    life.takes_back(first)
    assert life.remembered["per_euro"]["change"] == [-40, 0]
    assert life.gets(139) == 0
    assert life.gets(1) == 1


def test_a_whole_unit_that_refunds_left_in_the_bank_is_given_by_the_next_purchase():
    life = Life(version(rule("share", basis_points=100, keeps_change=True)))
    life.buys(99)
    second = life.buys(1)
    life.buys(99)
    life.takes_back(second)
    verdict = life.buys(0)
    assert [(told.code, told.units) for told in verdict.told] == [("kept_change", 1)]


def test_a_multiplier_takes_nothing_from_a_bank_below_zero():
    life = Life(
        version(per_euro(multiplied=True, keeps_change=True), times(200)),
        {"per_euro": {"change": [0, -900]}},
    )
    verdict = life.buys(300)
    assert units(verdict) == 0
    assert life.remembered["per_euro"]["change"] == [0, -300]
    assert life.gets(300) == 3


@pytest.mark.parametrize(
    ("quota", "days", "given"),
    [
        (Quota(2, "times", "day"), [0, 0, 0, 1], [1, 1, 0, 1]),
        (Quota(2, "times", "week"), [0, 0, 1, 2], [1, 1, 0, 1]),  # Saturday, Sunday, and the Monday after
        (
            Quota(1, "times", "month"),
            [0, 9, 10, 11],
            [1, 0, 1, 0],
        ),  # December begins ten days after 21 November
        (Quota(1, "times", "ever"), [0, 400, 4000], [1, 0, 0]),
    ],
)
def test_a_quota_begins_again_with_its_period(quota, days, given):
    life = Life(version(rule(quotas=(quota,))))
    assert [life.gets(at=SATURDAY + day * DAY) for day in days] == given


def test_of_a_quota_of_units_what_is_left_is_given_and_what_is_above_is_gone():
    life = Life(version(per_euro(quotas=(Quota(15, "units", "month"),))))
    assert [life.gets(1000), life.gets(1000), life.gets(1000)] == [10, 5, 0]
    assert life.buys(1000).told[0].code == "quota_reached"


def test_what_is_used_up_for_ever_is_not_said_at_each_visit():
    life = Life(version(rule(quotas=(Quota(1, "times", "ever"),))))
    life.buys()
    assert life.buys().told == []


def test_a_till_that_was_offline_for_a_week_is_held_to_the_quota_of_those_days():
    life = Life(version(rule(quotas=(Quota(1, "times", "day"),))))
    week = [SATURDAY + day * DAY for day in range(7)]
    assert [life.gets(at=at) for at in week] == [1] * 7
    assert [life.gets(at=at) for at in week] == [0] * 7


def test_a_pause_is_a_pause_in_both_directions():
    life = Life(version(rule(pause_minutes=30)))
    minutes = [0, 29, 30, 59, 61, -29, -30]
    assert [life.gets(at=SATURDAY + dt.timedelta(minutes=at)) for at in minutes] == [1, 0, 1, 0, 1, 0, 1]


def test_a_purchase_that_was_taken_back_begins_no_pause():
    life = Life(version(rule(pause_minutes=30)))
    life.takes_back(life.buys())
    assert life.gets() == 1


def test_a_pause_holds_for_matches_toward_a_goal():
    life = Life(version(rule(goal=Goal(3, "ever"), pause_minutes=30)))
    minutes = [0, 1, 2, 30, 31, 60]
    assert [life.gets(at=SATURDAY + dt.timedelta(minutes=at)) for at in minutes] == [0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("goal", "days", "given"),
    [
        (Goal(3, "ever"), [0, 0, 50, 500, 500, 900], [0, 0, 1, 0, 0, 1]),
        (Goal(2, "month"), [0, 9, 10, 20], [0, 1, 0, 1]),
        (Goal(2, "month"), [0, 10, 11], [0, 0, 1]),  # one in November does not count in December
        (Goal(3, "week", in_a_row=True), [0, 7, 14, 15, 21, 28, 35], [0, 0, 1, 0, 0, 0, 1]),
        (
            Goal(3, "week", in_a_row=True),
            [0, 7, 21, 28, 35],
            [0, 0, 0, 0, 1],
        ),  # a week without breaks the row
        (Goal(2, "day", in_a_row=True), [0, 0, 1, 1, 2, 3], [0, 0, 1, 0, 0, 1]),
        (Goal(2, "month", in_a_row=True), [0, 10, 41, 72], [0, 1, 0, 1]),
    ],
)
def test_a_goal_is_reached_at_its_match_and_begins_again(goal, days, given):
    life = Life(version(rule(goal=goal)))
    assert [life.gets(at=SATURDAY + day * DAY) for day in days] == given


@pytest.mark.parametrize("every", [2, 7, 10, 30])
def test_a_row_of_days_goes_on_for_a_year(every):
    life = Life(version(rule(goal=Goal(every, "day", in_a_row=True))))
    given = [life.gets(at=SATURDAY + day * DAY) for day in range(366)]
    assert given == [int((day + 1) % every == 0) for day in range(366)]


def test_a_row_of_weeks_goes_over_the_end_of_the_year():
    life = Life(version(rule(goal=Goal(4, "week", in_a_row=True))))
    december = dt.datetime(2026, 12, 19, 12, tzinfo=PARIS)  # weeks 51, 52, 53 and the first of 2027
    assert [life.gets(at=december + week * WEEK) for week in range(4)] == [0, 0, 0, 1]


def test_how_far_a_goal_is_is_worth_saying():
    life = Life(version(rule(goal=Goal(3, "month"))))
    life.buys()
    assert life.buys().told[0].as_json() == {
        "code": "goal",
        "rule": "rule",
        "unit": "points",
        "units": 0,
        "done": 2,
        "of": 3,
        "period": "month",
        "in_a_row": False,
        "trace": [0, 0, 0, 0, 1],
    }


def test_refunding_what_a_goal_counted_does_not_bring_its_award_twice():
    """Three bought, an award, and the first one goes back: the next award is for three more, and the one that went back."""
    life = Life(version(rule(goal=Goal(3, "ever"))))
    first = life.buys()
    assert [life.gets(), life.gets()] == [0, 1]
    life.takes_back(first)
    assert [life.gets() for _ in range(4)] == [0, 0, 0, 1]


def test_refunding_the_purchase_that_reached_a_goal_leaves_the_goal_one_short():
    life = Life(version(rule(goal=Goal(3, "ever"))))
    life.buys(), life.buys()
    life.takes_back(life.buys())
    assert life.gets() == 1


def test_a_goal_whose_award_was_too_little_for_a_unit_stays_reached():
    life = Life(version(per_euro(per_minor=1000, goal=Goal(2, "ever"))))
    assert [life.gets(1000), life.gets(999), life.gets(1000), life.gets(1000)] == [0, 0, 1, 1]


def test_a_goal_that_is_changed_goes_on_from_what_was_done():
    life = Life(version(rule(goal=Goal(5, "ever"))))
    assert [life.gets() for _ in range(8)] == [0, 0, 0, 0, 1, 0, 0, 0]
    life.version = version(rule(goal=Goal(10, "ever")))
    assert [life.gets() for _ in range(7)] == [0, 0, 0, 0, 0, 0, 1]


def test_what_leaves_something_in_the_memory_is_kept_with_the_purchase_though_it_gave_nothing():
    life = Life(
        version(rule("badge", 0, quotas=(Quota(1, "times", "ever"),)), times(200, goal=Goal(1, "ever")))
    )
    verdict = life.buys()
    assert {told.code: told.figures["trace"] for told in verdict.told} == {
        "badge": [0, 0, 0, 1, 0],
        "nothing_to_multiply": [0, 0, 0, 0, 1],
    }
    assert verdict.badges == ["rule"]
    assert life.buys().badges == []


purchases = st.lists(
    st.tuples(st.integers(1, 9_999), st.integers(0, 2), st.sampled_from("bsg")), min_size=1, max_size=6
)
remembering = st.sampled_from(
    [
        per_euro(3, 250, multiplied=True, keeps_change=True),
        rule("share", id="share", basis_points=333, multiplied=True, keeps_change=True),
        rule(id="visits", goal=Goal(3, "month"), quotas=(Quota(2, "times", "week"),)),
        rule(id="row", goal=Goal(2, "day", in_a_row=True), pause_minutes=45),
        per_euro(id="capped", quotas=(Quota(40, "units", "day"), Quota(99, "units", "ever"))),
        times(200, quotas=(Quota(50, "units", "month"),)),
    ]
)


@given(
    st.lists(remembering, min_size=1, max_size=6, unique_by=lambda one: one.id),
    purchases,
    st.randoms(use_true_random=False),
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
)
def test_a_refund_of_all_in_any_parts_and_order_returns_to_the_start(rules, bought, chance, parts):
    life = Life(version(*rules))
    moments = [
        SATURDAY + day * DAY + number * dt.timedelta(hours=1) for number, (_a, day, _t) in enumerate(bought)
    ]
    made = [
        (life.buys(amount, at, tier_id=tier), at)
        for (amount, _day, tier), at in zip(bought, moments, strict=True)
    ]
    chance.shuffle(made)
    for verdict, at in made:
        life.takes_back(verdict, at, parts=tuple(parts))
    assert life.remembered == {}


@given(st.lists(remembering, min_size=1, max_size=6, unique_by=lambda one: one.id), purchases, purchases)
def test_memories_that_were_joined_can_be_parted_again(rules, mine, theirs):
    lives = []
    for bought in (mine, theirs):
        life = Life(version(*rules))
        for hour, (amount, day, tier) in enumerate(bought):
            life.buys(
                amount, SATURDAY + day * DAY + hour * dt.timedelta(minutes=61 + len(lives)), tier_id=tier
            )
        lives.append(life.remembered)
    both = joined(*lives)
    left = {name: row for name, row in parted(both, lives[1]).items() if row}
    assert left == lives[0]


def test_change_and_quotas_of_two_members_who_are_one_are_added_up():
    mine = {"rule": {"change": [30, 0], "had": {"2026-11": [5, 1]}, "done": {"ever": 2}}}
    theirs = {
        "rule": {"change": [25, 10], "had": {"2026-11": [7, 2], "2026-10": [1, 1]}},
        "other": {"done": {"ever": 1}},
    }
    assert joined(mine, theirs) == {
        "rule": {"change": [55, 10], "had": {"2026-10": [1, 1], "2026-11": [12, 3]}, "done": {"ever": 2}},
        "other": {"done": {"ever": 1}},
    }


def test_the_share_of_a_trace_goes_with_the_money_and_what_counts_once_with_the_last_of_it():
    trace = Trace(-7, 50, 10, 1, -2)
    assert trace.share(1, 3) == Trace(-2, 16, 3)
    assert trace.share(3, 3) == trace
    assert trace.share(0, 0) == trace
    assert trace.less(trace) == NO_TRACE
