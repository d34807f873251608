"""How far challenges are, and which badges there are: as the engine would count the next one."""

import dataclasses
import datetime as dt

import pytest

from loyalty.rules.challenges import badges_of, challenges_of
from loyalty.rules.types import Goal, Quota
from tests.loyalty.rules.made import SATURDAY, Life, rule, version, where

WEEK = dt.timedelta(days=7)


def on(life: Life, at: dt.datetime = SATURDAY, **who) -> list[tuple[int, int, bool]]:
    """Done, left and over, of each challenge of this member."""
    found = challenges_of(life.version, life.memory, at, tier_id=who.pop("tier_id", "b"), **who)
    return [(one.done, one.left, one.is_over) for one in found]


def test_visits_are_counted_until_the_award_and_then_anew():
    life = Life(version(rule(trigger="visit", goal=Goal(3, "month"))))
    counted = [on(life)]
    for _visit in range(3):
        life.buys()
        counted += [on(life)]
    assert counted == [[(0, 3, False)], [(1, 2, False)], [(2, 1, False)], [(0, 3, False)]]
    assert on(life, SATURDAY + 5 * WEEK) == [(0, 3, False)]


def test_a_new_month_begins_at_nothing():
    life = Life(version(rule(trigger="visit", goal=Goal(3, "month"))))
    life.buys()
    assert on(life, SATURDAY + 2 * WEEK) == [(0, 3, False)]


def test_weeks_in_a_row_count_this_one_and_those_before_it():
    life = Life(version(rule(trigger="visit", goal=Goal(4, "week", in_a_row=True))))
    for week in range(2):
        life.buys(at=SATURDAY + week * WEEK)
    assert on(life, SATURDAY + WEEK) == [(2, 2, False)]
    assert on(life, SATURDAY + 2 * WEEK) == [(2, 2, False)]  # this week may still come
    assert on(life, SATURDAY + 3 * WEEK) == [(0, 4, False)]  # that one did not


@pytest.mark.parametrize(
    "goal", [Goal(3, "month"), Goal(3, "day"), Goal(3, "week", in_a_row=True), Goal(3, "ever")]
)
def test_what_is_told_is_what_the_engine_counts_next(goal):
    life = Life(version(rule(trigger="visit", goal=goal)))
    for week in range(7):
        at = SATURDAY + week * WEEK
        before = on(life, at)[0]
        verdict = life.buys(at=at)
        gives = bool(verdict.awards)
        assert gives == (before[1] == 1)
        assert gives or on(life, at)[0][0] == verdict.reasons[0].figures["done"]


def test_a_challenge_of_once_is_over_when_it_is_won():
    life = Life(version(rule(trigger="visit", goal=Goal(2, "ever"), quotas=(Quota(1, "times", "ever"),))))
    life.buys()
    life.buys()
    assert on(life) == [(0, 2, True)]


def test_what_is_for_others_is_no_challenge():
    goal = Goal(3, "month")
    life = Life(
        version(
            rule(id="gold", goal=goal, conditions=where("tier", any=["g"])),
            rule(id="past", goal=goal, conditions=where("dates", to="2026-01-31")),
            rule(id="first", goal=goal, conditions=where("among_first", most=10)),
            rule(id="off", goal=goal, active=False),
            rule(id="mornings", goal=goal, conditions=where("hours", **{"from": "06:00", "to": "08:00"})),
        )
    )
    assert len(on(life, ordinal=11)) == 1
    assert len(on(life, ordinal=3, tier_id="g")) == 3


def test_a_badge_is_had_for_good_and_given_back_with_its_purchase():
    badge = rule("badge", 0, trigger="visit", names={"en": "Regular"}, goal=Goal(2, "ever"))
    life = Life(version(badge))
    life.buys()
    assert badges_of(life.version, life.memory) == []
    won = life.buys()
    assert [one.names["en"] for one in badges_of(life.version, life.memory)] == ["Regular"]
    life.takes_back(won)
    assert badges_of(life.version, life.memory) == []
    assert badges_of(dataclasses.replace(life.version, rules=()), life.memory) == []
