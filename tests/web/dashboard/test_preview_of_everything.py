"""The live card shows every unit of the draft, and what there is to take."""

from dataclasses import replace

import pytest

from core import tenancy
from loyalty.programme.versions import version_in_force
from tests.loyalty.ruled import STAMPS, per_euro, stamps, with_rules
from tests.rewards.offering import offered
from tests.web.desk import HOME, desk_of, text_of


def stage_of(world, tab="programme/"):
    page = text_of(desk_of(world).get(f"{HOME}{tab}"))
    return page[page.index('id="stage"') :]


def cakes(world, unit_id, *costs):
    with tenancy.scope(world.aroma.id):
        for cost in costs:
            offered(name=f"Cake {cost}", unit_id=unit_id, cost=cost, stock=None, actor=None)


@pytest.mark.parametrize("tab", ["programme/", "programme/units/"])
def test_the_card_shows_every_unit_and_the_cheapest_rewards(world, tab):
    assert "Yours to take" not in stage_of(world, tab)
    with_rules(world.aroma, per_euro(world.aroma, "each"), units=(replace(stamps(), kind="stamps"),))
    with tenancy.scope(world.aroma.id):
        first = version_in_force().units[0].id
    cakes(world, first, 1250, 150, 300, 400, 500)
    cakes(world, STAMPS, 9)
    page = stage_of(world, tab)
    assert ">7 stamps</p>" in page
    assert "Yours to take" in page
    assert "<span>Cake 9</span> <b>9 stamps</b>" in page
    assert "<span>Cake 150</span> <b>150</b>" in page
    assert page.count("<span>Cake") == 5
    assert "Cake 1250" not in page


def test_the_rewards_on_the_card_are_in_the_shops_language_as_all_of_it_is(world):
    with tenancy.scope(world.aroma.id):
        unit_id = version_in_force().units[0].id
        offered(name="", names={"en": "A cake", "fr": "Une tarte"}, unit_id=unit_id, cost=150)
    desk = desk_of(world)
    desk.cookies["django_language"] = "fr"
    page = text_of(desk.get(f"{HOME}programme/"))
    stage = page[page.index('id="stage"') :]
    assert "Yours to take" in stage
    assert "<span>A cake</span>" in stage
