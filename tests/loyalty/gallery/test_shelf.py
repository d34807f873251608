"""Every template: whole, kept and read again equal, in both languages, in every currency."""

from collections.abc import Callable

import pytest

from core.ids import new_id
from core.money import CURRENCIES
from loyalty.gallery.shelf import TEMPLATES, template, templates_for
from loyalty.gallery.templates import Kit
from loyalty.rules.checking import check_version
from loyalty.rules.conditions import CONDITIONS
from loyalty.rules.definition import read_definition, write_definition
from loyalty.rules.editing import with_ids
from loyalty.wording import say_rule
from merchants.models import Merchant
from tests.loyalty.gallery.lives import NEW_YEAR

LANGUAGES = {"en", "fr"}
each_template = pytest.mark.parametrize("one", TEMPLATES, ids=lambda one: one.code)


def ids_anew() -> Callable[[str], str]:
    """For each id one of its own, the same each time."""
    ids: dict[str, str] = {}
    return lambda old: ids.setdefault(old, str(new_id()))


@each_template
@pytest.mark.parametrize("currency", CURRENCIES)
def test_a_template_is_kept_and_read_again_equal(one, currency):
    version = one.made_with(Kit(currency, "fr", NEW_YEAR)).version
    assert read_definition(0, write_definition(version)) == version


@each_template
@pytest.mark.parametrize("currency", CURRENCIES)
def test_a_template_that_is_taken_can_be_published(one, currency):
    assert check_version(with_ids(one.made_with(Kit(currency, "en", NEW_YEAR)).version, ids_anew())) == []


@each_template
@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_rule_of_a_template_is_said_in_a_sentence(one, language):
    version = one.made_with(Kit("EUR", language, NEW_YEAR)).version
    said = [say_rule(rule, version, language) for rule in version.rules]
    assert all(said)
    assert len(set(said)) == len(said)


@each_template
def test_a_template_speaks_both_languages(one):
    made = one.made_with(Kit("EUR", "fr", NEW_YEAR))
    said = [one.names, one.says, *(offer.names for offer in made.offers)]
    said += [unit.names for unit in made.version.units]
    said += [rule.names for rule in made.version.rules if rule.names]
    said += [perk.names for tier in made.version.tiers for perk in tier.perks if perk.names]
    assert all(set(words) == LANGUAGES for words in said)


@each_template
def test_what_the_till_calls_things_is_said_in_one_language(one):
    for language, foreign in (("en", "café"), ("en", "coupe"), ("fr", "coffee"), ("fr", "haircut")):
        version = one.made_with(Kit("EUR", language, NEW_YEAR)).version
        assert not any(foreign in say_rule(rule, version, language) for rule in version.rules)


@each_template
def test_a_template_names_nothing_that_is_not_there(one):
    made = one.made_with(Kit("EUR", "en", NEW_YEAR))
    units, tiers = ({each.id for each in group} for group in (made.version.units, made.version.tiers))
    conditions = [condition for rule in made.version.rules for condition in rule.conditions]
    assert {rule.unit for rule in made.version.rules} | {offer.unit for offer in made.offers} <= units
    assert {tier for each in conditions if each.kind == "tier" for tier in each.given["any"]} <= tiers
    assert {condition.kind for condition in conditions} <= CONDITIONS.keys()
    assert one.trades <= set(Merchant.Trade.values)


@each_template
def test_a_template_that_is_taken_has_ids_of_its_own_everywhere(one):
    version = one.made_with(Kit("EUR", "en", NEW_YEAR)).version
    mine = with_ids(version, ids_anew())
    kept = repr(write_definition(mine))
    ids = [each.id for each in (*version.units, *version.rules, *version.tiers)]
    assert len(set(ids)) == len(ids)
    assert not [each for each in ids if f"'id': '{each}'" in kept or f"'unit': '{each}'" in kept]
    assert [rule.trigger for rule in mine.rules] == [rule.trigger for rule in version.rules]


def test_a_taken_template_has_a_seed_that_nobody_knows():
    found = template("bakery-visits")
    assert found is not None
    mine = with_ids(
        found.made_with(Kit("EUR", "en", NEW_YEAR)).version, ids_anew(), seed=lambda _known: "secret"
    )
    assert mine.rules[1].conditions[0].given == {"one_in": 20, "seed": "secret"}


def test_figures_are_round_ones_of_the_currency():
    one = template("points-per-spend")
    assert one is not None
    yen, dinar = (one.made_with(Kit(currency, "en", NEW_YEAR)) for currency in ("JPY", "TND"))
    assert (yen.version.rules[0].per_minor, dinar.version.rules[0].per_minor) == (100, 2000)
    assert yen.offers[0].names["en"] == "¥500 off your bill"


def test_what_suits_a_trade_comes_first():
    assert templates_for("salon")[0].trades >= {"salon"}
    assert sorted(one.code for one in templates_for("salon")) == sorted(one.code for one in TEMPLATES)
    assert template("unheard-of") is None
