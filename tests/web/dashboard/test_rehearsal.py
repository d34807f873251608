"""The rehearsal on the desk: asked for, shown while it is played, and read."""

import dataclasses
import datetime as dt
import re
from functools import partial

from django.utils import timezone

from config.tasks import rehearse, rehearse_waiting
from core import tenancy
from core.models import Event
from loyalty.models import Rehearsal
from loyalty.programme import drafting, publishing
from loyalty.programme.versions import version_in_force
from loyalty.purchases.history import PastPurchase, record_history
from loyalty.rules.types import Version, Worth
from tests.loyalty.ruled import per_euro
from tests.rewards.offering import offered
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


def rehearsed(world):
    """A draft of two points a euro, rehearsed, and a reward for 100 points."""
    with tenancy.scope(world.aroma.id):
        unit = version_in_force().units[0]
        offered(name="Cake", unit_id=unit.id, cost=100, stock=None, actor=None)
    double_points(world)
    client = desk_of(world)
    client.post(PAGE)
    play(world)
    return client


def test_what_is_given_is_told_in_money_by_what_the_cheapest_reward_costs(world):
    client = rehearsed(world)
    asked = text_of(client.get(PAGE))
    assert "What one “Cake” costs you" in asked
    assert "What that costs you" not in asked
    told = text_of(client.get(PAGE, {"each-points": "2.50"}))
    assert "“Cake” is had for 100 points and costs you €2.50." in told
    assert re.search(r">\s*€32.25\s*</td>", told)  # 1,290 points as it was
    refused = text_of(client.get(PAGE, {"each-points": "a lot"}))
    assert 'aria-invalid="true"' in refused
    assert "What that costs you" not in refused


def test_what_is_given_is_told_in_money_by_what_points_are_worth_on_a_bill(world):
    with tenancy.scope(world.aroma.id):
        change = partial(worth, units=100, minor=500)
        publishing.change_programme(merchant=world.aroma, change=change, actor=None)
    told = text_of(rehearsed(world).get(PAGE))
    assert "100 points = €5.00." in told
    assert "What one “Cake” costs you" not in told
    assert re.search(r">\s*€64.50\s*</td>", told)


def worth(version: Version, *, units: int, minor: int) -> Version:
    """So much for so many points."""
    point = dataclasses.replace(version.units[0], worth=Worth(units, minor))
    return dataclasses.replace(version, units=(point, *version.units[1:]))


def test_how_many_could_take_which_reward_is_told_by_its_name(world):
    page = text_of(rehearsed(world).get(PAGE))
    assert "How many members could take it" in page
    assert "Cake, 100 points" in page


def test_everybody_who_gains_or_loses_is_on_a_list_of_its_own(world):
    client = rehearsed(world)
    assert f'href="{PAGE}members/?list=more-points"' in text_of(client.get(PAGE))
    gaining = text_of(client.get(f"{PAGE}members/"))
    assert f"/dashboard/aroma/members/{world.mia.id}/" in gaining
    assert f"/dashboard/aroma/members/{world.noah.id}/" not in gaining
    losing = text_of(client.get(f"{PAGE}members/?list=less-points&page=77"))
    assert f"/dashboard/aroma/members/{world.noah.id}/" in losing
    assert "1–1 of 1" in losing


def test_the_lists_are_a_file_too_and_who_took_it_is_kept(world):
    client = rehearsed(world)
    with tenancy.scope(world.aroma.id):
        world.noah.name = "=Noah"
        world.noah.save()
    lines = b"".join(client.post(f"{PAGE}members/export/").streaming_content).decode().splitlines()
    assert lines[0] == "\ufeffname,phone,email,points_more,tier_now,tier_by_draft"
    assert sorted(line.split(",")[0] for line in lines[1:]) == ["'=Noah", "Mia"]
    with tenancy.scope(world.aroma.id):
        assert Event.objects.filter(name="members.exported").count() == 1


def test_a_list_without_a_rehearsal_leads_to_the_rehearsal(world):
    assert desk_of(world).get(f"{PAGE}members/").url == PAGE
    assert signed_in(world.sam).post(f"{PAGE}members/export/").status_code == 403
