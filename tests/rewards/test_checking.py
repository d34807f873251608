"""What can be wrong with an offer, each at its field; and what is fine."""

import pytest

from rewards.checking import check_offer
from rewards.kinds import KINDS, read_value
from rewards.offers import CONDITIONS
from tests.loyalty.wording.examples import CONDITIONS_SAID, CREDIT, VERSION
from tests.rewards.made import offer, only

VALUES = {
    "amount_off": {"minor": 500},
    "percent_off": {"basis_points": 1000, "most_minor": 2000},
    "free_product": {"any": ["latte"], "of": 3},
    "credit": {"unit": CREDIT.id, "amount": 500},
    "gift": {},
    "experience": {},
    "donation": {"to": "The lifeboats", "minor": 100},
    "early_access": {"opens_on": "2026-12-01"},
    "draw_entry": {"drawn_on": "2026-12-24"},
    "free_text": {},
}
GOLD = only("tier", any=["g"])


def problems(reward):
    return [(one.code, one.field) for one in check_offer(reward, VERSION)]


def test_each_kind_has_an_example_here():
    assert VALUES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_that_is_fine_reads_back(kind):
    assert problems(offer(kind=kind, value=VALUES[kind])) == []
    read = read_value(kind, VALUES[kind] | {"unknown": 1})
    assert read == KINDS[kind].value(
        **{name: tuple(one) if isinstance(one, list) else one for name, one in VALUES[kind].items()}
    )


@pytest.mark.parametrize("kind", CONDITIONS)
def test_whatever_can_be_asked_of_somebody_without_a_bill_may_be_asked(kind):
    assert problems(offer(only(kind, **CONDITIONS_SAID[kind]))) == []


@pytest.mark.parametrize("kind", sorted(CONDITIONS_SAID.keys() - set(CONDITIONS)))
def test_what_needs_a_bill_or_chance_may_not(kind):
    assert problems(offer(only(kind, **CONDITIONS_SAID[kind]))) == [("unknown_kind", "conditions.0.kind")]


@pytest.mark.parametrize(
    ("reward", "expected"),
    [
        (offer(names={}), ("name_missing", "names")),
        (offer(names={"fr": ""}), ("name_missing", "names")),
        (offer(names={"en": "Cake", "fr": "x" * 81}), ("name_too_long", "names.fr")),
        (offer(terms={"en": "x" * 1001}), ("name_too_long", "terms.en")),
        (offer(kind="car"), ("unknown_kind", "kind")),
        (offer(kind="amount_off"), ("missing", "value.minor")),
        (offer(kind="amount_off", value={"minor": 0}), ("out_of_range", "value.minor")),
        (offer(kind="gift", value={"minor": 5}), ("unknown_field", "value.minor")),
        (offer(kind="percent_off", value={"basis_points": 10_001}), ("out_of_range", "value.basis_points")),
        (offer(kind="free_product", value={"any": ["Latte"]}), ("not_in_small_letters", "value.any")),
        (offer(kind="credit", value={"unit": "points", "amount": 5}), ("unknown_unit", "value.unit")),
        (offer(kind="draw_entry", value={"drawn_on": "soon"}), ("day_unreadable", "value.drawn_on")),
        (offer(unit="gone"), ("unknown_unit", "unit")),
        (offer(cost=0), ("costs_nothing", "cost")),
        (offer(cost=-3), ("costs_nothing", "cost")),
        (offer(cost=1_000_001), ("out_of_range", "cost")),
        (offer(cost=True), ("out_of_range", "cost")),
        (offer(costs={"g": 0}), ("costs_nothing", "costs.g")),
        (offer(costs={"gone": 5}), ("unknown_tier", "costs.gone")),
        (offer(seen_from=41), ("seen_too_late", "seen_from")),
        (offer(seen_from=31, costs={"g": 30}), ("seen_too_late", "seen_from")),
        (offer(seen_from=-1), ("out_of_range", "seen_from")),
        (offer(only("tier", any=["gone"])), ("unknown_tier", "conditions.0.any")),
        (
            offer(only("dates", **{"from": "2026-12-02", "to": "2026-12-01"})),
            ("ends_before_it_begins", "conditions.0.to"),
        ),
        (offer(*[GOLD] * 21), ("too_many", "conditions")),
        (offer(stock=-1), ("out_of_range", "stock")),
        (offer(most=-1), ("out_of_range", "most")),
        (offer(most_in=1001), ("out_of_range", "most_in")),
        (offer(period="ever"), ("unknown_kind", "period")),
        (offer(auto="always"), ("unknown_kind", "auto")),
        (offer(auto="on_tier", cost=0), ("which_tier", "auto")),
        (offer(GOLD, auto="on_tier"), ("given_for_nothing", "cost")),
        (offer(status="gone"), ("unknown_kind", "status")),
        (offer(cost_minor=-1), ("out_of_range", "cost_minor")),
        (offer(price_minor=10**9 + 1), ("out_of_range", "price_minor")),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_else(reward, expected):
    assert problems(reward) == [expected]


def test_everything_wrong_is_told_at_once():
    wrong = offer(names={}, unit="gone", cost=0, kind="donation", value={"minor": 5})
    assert [field for _code, field in problems(wrong)] == ["names", "value.to", "unit", "cost"]


def test_one_that_comes_with_a_tier_costs_no_units():
    assert problems(offer(GOLD, auto="on_tier", cost=0)) == []
