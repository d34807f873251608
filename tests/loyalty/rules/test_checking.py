"""Everything that a merchant can get wrong, by a table: a programme with one thing wrong, and the one problem that is told."""

import datetime as dt
from dataclasses import replace

import pytest

from core.money import CURRENCIES, LARGEST_MINOR
from loyalty.gallery.shelf import TEMPLATES
from loyalty.gallery.templates import Kit
from loyalty.programme import tiers
from loyalty.purchases import velocity
from loyalty.rules import checking, shapes
from loyalty.rules.checking import Problem, check_version
from loyalty.rules.conditions import CONDITIONS
from loyalty.rules.limits import Limits
from loyalty.rules.tiers import Ladder, Perk, Season, Tier
from loyalty.rules.types import Basis, Condition, Goal, Quota, Unit
from tests.loyalty.rules.made import BRONZE, GOLD, POINT, SILVER, STAMP, per_euro, rule, times, version, where
from tests.loyalty.rules.test_conditions import TABLE


def problems(*rules, **said):
    return [
        (problem.code, problem.field, dict(problem.figures))
        for problem in check_version(version(*rules, **said))
    ]


def range_of(field, least, most):
    return [("out_of_range", field, {"least": least, "most": most})]


def test_a_programme_with_everything_in_it_can_be_published():
    assert (
        problems(
            per_euro(10, 500, multiplied=True, keeps_change=True, quotas=(Quota(500, "units", "month"),)),
            rule("per_item", id="nights", from_item=3, basis=Basis(only=frozenset({"night"}))),
            rule("share", 0, id="back", basis_points=1000, rounding="half_up", unit="stamps"),
            rule(
                "badge",
                0,
                id="regular",
                names={"en": "Regular", "fr": "Régulière"},
                goal=Goal(4, "week", in_a_row=True),
            ),
            rule(id="welcome", trigger="joining", amount=50),
            *(
                rule(id=str(place), conditions=(Condition(kind, given),))
                for place, (kind, given, *_rest) in enumerate(TABLE)
            ),
            times(200, conditions=tuple(Condition(kind, given) for kind, given, *_rest in TABLE[:20])),
            limits=Limits(5, 3, 1),
        )
        == []
    )


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (rule(trigger="purchased"), [("unknown_kind", "trigger", {"given": "purchased"})]),
        (rule("points"), [("unknown_kind", "gives", {"given": "points"})]),
        (rule(rounding="off"), [("unknown_kind", "rounding", {"given": "off"})]),
        (rule(unit="miles"), [("unknown_unit", "unit", {})]),
        (per_euro(trigger="visit"), [("needs_a_purchase", "gives", {"trigger": "visit"})]),
        (
            rule("share", 0, basis_points=1, trigger="joining"),
            [("needs_a_purchase", "gives", {"trigger": "joining"})],
        ),
        (per_euro(keeps_change=True, rounding="up"), [("change_is_not_rounded", "rounding", {})]),
        (rule(amount=0), range_of("amount", 1, 1_000_000)),
        (rule(amount=-5), range_of("amount", 1, 1_000_000)),
        (rule(amount=1_000_001), range_of("amount", 1, 1_000_000)),
        (rule(amount="5"), range_of("amount", 1, 1_000_000)),  # type: ignore[arg-type]
        (rule("per_item", 0), range_of("amount", 1, 1_000_000)),
        (rule("per_item", from_item=0), range_of("from_item", 1, 1000)),
        (per_euro(per_minor=0), range_of("per_minor", 1, 10**9)),
        (per_euro(per_minor=10**9 + 1), range_of("per_minor", 1, 10**9)),
        (
            per_euro(1001, 1),
            range_of("amount", 1, 1000),
        ),  # the largest purchase would give more than anyone means
        (rule("share", 0), range_of("basis_points", 1, 10_000)),
        (rule("share", 0, basis_points=10_001), range_of("basis_points", 1, 10_000)),
        (times(100), range_of("percent", 101, 1000)),
        (times(1001), range_of("percent", 101, 1000)),
        (rule("badge", 0), [("name_missing", "names", {})]),
        (rule(names={"fr": " "}), [("name_missing", "names.fr", {})]),
        (rule(names={"en": "x" * 81}), [("name_too_long", "names.en", {"longest": 80})]),
        (rule(most_at_once=-1), range_of("most_at_once", 0, 10**12)),
        (rule(pause_minutes=527_041), range_of("pause_minutes", 0, 527_040)),
        (rule(quotas=(Quota(0, "times", "day"),)), range_of("quotas.0.most", 1, 10**12)),
        (
            rule(quotas=(Quota(1, "points", "day"),)),  # type: ignore[arg-type]
            [("unknown_kind", "quotas.0.counted", {"given": "points"})],
        ),
        (rule(quotas=(Quota(1, "times", "year"),)), [("unknown_kind", "quotas.0.period", {"given": "year"})]),  # type: ignore[arg-type]
        (
            rule(quotas=(Quota(1, "times", "day", "all"),)),  # type: ignore[arg-type]
            [("unknown_kind", "quotas.0.whose", {"given": "all"})],
        ),
        (rule(quotas=(Quota(1, "times", "day"), Quota(2, "times", "day"))), [("twice", "quotas.1", {})]),
        (
            rule("badge", 0, names={"en": "x"}, quotas=(Quota(1, "units", "ever"),)),
            [("badges_are_counted_by_times", "quotas.0.counted", {})],
        ),
        (rule(goal=Goal(1, "month")), range_of("goal.times", 2, 1000)),
        (rule(goal=Goal(61, "day", in_a_row=True)), range_of("goal.times", 2, 60)),
        (rule(goal=Goal(3, "year")), [("unknown_kind", "goal.period", {"given": "year"})]),  # type: ignore[arg-type]
        (rule(goal=Goal(3, "ever", in_a_row=True)), [("row_of_what", "goal.period", {})]),
        (rule(basis=Basis(only=frozenset({"Coffee"}))), [("not_in_small_letters", "basis.only", {})]),
        (
            rule(basis=Basis(only=frozenset({"tea"}), without=frozenset({"tea"}))),
            [("both_in_and_out", "basis.without", {"names": ["tea"]})],
        ),
        (rule(conditions=where("moon")), [("unknown_kind", "conditions.0.kind", {"given": "moon"})]),
        (rule(conditions=where("spend")), [("missing", "conditions.0.minor", {})]),
        (rule(conditions=where("spend", minor=0)), range_of("conditions.0.minor", 1, 10**9)),
        (rule(conditions=where("spend", minor=True)), range_of("conditions.0.minor", 1, 10**9)),
        (rule(conditions=where("spend", minor=5, per=2)), [("unknown_field", "conditions.0.per", {})]),
        (rule(conditions=where("weekday", any=[])), [("none_chosen", "conditions.0.any", {})]),
        (rule(conditions=where("weekday", any=[0])), range_of("conditions.0.any", 1, 7)),
        (rule(conditions=where("location", any=[""])), [("name_missing", "conditions.0.any", {})]),
        (rule(conditions=where("location", any="cler")), [("none_chosen", "conditions.0.any", {})]),
        (
            rule(conditions=where("name", any=["x" * 61])),
            [("name_too_long", "conditions.0.any", {"longest": 60})],
        ),
        (rule(conditions=where("name", any=["x"] * 101)), [("too_many", "conditions.0.any", {"most": 100})]),
        (rule(conditions=where("first_visit") * 21), [("too_many", "conditions", {"most": 20})]),
        (
            rule(quotas=tuple(Quota(number, "times", "day") for number in range(1, 22))),
            [
                ("too_many", "quotas", {"most": 20}),
                *(("twice", f"quotas.{place}", {}) for place in range(1, 20)),
            ],
        ),
        (rule(conditions=where("product", any=["Tea"])), [("not_in_small_letters", "conditions.0.any", {})]),
        (rule(conditions=where("tier", any=["z"])), [("unknown_tier", "conditions.0.any", {})]),
        (rule(conditions=where("nth_visit", nth=5, each=1)), [("not_yes_or_no", "conditions.0.each", {})]),
        (
            rule(conditions=where("hours", **{"from": "9:00", "to": "24:00"})),
            [("time_unreadable", "conditions.0.from", {}), ("time_unreadable", "conditions.0.to", {})],
        ),
        (
            rule(conditions=where("hours", **{"from": "09:00", "to": "09:00"})),
            [("hours_alike", "conditions.0.to", {})],
        ),
        (rule(conditions=where("dates")), [("missing", "conditions.0.from", {})]),
        (rule(conditions=where("dates", to="2027-02-29")), [("day_unreadable", "conditions.0.to", {})]),
        (rule(conditions=where("dates", to=20270228)), [("day_unreadable", "conditions.0.to", {})]),
        (
            rule(conditions=where("dates", **{"from": "2026-12-02", "to": "2026-12-01"})),
            [("ends_before_it_begins", "conditions.0.to", {})],
        ),
    ],
)
def test_a_rule_with_one_thing_wrong_is_told_with_its_field(wrong, told):
    assert problems(wrong) == told
    assert {problem.rule for problem in check_version(version(wrong))} == {wrong.id}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"units": ()}, [("unit_missing", "units", {})]),
        ({"units": (POINT, replace(STAMP, id="points"))}, [("twice", "units", {"given": "points"})]),
        ({"units": (Unit("u", "points", {}),)}, [("name_missing", "units.0.names", {})]),
        (
            {"units": (Unit("u", "points", {"fr": ("point", "")}),)},
            [("name_missing", "units.0.names.fr", {})],
        ),
        (
            {"units": (Unit("u", "points", {"en": ("x" * 41, "x")}),)},
            [("name_too_long", "units.0.names.en", {"longest": 40})],
        ),
        *(
            ({"units": (replace(POINT, code=code),)}, [("code_unreadable", "units.0.code", {})])
            for code in ("", "p" * 21, "Points", "a point", "points\n", "pünkte")
        ),
        ({"units": (replace(POINT, code="my-points_2".ljust(20, "x")),)}, []),
        (
            {"tiers": (replace(BRONZE, name="x" * 41),)},
            [("name_too_long", "tiers.0.name", {"longest": 40})],
        ),
        (
            {"tiers": (BRONZE, replace(SILVER, threshold_minor=0))},
            [("threshold_taken", "tiers.1.threshold_minor", {})],
        ),
        ({"tiers": (GOLD, SILVER)}, [("tiers_out_of_order", "tiers.1.threshold_minor", {})]),
        ({"tiers": (replace(BRONZE, name=""),)}, [("name_missing", "tiers.0.name", {})]),
        ({"tiers": (replace(BRONZE, threshold_minor=-1),)}, range_of("tiers.0.threshold_minor", 0, 10**9)),
        (
            {"tiers": (replace(GOLD, multiplier_percent=99),)},
            range_of("tiers.0.multiplier_percent", 100, 1000),
        ),
        (
            {"tiers": tuple(Tier(str(number), "Step", number, 100) for number in range(13))},
            [("too_many", "tiers", {"most": 12})],
        ),
        ({"units": (replace(POINT, kind="miles"),)}, [("unknown_kind", "units.0.kind", {"given": "miles"})]),  # type: ignore[arg-type]
        (
            {"tiers": (replace(GOLD, season=Season("06-31", "6-30")),)},
            [
                ("day_of_year_unreadable", "tiers.0.season.first", {}),
                ("day_of_year_unreadable", "tiers.0.season.last", {}),
            ],
        ),
        (
            {"tiers": (replace(GOLD, season=Season("02-29", "08-31")),)},
            [("day_of_year_unreadable", "tiers.0.season.first", {})],
        ),
        (
            {"tiers": (replace(GOLD, perks=(Perk("free_delivery"), Perk("car"))),)},  # type: ignore[arg-type]
            [("unknown_kind", "tiers.0.perks.1.kind", {"given": "car"})],
        ),
        ({"tiers": (replace(GOLD, perks=(Perk("text"),)),)}, [("name_missing", "tiers.0.perks.0.names", {})]),
        (
            {"tiers": (replace(GOLD, perks=(Perk("gift", {"en": "x" * 121}),)),)},
            [("name_too_long", "tiers.0.perks.0.names.en", {"longest": 120})],
        ),
        (
            {"tiers": (replace(GOLD, perks=(Perk("percent_off"),)),)},
            range_of("tiers.0.perks.0.basis_points", 1, 10_000),
        ),
        ({"ladder": Ladder(climbing="luck")}, [("unknown_kind", "ladder.climbing", {"given": "luck"})]),  # type: ignore[arg-type]
        ({"ladder": Ladder(window="week")}, [("unknown_kind", "ladder.window", {"given": "week"})]),  # type: ignore[arg-type]
        ({"ladder": Ladder(downgrade="always")}, [("unknown_kind", "ladder.downgrade", {"given": "always"})]),  # type: ignore[arg-type]
        ({"ladder": Ladder(grace_days=-1)}, range_of("ladder.grace_days", 0, 366)),
        ({"ladder": Ladder(warn_days=367)}, range_of("ladder.warn_days", 0, 366)),
        ({"stacking": "all"}, [("unknown_kind", "stacking", {"given": "all"})]),
        ({"limits": Limits(purchases_a_day=1001)}, range_of("limits.purchases_a_day", 0, 1000)),
    ],
)
def test_a_programme_with_one_thing_wrong_is_told_with_its_field(said, told):
    assert problems(**said) == told


def test_two_rules_of_one_id_and_a_programme_without_a_name_are_told():
    assert problems(rule(), rule()) == [("twice", "rules", {"given": "rule"})]
    assert check_version(replace(version(), name="")) == [Problem("name_missing", "", "name")]


@pytest.mark.parametrize("currency", CURRENCIES)
def test_every_programme_of_the_gallery_can_be_published(currency):
    kit = Kit(currency, "en", dt.date(2026, 1, 1))
    assert [check_version(template.made_with(kit).version) for template in TEMPLATES] == [[]] * len(TEMPLATES)


def test_every_condition_of_the_table_can_be_published_and_none_with_a_blank_left_out():
    for kind, given, *_rest in TABLE:
        assert problems(rule(conditions=where(kind, **given))) == []
    for kind in CONDITIONS.keys() - {
        "dates",
        "first_visit",
    }:  # the former wants one of two, the latter nothing
        needed = [name for name, shape in CONDITIONS[kind].blanks.items() if shape.is_needed]
        assert needed
        assert problems(rule(conditions=where(kind))) == [
            ("missing", f"conditions.0.{name}", {}) for name in needed
        ]


def test_the_figures_are_those_that_the_rest_of_the_house_knows():
    assert shapes.LARGEST_MINOR == LARGEST_MINOR
    assert checking.MOST_TIERS == tiers.MOST_TIERS
    assert checking.LARGEST_LIMITS == {
        "cool_down_minutes": velocity.LONGEST_PAUSE,
        "purchases_a_day": velocity.MOST_A_DAY,
        "static_a_day": velocity.MOST_A_DAY,
    }
