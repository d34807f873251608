"""What a cashier gives besides: offered to whoever was scanned, counted once a tap, taken back within seconds."""

import datetime as dt
import re

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from loyalty.models import Happening
from members.cards import static_code
from tests.loyalty.happenings.test_taking_back import gives
from tests.loyalty.ruled import with_rules
from tests.web.scanner.conftest import HTMX, Till, words_of
from tests.world import points_of

BASE = "/scan/aroma/"


@pytest.fixture
def giving(world, till):
    """Aroma's team may give 20 points; a tap of Sam's, for Noah."""
    with_rules(world.aroma, gives(world, "gift", 20))
    code = static_code(world.noah_card, world.aroma)
    return lambda key="tap", act="gift", by=till: by.client.post(
        f"{BASE}happenings", {"key": key, "code": code, "act": act}, headers=HTMX
    )


def looked_up(till, world):
    code = static_code(world.noah_card, world.aroma)
    return till.client.post(f"{BASE}lookup", {"code": code}, headers=HTMX)


def test_whoever_is_scanned_may_be_given_what_a_rule_asks_for(world, till, giving):
    said = looked_up(till, world)
    assert "Give… A gift 20 points as a gift of the team" in words_of(said)
    form = rf'action="{BASE}happenings"(?:(?!</form>).)*name="key" value="([^"]+)"'
    assert len(re.findall(form, said.content.decode(), re.DOTALL)) == 1


def test_without_such_a_rule_there_is_nothing_to_give(world, till):
    assert "Give…" not in words_of(looked_up(till, world))
    refused = till.client.post(
        f"{BASE}happenings",
        {"key": "x", "code": static_code(world.noah_card, world.aroma), "act": "gift"},
        headers=HTMX,
    )
    assert refused.status_code == 422
    assert "The programme has changed" in words_of(refused)
    assert points_of(world.aroma, world.noah) == 50


def test_a_tap_counts_once_and_is_kept_with_who_and_where(world, giving):
    first, again = giving(), giving()
    assert (first.status_code, again.status_code) == (201, 200)
    assert "+20 points Noah 70 points" in words_of(first)
    assert points_of(world.aroma, world.noah) == 70
    with tenancy.scope(world.aroma.id):
        kept = Happening.objects.get(trigger="gift")
    assert (kept.channel, kept.location_id, kept.is_static) == ("scanner", world.croix_rousse.id, True)


def test_it_is_taken_back_within_seconds_and_later_by_a_manager(world, giving):
    for key, seconds, by, status in (("a", 1, None, 201), ("b", 31, None, 403), ("b", 31, world.olivia, 201)):
        undo = re.search(r'data-cancels="([^"]+)"', giving(key).content.decode())[1]
        with time_machine.travel(timezone.now() + dt.timedelta(seconds=seconds)):
            who = Till(by or world.sam)
            assert who.client.post(undo, headers=HTMX).status_code == status
    assert points_of(world.aroma, world.noah) == 50


def test_nothing_is_given_to_a_strangers_card_or_without_a_key(world, till, giving):
    assert giving(key="").status_code == 422
    foreign = {"key": "x", "act": "gift", "code": static_code(world.zoe_card, world.bloom)}
    assert till.client.post(f"{BASE}happenings", foreign, headers=HTMX).status_code == 422
    assert till.client.post(f"{BASE}happenings/{new_id()}/cancellation", headers=HTMX).status_code == 404
    assert points_of(world.aroma, world.noah) == 50
