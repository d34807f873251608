"""Rewards on the card: what is within reach, what is not and why, and what each looks like."""

import orjson
import pytest

from core import tenancy
from core.ids import new_id, read_id
from loyalty.models import Tier, Unit
from loyalty.rules.types import Condition
from merchants.logos import Crop
from rewards import pictures
from rewards.catalogue import find_reward
from rewards.handing import capture_redemption
from rewards.redemption import release_redemption
from rewards.taking import take_reward
from tests.merchants.test_logos import drawn, picture
from tests.rewards.offering import offered
from tests.web.card.conftest import phone_of, words_of


@pytest.fixture
def cake(world):
    """At Aroma, for 300 points."""
    return reward(world, name="Cake", cost=300)


def reward(world, **said):
    with tenancy.scope(world.aroma.id):
        return offered(unit_id=Unit.objects.get(code="points").id, **said)


def taken(world, offer, member, ending=None):
    with tenancy.scope(world.aroma.id):
        body = take_reward(
            merchant=world.aroma, reward_id=offer.id, member_id=member.id, key=new_id(), actor_id=None
        ).body
        redemption_id = read_id("red", orjson.loads(body)["id"])
        if ending:
            ending(merchant=world.aroma, redemption_id=redemption_id, key=new_id(), actor_id=None)
    return redemption_id


def test_the_card_offers_what_is_within_reach_with_its_price_and_names_what_comes_next(
    world, cake, mias_phone
):
    reward(world, name="Breakfast", cost=1_232)
    said = words_of(mias_phone.get("/c/aroma/"))
    assert "Yours to take now All 2 rewards Cake Take · 300" in said
    assert "Breakfast 32 more points" in said
    assert "Take · 1,232" not in said


def test_a_shop_without_rewards_says_nothing_of_them_on_the_card(world, mias_phone):
    assert "to take now" not in words_of(mias_phone.get("/c/aroma/"))
    assert "No rewards yet" in words_of(mias_phone.get("/c/aroma/rewards"))


def test_what_cannot_be_taken_says_why_and_from_when(world, mias_phone):
    with tenancy.scope(world.aroma.id):
        bronze = str(Tier.objects.get(name="Bronze").id)
    reward(world, name="For Bronze", cost=10, conditions=(Condition("tier", {"any": [bronze]}),))
    reward(
        world,
        name="Later",
        cost=10,
        conditions=(Condition("dates", {"from": "2099-01-01", "to": "2099-12-31"}),),
    )
    reward(world, name="Gone", cost=10, stock=0)
    reward(world, name="Far", cost=1_210)
    said = words_of(mias_phone.get("/c/aroma/rewards"))
    assert "For Bronze Only for Bronze members" in said
    assert "Later Only from 1 January 2099" in said
    assert "Gone Sold out" in said
    assert "Far 10 more points" in said
    assert "Take ·" not in said


def test_a_french_card_says_it_in_french(world, mias_phone):
    reward(world, names={"en": "Cake", "fr": "Gâteau"}, name="Cake", cost=1_210)
    mias_phone.cookies["django_language"] = "fr"
    said = words_of(mias_phone.get("/c/aroma/rewards"))
    assert "Gâteau Encore 10 points" in said
    assert "Récompenses Vous avez" in said


def test_one_reward_tells_its_terms_its_price_and_what_is_missing(world, mias_phone):
    far = reward(world, name="Far", cost=2_400, terms={"en": "Not with other offers."}, stock=3)
    said = words_of(mias_phone.get(f"/c/aroma/rewards/{far.id}"))
    assert "Costs 2,400 points" in said
    assert "Not with other offers." in said
    assert "1,200 more points" in said
    assert "Only 3 left" in said


def test_what_is_not_shown_has_no_page(world, cake, mias_phone):
    hidden = reward(world, name="Secret", cost=10, conditions=(Condition("segment", {"any": ["vip"]}),))
    draft = reward(world, name="Draft", cost=10, status="draft")
    for reward_id in (hidden.id, draft.id, new_id()):
        assert mias_phone.get(f"/c/aroma/rewards/{reward_id}").status_code == 404
    said = words_of(mias_phone.get("/c/aroma/rewards"))
    assert "Cake" in said
    assert "Secret" not in said
    assert "Draft" not in said


def test_another_shops_reward_has_no_page(world, cake):
    zoes_phone = phone_of(world.bloom, world.zoe)
    assert zoes_phone.get(f"/c/bloom/rewards/{cake.id}").status_code == 404
    assert "Cake" not in words_of(zoes_phone.get("/c/bloom/rewards"))


def test_the_page_tells_what_was_taken_before_and_what_became_of_it(world, cake, mias_phone):
    taken(world, cake, world.mia, capture_redemption)
    taken(world, cake, world.mia, release_redemption)
    said = words_of(mias_phone.get("/c/aroma/rewards"))
    assert "300 Cake Let go just now \u2212300 Cake Handed over just now" in said


def test_a_reward_that_is_set_aside_is_said_and_until_when(world, cake, mias_phone):
    taken(world, cake, world.mia)
    for path in ("/c/aroma/", "/c/aroma/rewards"):
        assert "Cake Set aside for you until" in words_of(mias_phone.get(path))


def test_a_rewards_picture_is_served_to_anybody_and_kept(world, cake, client):
    pictures.set_picture(
        merchant=world.aroma, reward_id=cake.id, content=picture(kind="JPEG"), crop=Crop(), actor=None
    )
    with tenancy.scope(world.aroma.id):
        path = pictures.picture_path(world.aroma, find_reward(cake.id))
    response = client.get(path)
    assert (response.status_code, drawn(response.content).size) == (200, (128, 128))
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get(path.replace("/aroma/", "/bloom/")).status_code == 404
    assert client.get("/c/aroma/reward/none.webp").status_code == 404
