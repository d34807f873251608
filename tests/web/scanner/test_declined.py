"""What the till was declined stays declined under its key, in the words that the cashier read."""

import datetime as dt

import orjson
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id, read_id
from core.models import Answer
from loyalty.purchases.cancelling import cancel_purchase
from members.cards import rotating_code, static_code
from tests.web.scanner.conftest import words_of
from tests.world import buy, points_of


def test_a_code_that_has_served_is_declined_again_in_the_same_words(world, till):
    code, key = rotating_code(world.mia_card, world.aroma), new_id()
    till.stamp(code, "12")
    first, again = till.stamp(code, "12", key), till.stamp(code, "12", key)
    assert (first.status_code, again.status_code) == (409, 409)
    assert "Already scanned" in words_of(first) == words_of(again)
    assert points_of(world.aroma, world.mia) == 1218
    with tenancy.scope(world.aroma.id):
        assert Answer.objects.filter(status=409).count() == 1


def test_what_would_count_by_now_stays_declined_and_another_scan_counts(world, till):
    in_an_hour = timezone.now() + dt.timedelta(hours=1)
    code, key = rotating_code(world.mia_card, world.aroma, now=in_an_hour.timestamp()), new_id()
    first = till.stamp(code, "12", key)
    assert "Code too old" in words_of(first)
    with time_machine.travel(in_an_hour):
        assert words_of(till.stamp(code, "12", key)) == words_of(first)
        assert points_of(world.aroma, world.mia) == 1200
        assert till.stamp(code, "12").status_code == 201


def test_another_scan_under_a_declined_key_is_a_conflict(world, till):
    code, key = rotating_code(world.mia_card, world.aroma), new_id()
    till.stamp(code, "12")
    till.stamp(code, "12", key)
    response = till.stamp(static_code(world.mia_card, world.aroma), "12", key)
    assert response.status_code == 409
    assert "Already sent" in words_of(response)
    assert points_of(world.aroma, world.mia) == 1218


def test_an_undo_that_came_too_late_says_so_however_often_it_is_pressed(world, till):
    purchase_id = read_id("pur", orjson.loads(buy(world.aroma, world.mia, 1_200))["id"])
    with tenancy.scope(world.aroma.id):
        cancel_purchase(merchant=world.aroma, purchase_id=purchase_id, key=new_id(), actor_id=None)
    till.client.force_login(world.olivia, backend="allauth.account.auth_backends.AuthenticationBackend")
    pressed = [till.client.post(f"{till.base}purchases/{purchase_id}/cancellation") for _time in range(2)]
    assert [answer.status_code for answer in pressed] == [409, 409]
    assert "Already undone" in words_of(pressed[0]) == words_of(pressed[1])
