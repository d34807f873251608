"""What is wrong with an offer that somebody is about to keep: everything at once, as `loyalty.rules.checking` does. Pure.

Fields are paths: `names.fr`, `value.minor`, `costs.<tier id>`, `conditions.0.any`, `cost`. What only the tables know (whether a
location is still there, how many were taken) is not asked here.
"""

from collections.abc import Iterator, Mapping
from typing import get_args

from loyalty.rules.checking import LARGEST_AWARD, MOST_CONDITIONS, Problem, check_condition
from loyalty.rules.shapes import LARGEST_MINOR, Wrong, name_wrong, out_of_range
from loyalty.rules.types import Version
from rewards.kinds import KINDS
from rewards.offers import CONDITIONS, Auto, Offer, Period, Status

LONGEST_NAME, LONGEST_TERMS = 80, 1000
LARGEST_STOCK = 1_000_000
LONGEST_VALID = 3660  # days of a voucher: ten years, as long as the law of any country asks
LARGEST_MOST = 1000  # of one reward, for one member

Found = Iterator[Problem | None]


def check_offer(offer: Offer, version: Version) -> list[Problem]:
    """All problems of an offer beside the programme that is in force; none if it can be kept."""
    found = [
        *_words(offer),
        *_value(offer, version),
        *_cost(offer, version),
        *_who(offer, version),
        *_limits(offer),
        _among("status", offer.status, get_args(Status)),
        _at("cost_minor", out_of_range(offer.cost_minor, 0, LARGEST_MINOR)),
        _at("price_minor", out_of_range(offer.price_minor, 0, LARGEST_MINOR)),
    ]
    return [problem for problem in found if problem]


def _words(offer: Offer) -> Found:
    if not any(offer.names.values()):
        yield Problem("name_missing", "", "names")
    yield from _said("names", offer.names, LONGEST_NAME)
    yield from _said("terms", offer.terms, LONGEST_TERMS)


def _said(where: str, words: Mapping[str, str], longest: int) -> Found:
    for language, text in words.items():
        if text:
            yield _at(f"{where}.{language}", name_wrong(text, longest))


def _value(offer: Offer, version: Version) -> Found:
    kind = KINDS.get(offer.kind)
    if kind is None:
        yield Problem("unknown_kind", "", "kind", {"given": offer.kind})
        return
    for name in offer.value.keys() - kind.blanks.keys():
        yield Problem("unknown_field", "", f"value.{name}")
    for name, shape in kind.blanks.items():
        if name in offer.value:
            yield _at(f"value.{name}", shape.wrong(offer.value[name]))
        elif shape.is_needed:
            yield Problem("missing", "", f"value.{name}")
    if offer.kind == "credit" and isinstance(offer.value.get("unit"), str):
        unit = version.unit(offer.value["unit"])
        if unit is None or unit.kind != "credit":
            yield Problem("unknown_unit", "", "value.unit")


def _cost(offer: Offer, version: Version) -> Found:
    if version.unit(offer.unit) is None:
        yield Problem("unknown_unit", "", "unit")
    if offer.auto == "on_tier":
        if offer.cost or offer.costs:
            yield Problem("given_for_nothing", "", "cost")
        return
    yield _units("cost", offer.cost)
    for tier, cost in offer.costs.items():
        yield _units(f"costs.{tier}", cost)
        if version.tier(tier) is None:
            yield Problem("unknown_tier", "", f"costs.{tier}")
    cheapest = min(cost for cost in (offer.cost, *offer.costs.values(), LARGEST_AWARD) if type(cost) is int)
    if type(offer.seen_from) is not int or offer.seen_from < 0:
        yield _at("seen_from", out_of_range(offer.seen_from, 0, LARGEST_AWARD))
    elif offer.seen_from > cheapest > 0:
        yield Problem("seen_too_late", "", "seen_from", {"most": cheapest})


def _units(where: str, cost: int) -> Problem | None:
    if type(cost) is int and cost < 1:
        return Problem("costs_nothing", "", where)
    return _at(where, out_of_range(cost, 1, LARGEST_AWARD))


def _who(offer: Offer, version: Version) -> Found:
    if len(offer.conditions) > MOST_CONDITIONS:
        yield Problem("too_many", "", "conditions", {"most": MOST_CONDITIONS})
    for place, one in enumerate(offer.conditions[:MOST_CONDITIONS]):
        if one.kind in CONDITIONS:
            yield from check_condition(one, place, version)
        else:
            yield Problem("unknown_kind", "", f"conditions.{place}.kind", {"given": one.kind})
    if offer.auto == "on_tier" and all(one.kind != "tier" for one in offer.conditions):
        yield Problem("which_tier", "", "auto")


def _limits(offer: Offer) -> Found:
    yield _among("auto", offer.auto, get_args(Auto))
    yield _among("period", offer.period, get_args(Period))
    yield _at("valid_days", out_of_range(offer.valid_days, 0, LONGEST_VALID))
    yield _at("most", out_of_range(offer.most, 0, LARGEST_MOST))
    yield _at("most_in", out_of_range(offer.most_in, 0, LARGEST_MOST))
    if offer.stock is not None:
        yield _at("stock", out_of_range(offer.stock, 0, LARGEST_STOCK))


def _at(field: str, wrong: Wrong | None) -> Problem | None:
    return Problem(wrong[0], "", field, wrong[1]) if wrong else None


def _among(field: str, given: str, known: tuple[str, ...]) -> Problem | None:
    return None if given in known else Problem("unknown_kind", "", field, {"given": given})
