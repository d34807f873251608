"""The rehearsal on the desk: asked for, shown while it is played, and read."""

import dataclasses
import datetime as dt
import re

from django.utils import timezone

from config.tasks import rehearse, rehearse_waiting
from core import tenancy
from loyalty import drafting
from loyalty.history import PastPurchase, record_history
from loyalty.models import Rehearsal
from loyalty.rules.types import Version
from tests.loyalty.ruled import per_euro
from tests.web.desk import desk_of, publish, text_of, trips
from tests.world import make_world, signed_in
from web.dashboard.rehearsal import MOST_REHEARSALS

PAGE = "/dashboard/aroma/programme/rehearsal/"


def double_points(world):
    """A draft with two points a euro, and a purchase of Noah's that would have had them."""
    aroma = world.aroma

    def doubled(version: Version) -> Version:
        return dataclasses.replace(version, rules=(per_euro(aroma, "double", amount=2),))

    with tenancy.scope(aroma.id):
        past = PastPurchase(world.noah.id, 4_000, timezone.now() - dt.timedelta(days=3))
        list(record_history(merchant=aroma, purchases=[past]))
        drafting.change_draft(merchant=aroma, change=doubled, actor=None)


def play(world) -> None:
    """What a worker does with what waits."""
    with tenancy.scope(world.aroma.id):
        waiting = Rehearsal.objects.get(finished_at=None)
    rehearse(str(world.aroma.id), str(waiting.id))


def test_a_draft_is_rehearsed_and_shown_beside_what_was(world):
    double_points(world)
    client = desk_of(world)
    assert "Nothing was rehearsed yet" in text_of(client.get(PAGE))
    asked = text_of(client.post(PAGE, follow=True))
    assert "Playing it through" in asked
    assert 'hx-trigger="every 1s"' in asked
    play(world)
    shown = text_of(client.get(PAGE))
    assert "hx-trigger" not in shown.partition('id="state"')[2]
    # Given: 40 to Noah and 1,150 to Mia (500, 649 and 1), and the two of them 50 for joining.
    assert re.search(r">\s*1,290\s*</td>", shown)
    # By the draft Mia has 1,000 + 1,299 + 3, and Noah 80: less than the 40 and the 50 for joining that it leaves out.
    assert "1 member gains, 1 member loses." in shown
    assert f"/dashboard/aroma/members/{world.noah.id}/" in shown
    assert "€40.00" in shown


def test_a_rehearsal_goes_on_when_the_page_is_closed_and_is_there_for_whoever_comes_next(world):
    double_points(world)
    desk_of(world).post(PAGE)
    play(world)
    assert "What changes most" in text_of(signed_in(world.olivia).get(PAGE))


def test_a_rehearsal_says_when_the_draft_has_moved_on(world):
    double_points(world)
    client = desk_of(world)
    client.post(PAGE)
    play(world)
    with tenancy.scope(world.aroma.id):
        drafting.change_draft(
            merchant=world.aroma, change=lambda one: dataclasses.replace(one, name="Another"), actor=None
        )
    assert "The draft was changed since." in text_of(client.get(PAGE))
    publish(client)
    assert "This draft is published or discarded." in text_of(client.get(PAGE))


def test_without_a_draft_there_is_nothing_to_rehearse(world):
    client = desk_of(world)
    assert "what is in force needs no rehearsal" in text_of(client.get(PAGE))
    assert "There is no draft." in text_of(client.post(PAGE, follow=True))


def test_a_rehearsal_that_fails_says_so(world):
    double_points(world)
    client = desk_of(world)
    client.post(PAGE)
    with tenancy.scope(world.aroma.id):
        Rehearsal.objects.update(finished_at=timezone.now())
    assert "It could not be played to its end." in text_of(client.get(PAGE))


def test_a_page_of_results_needs_few_trips(world):
    double_points(world)
    client = desk_of(world)
    client.post(PAGE)
    play(world)
    assert trips(client, PAGE) <= 16


def test_rehearsals_are_asked_for_so_often_an_hour(world):
    double_points(world)
    client = desk_of(world)
    answers = [client.post(PAGE).status_code for _again in range(MOST_REHEARSALS + 1)]
    assert answers == [302] * MOST_REHEARSALS + [429]


def test_a_message_names_the_lease_it_is_for_and_waits_no_longer(committed_db, monkeypatch):
    world, queued = make_world(), []
    double_points(world)
    desk_of(world).post(PAGE)
    monkeypatch.setattr(rehearse, "apply_async", lambda asked, **options: queued.append((asked, options)))
    assert rehearse_waiting() == 1
    with tenancy.scope(world.aroma.id):
        waiting = Rehearsal.objects.get()
    asked = (str(world.aroma.id), str(waiting.id), waiting.seen_at)
    [((merchant, rehearsal, leased_at), options)] = queued
    assert (merchant, rehearsal, dt.datetime.fromisoformat(leased_at)) == asked
    assert options == {"expires": 60}
    rehearse(merchant, rehearsal, leased_at)
    with tenancy.scope(world.aroma.id):
        assert Rehearsal.objects.get().status == "done"


def test_a_cashier_rehearses_nothing(world):
    double_points(world)
    assert signed_in(world.sam).get(PAGE).status_code == 403
    assert signed_in(world.sam).post(PAGE).status_code == 403
    with tenancy.scope(world.aroma.id):
        assert not Rehearsal.objects.exists()
