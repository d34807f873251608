"""The catalogue at the desk: tickets by status, in the shop's order, begun, offered, taken off."""

import pytest

from core import tenancy
from rewards.models import Reward
from tests.rewards.offering import A_BUNCH
from tests.web.dashboard.rewards.desk import REWARDS, a_reward, now, rewards_of
from tests.web.desk import desk_of, manager_of, text_of, trips
from tests.world import signed_in


def names(world, status=Reward.Status.LIVE):
    return [one.names["en"] for one in rewards_of(world.aroma) if one.status == status]


def test_an_empty_catalogue_suggests_three_for_the_trade_and_one_becomes_a_draft(world):
    client = desk_of(world)
    page = text_of(client.get(REWARDS))
    assert "No reward yet" in page
    assert page.count("Take this") == 3
    assert "A coffee, on the house" in page
    page = text_of(client.post(f"{REWARDS}new/", {"suggestion": "0"}, follow=True))
    [made] = rewards_of(world.aroma)
    assert (made.status, made.kind) == ("draft", "free_product")
    assert made.names == {"en": "A coffee, on the house", "fr": "Un café offert"}
    assert 'name="names_en"' in page, "its name is open"


@pytest.mark.parametrize(
    "kind", ["amount_off", "percent_off", "donation", "early_access", "draw_entry", "gift"]
)
def test_any_kind_begins_as_a_draft_that_could_be_offered(world, kind):
    client = desk_of(world)
    client.post(f"{REWARDS}new/", {"kind": kind})
    [made] = rewards_of(world.aroma)
    client.post(f"{REWARDS}{made.id}/status/live/")
    assert (now(made).kind, now(made).status) == (kind, "live")


@pytest.mark.parametrize("sent", [{}, {"kind": "car"}, {"kind": "credit"}, {"suggestion": "9"}])
def test_what_is_no_kind_here_makes_nothing(world, sent):
    assert desk_of(world).post(f"{REWARDS}new/", sent).status_code == 200
    assert rewards_of(world.aroma) == []


def test_a_ticket_says_what_it_takes_what_it_costs_and_when_a_regular_reaches_it(world):
    a_reward(world.aroma, cost=86, stock=40, cost_minor=60, price_minor=300)
    page = text_of(desk_of(world).get(REWARDS))
    # A café's basket of 6 euros gives 6 points, and joining gave 50: 36 more take six visits.
    for words in ("<b>86</b> points", "on the 6th visit", "costs you €0.60", "margin 80%", "40 of 40 left"):
        assert words in page, words


def test_each_status_has_its_tab(world):
    a_reward(world.aroma, "A coffee")
    a_reward(world.aroma, "A cake", status="draft")
    a_reward(world.aroma, "A book", status="archived")
    client = desk_of(world)
    for query, shown in (("", "A coffee"), ("?status=draft", "A cake"), ("?status=archived", "A book")):
        page = text_of(client.get(REWARDS + query))
        assert [name for name in ("A coffee", "A cake", "A book") if f"{name}</a>" in page] == [shown]
        assert "Drafts · 1" in page


def test_arrows_and_a_drop_put_a_ticket_elsewhere(world):
    first, _second, third = (a_reward(world.aroma, name) for name in ("One", "Two", "Three"))
    client = desk_of(world)
    client.post(f"{REWARDS}{first.id}/place/", {"direction": "down"})
    assert names(world) == ["Two", "One", "Three"]
    client.post(f"{REWARDS}{third.id}/place/", {"direction": "up"})
    assert names(world) == ["Two", "Three", "One"]
    client.post(f"{REWARDS}{first.id}/place/", {"place": "0"})
    assert names(world) == ["One", "Two", "Three"]
    client.post(f"{REWARDS}{first.id}/place/", {"direction": "up"})
    assert names(world) == ["One", "Two", "Three"]


def test_a_status_is_changed_and_changed_back(world):
    reward, client = a_reward(world.aroma), desk_of(world)
    page = text_of(client.post(f"{REWARDS}{reward.id}/status/archived/", follow=True))
    assert "“A coffee” is taken off." in page
    assert now(reward).status == "archived"
    undo = f"{REWARDS}{reward.id}/status/live/"
    assert f'action="{undo}"' in page, "the toast takes it back"
    client.post(undo)
    assert now(reward).status == "live"


def test_one_that_cannot_be_offered_any_more_says_why_on_its_page(world):
    reward = a_reward(world.aroma, status="draft")
    with tenancy.scope(world.aroma.id):
        Reward.objects.filter(id=reward.id).update(costs={"00000000-0000-0000-0000-000000000000": 5})
    page = text_of(desk_of(world).post(f"{REWARDS}{reward.id}/status/live/", follow=True))
    assert now(reward).status == "draft"
    assert "toast--error" in page


def test_a_manager_keeps_the_catalogue_and_a_cashier_does_not(world):
    reward = a_reward(world.aroma)
    assert signed_in(manager_of(world.aroma)).get(REWARDS).status_code == 200
    sam = signed_in(world.sam)
    for path in ("", "new/", f"{reward.id}/"):
        assert sam.get(REWARDS + path).status_code == 403
    for path in ("place/", "status/archived/", "blanks/cost/", "undo/"):
        assert sam.post(f"{REWARDS}{reward.id}/{path}", {"cost": "1"}).status_code == 403
    assert (now(reward).status, now(reward).cost) == ("live", 150)


def test_the_catalogue_makes_as_many_trips_with_twenty_tickets_as_with_one(world):
    client = desk_of(world)
    a_reward(world.aroma, **A_BUNCH)
    few = trips(client, REWARDS)
    for _more in range(19):
        a_reward(world.aroma, **A_BUNCH)
    assert trips(client, REWARDS) == few <= 12
