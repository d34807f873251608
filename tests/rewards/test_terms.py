"""Who may take a reward, when it will be possible, and who sees it: a table of each, without a database."""

import datetime as dt

import pytest

from rewards.terms import is_seen, possible_on, refusals
from tests.rewards.made import NOON, PARIS, TODAY, asking, offer, only

DAY = dt.timedelta(days=1)
NIGHT = only("hours", **{"from": "22:00", "to": "02:00"})
YEARS_END = [only("dates", **{"from": "2026-12-01", "to": "2026-12-31"})]


def day(text):
    return dt.date.fromisoformat(text)


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=PARIS)


def codes(found):
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("reward", "who", "expected"),
    [
        (offer(), asking(), []),
        (offer(), asking(usable=40), []),
        (offer(), asking(usable=39), ["too_few_units"]),
        (offer(costs={"g": 30}), asking(usable=30, tier_id="g"), []),
        (offer(costs={"g": 30}), asking(usable=30, tier_id="s"), ["too_few_units"]),
        (offer(status="draft"), asking(usable=0), ["not_offered"]),
        (offer(status="archived"), asking(left=0), ["withdrawn"]),
        (offer(only("tier", any=["g"]), auto="on_tier", cost=0), asking(tier_id="g"), ["given_on_tier"]),
        (offer(auto="at_balance"), asking(), []),
        (offer(stock=2), asking(left=1), []),
        (offer(stock=2), asking(left=0), ["sold_out"]),
        (offer(stock=0), asking(left=-1), ["sold_out"]),
        (offer(only("dates", **{"from": "2026-11-22"})), asking(), ["not_yet"]),
        (offer(only("dates", **{"from": "2026-11-21"})), asking(), []),
        (offer(only("dates", to="2026-11-21")), asking(), []),
        (offer(only("dates", to="2026-11-20")), asking(usable=0, left=0), ["over"]),
        (offer(only("weekday", any=[6])), asking(), []),
        (offer(only("weekday", any=[1, 2, 3, 4, 5, 7])), asking(), ["wrong_day"]),
        (offer(only("hours", **{"from": "14:00", "to": "17:00"})), asking(), ["wrong_hours"]),
        (offer(NIGHT, only("weekday", any=[5])), asking(at("2026-11-21T01:00")), []),
        (offer(NIGHT, only("weekday", any=[5])), asking(at("2026-11-21T22:00")), ["wrong_day"]),
        (offer(only("tier", any=["s", "g"])), asking(tier_id="g"), []),
        (offer(only("tier", any=["g"])), asking(tier_id="s"), ["other_tier"]),
        (offer(only("tier", any=["g"])), asking(), ["other_tier"]),
        (offer(only("segment", any=["vip"])), asking(), ["other_segment"]),
        (offer(only("segment", any=["vip"])), asking(segments=frozenset({"vip"})), []),
        (offer(only("segment", any=["new"])), asking(), []),
        (offer(only("location", any=["cler"])), asking(location="monge"), ["elsewhere"]),
        (offer(only("location", any=["cler"])), asking(location="cler"), []),
        (offer(only("location", any=["cler"])), asking(), []),  # on the card nobody knows yet where
        (offer(only("birthday", days=7)), asking(), ["no_birthday"]),
        (offer(only("birthday", days=7)), asking(birthday=day("1990-11-28")), []),
        (offer(only("birthday", days=7)), asking(birthday=day("1990-11-29")), ["not_birthday"]),
        (offer(only("among_first", most=50)), asking(ordinal=51), ["not_among_first"]),
        (offer(most=2), asking(had_on=(TODAY,)), []),
        (offer(most=2), asking(had_on=(day("2020-01-01"), TODAY)), ["had_enough"]),
        (offer(most_in=1, period="day"), asking(had_on=(TODAY - DAY,)), []),
        (offer(most_in=1, period="day"), asking(had_on=(TODAY,)), ["had_lately"]),
        (offer(most_in=2, period="week"), asking(had_on=(day("2026-11-15"), TODAY)), []),
        (offer(most_in=2, period="week"), asking(had_on=(day("2026-11-16"), TODAY)), ["had_lately"]),
        (offer(most_in=1, period="month"), asking(had_on=(day("2026-10-31"),)), []),
        (offer(most_in=1, period="year"), asking(had_on=(day("2026-01-01"),)), ["had_lately"]),
        (offer(most_in=1, period="year"), asking(had_on=(day("2025-12-31"),)), []),
        (
            offer(only("tier", any=["g"]), *YEARS_END, stock=1),
            asking(usable=3, left=0, tier_id="s"),
            ["sold_out", "other_tier", "not_yet", "too_few_units"],
        ),
    ],
)
def test_everything_that_stands_against_it_is_told(reward, who, expected):
    assert codes(refusals(reward, who)) == expected


def test_what_is_missing_is_told_to_the_unit():
    [short] = refusals(offer(costs={"g": 30}), asking(usable=18, tier_id="g"))
    assert (short.figures["short"], short.figures["cost"]) == (12, 30)


@pytest.mark.parametrize(
    ("reward", "who", "expected"),
    [
        (offer(), asking(), "2026-11-21"),
        (offer(*YEARS_END), asking(), "2026-12-01"),
        (offer(only("dates", **{"from": "2029-02-01"})), asking(), "2029-02-01"),
        (offer(only("weekday", any=[5])), asking(), "2026-11-27"),
        (offer(only("hours", **{"from": "14:00", "to": "17:00"})), asking(), "2026-11-21"),
        (offer(only("hours", **{"from": "08:00", "to": "11:00"})), asking(), "2026-11-22"),
        (offer(NIGHT, only("weekday", any=[5])), asking(at("2026-11-21T03:00")), "2026-11-27"),
        (offer(NIGHT, only("weekday", any=[5])), asking(at("2026-11-21T01:00")), "2026-11-21"),
        (offer(most_in=1, period="day"), asking(had_on=(TODAY,)), "2026-11-22"),
        (offer(most_in=1, period="week"), asking(had_on=(TODAY,)), "2026-11-23"),
        (offer(most_in=1, period="month"), asking(had_on=(TODAY,)), "2026-12-01"),
        (offer(most_in=1, period="year"), asking(had_on=(TODAY,)), "2027-01-01"),
        (offer(only("weekday", any=[6]), most_in=1, period="week"), asking(had_on=(TODAY,)), "2026-11-28"),
        # the small hours of Sunday's night are Monday's, and Monday's week is new
        (
            offer(NIGHT, only("weekday", any=[7]), most_in=1, period="week"),
            asking(had_on=(TODAY,)),
            "2026-11-23",
        ),
        (offer(only("birthday", days=0)), asking(birthday=day("1992-02-29")), "2027-02-28"),
        (offer(only("birthday", days=7)), asking(birthday=day("1990-01-03")), "2026-12-27"),
        (offer(only("birthday", days=7)), asking(birthday=day("1990-11-10")), "2027-11-03"),
        (offer(*YEARS_END, most_in=1, period="year"), asking(had_on=(TODAY,)), None),  # by then it is over
        (offer(*YEARS_END, only("tier", any=["g"])), asking(), None),
        (offer(), asking(usable=39), None),
        (offer(stock=1), asking(left=0), None),
        (offer(most=1), asking(had_on=(TODAY,)), None),
        (offer(only("dates", to="2026-11-20")), asking(), None),
        (
            offer(only("dates", **{"from": "2026-11-30"}), only("segment", any=["new"])),
            asking(),
            "2026-11-30",
        ),
        # who is new now will not be by then
        (offer(only("dates", **{"from": "2027-01-01"}), only("segment", any=["new"])), asking(), None),
    ],
)
def test_the_day_from_which_it_is_possible_is_told_where_time_alone_will_do(reward, who, expected):
    assert possible_on(reward, who) == (day(expected) if expected else None)


def test_on_the_day_that_was_told_nothing_stands_against_it():
    reward = offer(*YEARS_END, only("weekday", any=[6]), most_in=1, period="week")
    told = possible_on(reward, asking(had_on=(TODAY,)))
    assert told == day("2026-12-05")
    assert refusals(reward, asking(dt.datetime.combine(told, NOON.timetz()), had_on=(TODAY,))) == []


@pytest.mark.parametrize(
    ("reward", "who", "expected"),
    [
        (offer(), asking(usable=0), True),
        (offer(seen_from=40), asking(usable=39), False),
        (offer(seen_from=40), asking(usable=40), True),
        (offer(status="draft"), asking(), False),
        (offer(status="archived"), asking(), False),
        (offer(only("tier", any=["g"])), asking(), True),  # something to climb for
        (offer(only("location", any=["cler"])), asking(location="monge"), True),
        (offer(*YEARS_END), asking(), True),
        (offer(only("dates", to="2026-11-20")), asking(), False),
        (offer(stock=1), asking(left=0), True),
        (offer(only("segment", any=["vip"])), asking(), False),
        (offer(only("segment", any=["vip"]), status="draft"), asking(), False),
        (offer(only("tier", any=["g"]), auto="on_tier", cost=0), asking(), True),
        (
            offer(only("tier", any=["g"]), only("segment", any=["vip"]), auto="on_tier", cost=0),
            asking(),
            False,
        ),
    ],
)
def test_what_a_member_sees_is_another_question(reward, who, expected):
    assert is_seen(reward, who) is expected
