"""The till's page: where it stands, what it scanned last, who may be at it."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from loyalty.models import Purchase
from members.cards import static_code
from merchants import locations
from rewards.vouchers import issue_voucher, vouchers_of
from tests.web.dashboard.rewards.desk import a_reward
from tests.web.scanner.conftest import Till, words_of


@pytest.fixture
def bellecour(world):
    with tenancy.scope(world.aroma.id):
        return locations.add_location(name="Bellecour")


def test_one_location_is_simply_named_and_several_are_a_choice(world, till):
    assert 'name="location"' not in till.open().content.decode()
    with tenancy.scope(world.aroma.id):
        locations.add_location(name="Bellecour")
    page = till.open().content.decode()
    assert 'name="location"' in page
    assert "Bellecour" in page


def test_the_chosen_location_is_where_the_next_purchase_happens(world, till, bellecour):
    till.client.post("/scan/aroma/location", {"location": str(bellecour.id)})
    till.stamp(static_code(world.mia_card, world.aroma), "5")
    with tenancy.scope(world.aroma.id):
        assert Purchase.objects.get(channel="scanner").location_id == bellecour.id


def test_a_location_that_is_not_aromas_changes_nothing(world, till, bellecour):
    till.client.post("/scan/aroma/location", {"location": str(bellecour.id)})
    for wanted in (str(world.bloom_shop.id), "", "nonsense", "\x00"):
        till.client.post("/scan/aroma/location", {"location": wanted})
    assert "selected>Bellecour" in till.open().content.decode()


def test_a_location_that_closed_is_told_and_chosen_anew(world, till, bellecour):
    till.client.post("/scan/aroma/location", {"location": str(bellecour.id)})
    with tenancy.scope(world.aroma.id):
        bellecour.closed_at = bellecour.created_at
        bellecour.save(update_fields=["closed_at"])
    response = till.stamp(static_code(world.mia_card, world.aroma), "5")
    assert response.status_code == 422
    assert "Choose the location again" in words_of(response)
    till.open()
    assert till.stamp(static_code(world.mia_card, world.aroma), "5").status_code == 201


def test_the_last_scans_are_this_cashiers_at_this_location(world, till, bellecour):
    Till(world.olivia).stamp(static_code(world.mia_card, world.aroma), "9")
    till.stamp(static_code(world.noah_card, world.aroma), "4.20")
    said = words_of(till.open())
    assert "Noah €4.20 +4" in said
    assert "€9.00" not in said
    till.client.post("/scan/aroma/location", {"location": str(bellecour.id)})
    assert "€4.20" not in words_of(till.open())


def test_what_was_handed_over_is_among_the_last_however_long_its_voucher_had_waited(world, till):
    reward = a_reward(world.aroma, cost=5)
    asked = {"merchant": world.aroma, "actor_id": None}
    with time_machine.travel(timezone.now() - dt.timedelta(days=90)), tenancy.scope(world.aroma.id):
        issue_voucher(reward_id=reward.id, member_id=world.noah.id, days=100, key=new_id(), **asked)
        code = vouchers_of(world.noah, world.aroma)[0].code
    till.client.post("/scan/aroma/captures", {"code": code, "key": str(new_id())})
    assert f"Noah {reward.names['en']}" in words_of(till.open())


def test_cashiers_and_owners_scan_and_strangers_find_nothing(world, client):
    assert Till(world.sam).open().status_code == 200
    assert Till(world.olivia).open().status_code == 200
    assert Till(world.petra).open().status_code == 404
    assert Till(world.sam, "bloom").open().status_code == 404
    assert client.get("/scan/aroma/").status_code == 302


def test_the_page_may_use_the_camera_and_is_never_kept(world, till):
    response = till.open()
    assert "camera=(self)" in response.headers["Permissions-Policy"]
    assert "no-store" in response.headers["Cache-Control"]
    assert " style=" not in response.content.decode()
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]


def test_each_page_without_javascript_has_a_key_of_its_own(world, till):
    keys = {re.search(r'name="key" value="([^"]{36})"', till.open().content.decode())[1] for _i in range(3)}
    assert len(keys) == 3


def test_the_page_costs_few_queries_however_many_were_scanned(world, till):
    for _i in range(5):
        till.stamp(static_code(world.mia_card, world.aroma), "1", new_id())
    till.open()
    with CaptureQueriesContext(connection) as queries:
        till.open()
    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    # Session, user, merchant, scope and back, staff member, locations, last scans and what was handed over.
    assert len(asked) == 10, "\n".join(asked)
