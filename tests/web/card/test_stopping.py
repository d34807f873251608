"""Ending e-mails of one kind from the e-mail itself: one click, no sign-in, and one more to take it back."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from config.subscriptions import SUBSCRIPTIONS
from core import outbox, tenancy
from core.models import Event
from loyalty.membership.leaving import erase_member
from members.links import stop_link
from members.models import Consent
from members.profiles import consent_history, consents_of, set_consent
from tests.web.card.conftest import words_of
from tests.world import buy
from web.card.stopping import TAKEN_BACK_WITHIN


@pytest.fixture
def path(world):
    return path_of(world.aroma, world.mia)


def path_of(merchant, member):
    link = stop_link(member, merchant, Consent.Purpose.POINTS_EMAIL)
    return re.sub(r"^https?://[^/]+", "", link)


def agreed(world):
    with tenancy.scope(world.aroma.id):
        return consents_of(world.mia)["points_email"]


def test_fetching_the_link_changes_nothing(world, client, path):
    assert "An e-mail when points arrive" in words_of(client.get(path))
    assert agreed(world)


def test_a_mail_programs_button_works_without_cookie_or_token(world, path):
    program = Client(enforce_csrf_checks=True)
    response = program.post(path, {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert not agreed(world)


def test_it_can_be_taken_back_and_each_answer_is_kept(world, client, path):
    client.post(path)
    assert "does not send you this any more" in words_of(client.get(path))
    client.post(path, {"again": "on"})
    assert agreed(world)
    with tenancy.scope(world.aroma.id):
        assert [(row.given, row.source) for row in consent_history(world.mia)] == [
            (True, "join"), (False, "letter"), (True, "letter"),
        ]  # fmt: skip


def test_an_old_letter_stops_for_ever_and_agrees_to_nothing(world, client, path, mias_phone):
    client.post(path)
    with time_machine.travel(timezone.now() + TAKEN_BACK_WITHIN + dt.timedelta(seconds=5)):
        page = client.get(path)
        assert "Send them again" not in words_of(page)
        assert "Choose again on your card" in words_of(page)
        assert client.post(path, {"again": "on"}).status_code == 403
        assert not agreed(world)
        mias_phone.post(path, {"again": "on"})  # whose card it is, her own browser knows
        assert agreed(world)


def test_what_was_refused_elsewhere_no_letter_takes_back(world, client, path):
    with tenancy.scope(world.aroma.id):
        set_consent(member=world.mia, purpose=Consent.Purpose.POINTS_EMAIL, given=False, source="card")
    assert client.post(path, {"again": "on"}).status_code == 403
    assert not agreed(world)


def test_going_back_and_forth_ends_with_the_letters_stopped(world, client, path):
    for _time in range(5):
        client.post(path)
        assert client.post(path, {"again": "on"}).status_code == 200
    client.post(path)
    assert client.post(path, {"again": "on"}).status_code == 429
    assert not agreed(world)


def test_after_it_no_points_e_mail_goes_out(world, client, path, post_office):
    client.post(path)
    buy(world.aroma, world.mia, 1250)
    assert post_office(world.aroma) == []


def test_not_even_one_that_was_written_before(world, client, path, post_office):
    buy(world.aroma, world.mia, 1250)
    with tenancy.scope(world.aroma.id):
        [earned] = Event.objects.filter(name="points.earned")
    outbox.deliver(world.aroma.id, earned.id, SUBSCRIPTIONS)
    client.post(path)
    assert post_office(world.aroma) == []


@pytest.mark.parametrize("alter", [lambda path: path[:-2], lambda path: path.replace("/aroma/", "/bloom/")])
def test_an_altered_link_changes_nothing(world, client, path, alter):
    assert client.post(alter(path)).status_code == 410
    assert agreed(world)


def test_an_erased_members_link_says_so(world, client, path):
    with tenancy.scope(world.aroma.id):
        erase_member(member=world.mia, actor="test")
    assert client.post(path).status_code == 410
