"""The file of one's own data, of what is spent: rewards that were taken, what waits until when, and the PIN."""

import json

import pytest
import time_machine

from core import tenancy
from core.ids import new_id, read_id
from loyalty.models import Unit
from members import pins, profiles
from members.models import Card
from rewards.handing import capture_redemption
from rewards.models import Redemption
from rewards.taking import take_reward
from tests.rewards.offering import offered
from tests.web.card.conftest import phone_of
from tests.web.card.test_my_data import DATA, files_of


def taken_by(world, reward, member):
    taken = take_reward(
        merchant=world.aroma, reward_id=reward.id, member_id=member.id, key=new_id(), actor_id=None
    )
    return read_id("red", json.loads(taken.body)["id"])


@pytest.mark.parametrize(("locale", "words"), [("en", "Cake, 40 points"), ("fr", "Gâteau, 40 points")])
def test_it_tells_of_rewards_that_were_taken_and_what_became_of_them(world, mias_phone, locale, words):
    with tenancy.scope(world.aroma.id):
        profiles.change_profile(
            member=world.mia, merchant=world.aroma, changes={"locale": locale}, actor="test"
        )
        unit_id = Unit.objects.get(code="points").id
        cake = offered(name="Cake", unit_id=unit_id, cost=40, names={"en": "Cake", "fr": "Gâteau"})
        for _twice in range(2):
            take_reward(
                merchant=world.aroma, reward_id=cake.id, member_id=world.mia.id, key=new_id(), actor_id=None
            )
        first = Redemption.objects.order_by("id").first()
        assert first is not None
        capture_redemption(merchant=world.aroma, redemption_id=first.id, key=new_id(), actor_id=None)
    files = files_of(mias_phone.get(DATA))
    told = json.loads(files["json"])["rewards"]
    assert [(row["cost"], row["unit"], row["status"]) for row in told] == [
        (40, "points", "captured"),
        (40, "points", "held"),
    ]
    assert files["html"].replace("\xa0", " ").count(words) == 2


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "Set aside, last day 21 December 2026"),
        ("fr", "Mise de côté, dernier jour : le 21 décembre 2026"),
    ],
)
def test_it_tells_the_last_day_of_a_voucher_that_waits_and_not_of_one_that_was_used(world, locale, words):
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False):
        phone = phone_of(world.aroma, world.noah)
        with tenancy.scope(world.aroma.id):
            profiles.change_profile(
                member=world.noah, merchant=world.aroma, changes={"locale": locale}, actor="test"
            )
            tea = offered(name="Tea", unit_id=Unit.objects.get(code="points").id, cost=5, valid_days=30)
            first, _second = (taken_by(world, tea, world.noah) for _time in range(2))
            capture_redemption(merchant=world.aroma, redemption_id=first, key=new_id())
        files = files_of(phone.get(DATA))
    told = json.loads(files["json"])["rewards"]
    assert [(row["status"], (row["last_day"] or {}).get("on")) for row in told] == [
        ("captured", None),
        ("held", "2026-12-21"),
    ]
    assert files["html"].replace("\xa0", " ").replace("\u202f", " ").count(words) == 1


def test_it_tells_that_there_is_a_pin_and_not_which(world, mias_phone):
    def told():
        files = files_of(mias_phone.get(DATA))
        return json.loads(files["json"])["profile"]["has_pin"], "A PIN is set" in files["html"], files

    assert told()[:2] == (False, False)
    with tenancy.scope(world.aroma.id):
        pins.set_pin(member=world.mia, pin="4806")
        kept = Card.objects.get(id=world.mia_card.id).pin
    has_pin, is_said, files = told()
    assert (has_pin, is_said) == (True, True)
    assert not any(secret in file for secret in ("4806", kept) for file in files.values())
