"""What became of rewards, at the desk: counted on the day it came about, by reward, place and hand; and as a file."""

import csv
import datetime as dt
import io
import json
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id, public_id, read_id
from loyalty.purchases.refunding import refund_purchase
from merchants.models import StaffMember
from rewards import reporting
from rewards.handing import capture_redemption
from rewards.models import Redemption, Reward
from rewards.redemption import release_redemption
from rewards.taking import take_reward
from rewards.voiding import void_redemption
from tests.web.dashboard.rewards.desk import REWARDS, a_reward
from tests.web.desk import desk_of, text_of, trips
from tests.world import buy, signed_in

LYON = ZoneInfo("Europe/Paris")
REPORT = f"{REWARDS}report/"


@pytest.fixture
def coffee(world):
    return a_reward(world.aroma, cost=5, cost_minor=60)


def take(world, reward, *endings, **more):
    """Mia takes it, and it ends so; Sam stands at the till."""
    with tenancy.scope(world.aroma.id):
        sam = StaffMember.objects.get(user=world.sam)
        asked = {"merchant": world.aroma, "key": new_id(), "actor_id": sam.id}
        take_reward(reward_id=reward.id, member_id=world.mia.id, **asked)
        taken = Redemption.objects.latest("id")
    for ending in endings:
        end(world, ending, taken, **(more if ending is capture_redemption else {}))
    return taken


def end(world, ending, taken, **more):
    with tenancy.scope(world.aroma.id):
        sam = StaffMember.objects.get(user=world.sam)
        asked = {"merchant": world.aroma, "key": new_id(), "actor_id": sam.id}
        ending(redemption_id=taken.id, **asked, **more)


def figures(world, query=""):
    """The figures above the tables, in their order: taken, handed over, ran out, given back, cost."""
    page = text_of(desk_of(world).get(REPORT + query))
    return [piece.partition("<")[0] for piece in page.split('class="stat__value">')[1:]]


def lines(world, query=""):
    response = desk_of(world).get(f"{REPORT}export/{query}")
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_an_empty_report_says_what_it_will_count(world):
    assert "Nothing was taken in these days" in text_of(desk_of(world).get(REPORT))
    assert lines(world) == []


def test_what_was_taken_used_let_go_and_given_back_is_counted_with_what_it_cost(world, coffee):
    take(world, coffee)
    take(world, coffee, release_redemption)
    take(world, coffee, capture_redemption, void_redemption)
    for _twice in range(2):
        take(world, coffee, capture_redemption, location_id=world.croix_rousse.id)
    assert figures(world) == ["5", "3", "0", "1", "€1.20"]
    page = text_of(desk_of(world).get(REPORT))
    for words in (
        "1 let go",
        "By location",
        world.croix_rousse.name,
        "By whoever handed it over",
        world.sam.name,
    ):
        assert words in page, words


def test_the_cost_is_what_the_reward_said_when_it_was_taken(world, coffee):
    take(world, coffee, capture_redemption)
    with tenancy.scope(world.aroma.id):
        Reward.objects.update(cost_minor=9900)
    assert figures(world)[-1] == "€0.60"


def test_money_off_costs_what_it_takes_off_where_the_shop_said_nothing(world):
    take(world, a_reward(world.aroma, cost=5, kind="amount_off", value={"minor": 500}), capture_redemption)
    assert figures(world)[-1] == "€5"


def test_what_a_refund_in_part_gave_back_is_no_cost_any_more(world, coffee):
    bought = read_id("pur", json.loads(buy(world.aroma, world.mia, 1000))["id"])
    take(world, coffee, capture_redemption, purchase_id=bought)
    take(world, coffee, capture_redemption)
    with tenancy.scope(world.aroma.id):
        refund_purchase(
            merchant=world.aroma, purchase_id=bought, amount_minor=250, key=new_id(), actor_id=None
        )
    assert figures(world) == ["2", "2", "0", "0", "€1.05"]
    assert [line["cost"] for line in lines(world)] == ["0.45", "0.60"]


def test_each_thing_counts_on_its_own_day_of_the_shops(world, coffee):
    """Taken five minutes before midnight in Lyon and handed over three after: still one day where clocks are not."""
    first = (timezone.now() + dt.timedelta(days=10)).astimezone(LYON).replace(hour=23, minute=55)
    with time_machine.travel(first, tick=False) as clock:
        taken = take(world, coffee)
        clock.shift(480)
        end(world, capture_redemption, taken)
        assert figures(world, "?days=7") == ["1", "1", "0", "0", "€0.60"]
        clock.shift(dt.timedelta(days=6))
        assert figures(world, "?days=7") == ["0", "1", "0", "0", "€0.60"]
        clock.shift(dt.timedelta(days=1))
        assert "Nothing was taken in these days" in text_of(desk_of(world).get(f"{REPORT}?days=7"))


def test_a_long_file_comes_in_parts(world, coffee, monkeypatch):
    monkeypatch.setattr(reporting, "IN_A_FILE_AT_ONCE", 2)
    made = [take(world, coffee) for _each in range(5)]
    assert [line["id"] for line in lines(world)] == [public_id("red", one.id) for one in made]


def test_the_file_has_a_line_for_each_and_no_members_name(world, coffee):
    take(world, coffee, capture_redemption, location_id=world.croix_rousse.id)
    take(world, coffee, capture_redemption, void_redemption)
    kept, given_back = lines(world)
    assert (kept["reward"], kept["status"], kept["location"], kept["by"]) == (
        "A coffee",
        "captured",
        world.croix_rousse.name,
        world.sam.name,
    )
    assert (kept["units"], kept["unit"], kept["cost"], kept["currency"]) == ("5", "points", "0.60", "EUR")
    assert (given_back["status"], given_back["cost"]) == ("voided", "0.00")
    assert "Mia" not in str([kept, given_back])


def test_another_shops_rewards_are_in_no_report_and_a_cashier_sees_none(world, coffee):
    take(world, coffee, capture_redemption)
    assert "Nothing was taken" in text_of(signed_in(world.petra).get(REPORT.replace("aroma", "bloom")))
    for path in (REPORT, f"{REPORT}export/"):
        assert signed_in(world.sam).get(path).status_code == 403


def test_the_report_makes_few_trips(world, coffee):
    for _thrice in range(3):
        take(world, coffee, capture_redemption)
    assert trips(desk_of(world), REPORT) <= 12
