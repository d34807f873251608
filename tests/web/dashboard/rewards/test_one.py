"""The page of one reward: sentences with blanks, what follows from them, two people at once, and undo."""

import pytest

from core import tenancy
from loyalty.rules.types import Condition
from rewards.catalogue import change_reward, offer_of
from tests.rewards.offering import A_BUNCH
from tests.web.dashboard.rewards.desk import REWARDS, a_reward, fill_in, now, seen
from tests.web.desk import desk_of, text_of, trips


@pytest.fixture
def reward(world):
    return a_reward(world.aroma, kind="amount_off", value={"minor": 500}, status="draft")


def test_a_reward_is_told_in_sentences(world, reward):
    page = text_of(desk_of(world).get(f"{REWARDS}{reward.id}/"))
    for words in (
        "A coffee</a>: ",
        "amount off",
        "€5 off",
        "150 points</a>",
        "It is there for everybody, at any time.",
    ):
        assert words in page, words
    assert "A regular reaches it on the 17th visit." in page


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("names", {"names_en": "Five off", "names_fr": "Cinq"}, {"names": {"en": "Five off", "fr": "Cinq"}}),
        ("terms", {"terms_en": "Not today.", "terms_fr": ""}, {"terms": {"en": "Not today."}}),
        ("value", {"minor": "7.50"}, {"value": {"minor": 750}}),
        ("cost", {"cost": "1 200"}, {"cost": 1200}),
        ("seen_from", {"seen_from": "100"}, {"seen_from": 100}),
        ("stock", {"stock": "40"}, {"stock": 40}),
        ("stock", {"stock": ""}, {"stock": None}),
        ("most", {"most": "2"}, {"most": 2}),
        ("most_in", {"most_in": "1", "period": "week"}, {"most_in": 1, "period": "week"}),
        ("money", {"cost_minor": "1.20", "price_minor": "4"}, {"cost_minor": 120, "price_minor": 400}),
        ("kind", {"kind": "percent_off"}, {"kind": "percent_off", "value": {"basis_points": 1000}}),
    ],
)
def test_a_blank_is_filled_in(world, reward, field, typed, kept):
    response = fill_in(desk_of(world), reward, field, **typed)
    assert response.status_code == 200
    after = now(reward)
    assert {name: getattr(after, name) for name in kept} == kept


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("cost", {"cost": "0"}, "A reward costs at least 1. Free for all? Make it a gift."),
        ("seen_from", {"seen_from": "151"}, "It can be taken from 150 on, so it is seen by then."),
        ("names", {"names_en": "", "names_fr": ""}, 'id="blank_names_en_error"'),
        ("value", {"minor": "0"}, 'id="blank_minor_error"'),
        ("most_in", {"most_in": "1", "period": "ever"}, 'id="blank_period_error"'),
        ("stock", {"stock": "-1"}, 'id="blank_stock_error"'),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_changed(world, reward, field, typed, words):
    before, client = now(reward), desk_of(world)
    response = fill_in(client, reward, field, **typed)
    assert response.status_code == 422
    assert words in text_of(response)
    assert offer_of(now(reward)) == offer_of(before)


def test_what_was_wrong_already_is_mended_where_it_is_written(world, reward):
    with tenancy.scope(world.aroma.id):
        type(reward).objects.filter(id=reward.id).update(value={"minor": 0})
    assert fill_in(desk_of(world), reward, "value", minor="0.00").status_code == 422
    assert fill_in(desk_of(world), reward, "value", minor="5").status_code == 200


def test_each_kind_has_its_own_fields_only(world, reward):
    client = desk_of(world)
    fill_in(client, reward, "kind", kind="free_product")
    page = text_of(client.get(f"{REWARDS}{reward.id}/?blank=value"))
    assert 'name="of"' in page
    assert 'name="minor"' not in page
    fill_in(client, reward, "value", any="Latte, tea", of="3")
    assert now(reward).value == {"any": ["latte", "tea"], "of": 3}
    fill_in(client, reward, "kind", kind="gift")
    assert now(reward).value == {}
    assert client.get(f"{REWARDS}{reward.id}/blanks/value/").status_code == 404


def test_a_price_by_tier(world, reward):
    client = desk_of(world)
    fill_in(client, reward, "costs", tier_0="", tier_1="", tier_2="120")
    [(_tier, cost)] = now(reward).costs.items()
    assert cost == 120
    assert "120 points for Gold" in text_of(client.get(f"{REWARDS}{reward.id}/"))
    fill_in(client, reward, "costs", tier_0="", tier_1="", tier_2="")
    assert now(reward).costs == {}


def test_it_asks_as_rules_do_and_stops_asking(world, reward):
    client, path = desk_of(world), f"{REWARDS}{reward.id}/"
    page = text_of(client.post(f"{path}extras/weekday/", {"seen": seen(client, reward, "cost")}, follow=True))
    assert "on Tuesdays and Wednesdays" in page
    assert 'name="weekday"' in page, "its blank is open"
    fill_in(client, reward, "weekday", weekday="6")
    assert now(reward).conditions == [{"kind": "weekday", "any": [6]}]
    client.post(f"{path}extras/weekday/", {"out": "1"})
    assert now(reward).conditions == []
    assert client.post(f"{path}extras/chance/").status_code == 404, "of a reward nobody asks that"
    assert client.get(f"{path}blanks/hours_from/").status_code == 404


def test_two_people_do_not_write_over_each_other(world, reward):
    olivia, petra_saw = desk_of(world), ""
    petra_saw = seen(olivia, reward, "cost")
    fill_in(olivia, reward, "stock", stock="40")
    response = fill_in(olivia, reward, "cost", cost="99", seen=petra_saw)
    assert response.status_code == 422
    assert "It was changed meanwhile." in text_of(response)
    assert (now(reward).cost, now(reward).stock) == (150, 40)


def test_a_change_is_taken_back_by_its_toast_unless_somebody_changed_it_since(world, reward):
    client, undo = desk_of(world), f"{REWARDS}{reward.id}/undo/"
    page = text_of(fill_in(client, reward, "cost", cost="99"))
    assert f'action="{undo}"' in page
    client.post(undo)
    assert now(reward).cost == 150
    client.post(undo)
    assert now(reward).cost == 150, "once"
    fill_in(client, reward, "cost", cost="99")
    with tenancy.scope(world.aroma.id):
        offer = offer_of(now(reward))
        change_reward(reward_id=reward.id, offer=type(offer)(**vars_of(offer) | {"stock": 7}), actor=None)
    assert "It was changed meanwhile." in text_of(client.post(undo, follow=True))
    assert (now(reward).cost, now(reward).stock) == (99, 7)


def test_another_shops_reward_is_none_of_ours(world):
    theirs = a_reward(world.bloom)
    client, path = desk_of(world), f"{REWARDS}{theirs.id}/"
    assert client.get(path).status_code == 404
    for what in (
        "undo/",
        "status/archived/",
        "place/",
        "preview/",
        "blanks/cost/",
        "extras/weekday/",
        "picture/",
    ):
        assert client.post(path + what, {"cost": "1"}).status_code == 404, what
    assert (now(theirs).cost, now(theirs).status) == (150, "live")


def vars_of(offer):
    return {name: getattr(offer, name) for name in offer.__slots__}


def test_the_ticket_beside_it_follows_what_is_typed_and_nothing_is_kept(world, reward):
    client = desk_of(world)
    response = client.post(f"{REWARDS}{reward.id}/preview/", {"blank": "cost", "cost": "90"})
    page = text_of(response)
    assert "Take · 90" in page
    assert "on the 7th visit" in page
    assert now(reward).cost == 150


def test_a_blank_opens_in_its_place_for_htmx_and_on_the_page_for_everybody_else(world, reward):
    client, path = desk_of(world), f"{REWARDS}{reward.id}/blanks/cost/"
    part = text_of(client.get(path, headers={"HX-Request": "true"}))
    assert part.strip().startswith("<li")
    assert 'name="cost"' in part
    assert client.get(path)["Location"].endswith("?blank=cost")
    assert client.get(f"{REWARDS}{reward.id}/blanks/colour/").status_code == 404


def test_what_it_lacks_stands_beside_the_sentence(world, reward):
    gone = "00000000-0000-0000-0000-000000000000"
    with tenancy.scope(world.aroma.id):
        type(reward).objects.filter(id=reward.id).update(costs={gone: 5}, conditions=[])
    assert "reward-follows__wrong" in text_of(desk_of(world).get(f"{REWARDS}{reward.id}/"))


def test_a_page_of_one_makes_few_trips(world):
    reward = a_reward(world.aroma, **A_BUNCH | {"conditions": (Condition("weekday", {"any": [6]}),)})
    assert trips(desk_of(world), f"{REWARDS}{reward.id}/?blank=cost") <= 12
