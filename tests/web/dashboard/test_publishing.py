"""The draft on the desk: begun by the first change, undone, discarded, published now or on a day, and taken back."""

import datetime as dt

import time_machine

from core import tenancy
from core.ids import new_id
from loyalty.models import Unit
from loyalty.programme import drafting
from loyalty.programme.unit_kinds import new_unit
from loyalty.programme.versions import now_and_next, version_in_force
from loyalty.rehearsal.rehearsing import begin_rehearsal, rehearse
from loyalty.rules.editing import with_unit
from tests.web.dashboard.test_programme import PAGE, version_of
from tests.web.desk import desk_of, drafted, fill, publish, rule_of, text_of
from tests.world import signed_in


def tomorrow() -> str:
    """A day that is to come, wherever the shop is."""
    return (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2)).isoformat()


def test_a_page_without_a_draft_has_no_bar_and_nothing_to_publish(world):
    client = desk_of(world)
    assert "Publish…" not in text_of(client.get(PAGE))
    assert client.get(f"{PAGE}publish/")["Location"] == PAGE


def test_the_page_that_publishes_says_what_changes(world):
    client = desk_of(world)
    fill(client, rule_of(world.aroma), amount="60")
    page = text_of(client.get(f"{PAGE}publish/"))
    assert "Publish version 3" in page
    assert "60 points" in page


def test_a_change_is_undone_and_before_the_first_there_is_no_draft(world):
    client = desk_of(world)
    fill(client, rule_of(world.aroma), amount="60")
    response = client.post(f"{PAGE}undo/", follow=True)
    assert "The last change is undone." in text_of(response)
    assert "Publish…" not in text_of(response)


def test_what_somebody_else_changed_meanwhile_is_neither_undone_nor_published(world):
    client = desk_of(world)
    fill(client, rule_of(world.aroma), amount="60")
    client.post(f"{PAGE}name/", {"name": "Carte Aroma"})
    for act in ("undo", "discard"):
        page = text_of(client.post(f"{PAGE}{act}/", {"revision": "1"}, follow=True))
        assert "has changed the draft meanwhile" in page
    refused = client.post(f"{PAGE}publish/", {"revision": "1"})
    assert refused.status_code == 422
    assert "has changed the draft meanwhile" in text_of(refused)
    assert drafted(world.aroma).name == "Carte Aroma"
    assert version_of(world.aroma) == 2


def test_a_draft_is_published_for_a_day_and_taken_back(world):
    client = desk_of(world)
    fill(client, rule_of(world.aroma), amount="60")
    assert "Version 3 comes into force on" in text_of(publish(client, at=tomorrow(), note="For spring"))
    assert version_of(world.aroma) == 2
    page = text_of(client.get(PAGE))
    assert "Until then members have what you see: version 2." in page
    assert "Take version 3 back?" in page
    again = client.post(f"{PAGE}withdrawal/", {"number": "3"}, follow=True)
    assert "It is taken back, and is a draft again." in text_of(again)
    assert "Publish…" in text_of(again)
    with tenancy.scope(world.aroma.id):
        assert now_and_next().planned is None
    assert "Publish version 4" in text_of(
        client.get(f"{PAGE}publish/")
    )  # the one taken back keeps its number


def test_a_day_that_is_over_is_refused_at_its_field(world):
    client = desk_of(world)
    fill(client, rule_of(world.aroma), amount="60")
    refused = publish(client, at="2020-01-01")
    assert refused.status_code == 422
    assert 'id="publish_at_error"' in text_of(refused)
    assert version_of(world.aroma) == 2


def test_what_was_rehearsed_is_said_in_the_bar_until_the_draft_changes(world):
    client = desk_of(world)
    fill(client, rule_of(world.aroma), amount="60")
    assert "Rehearsed on 90 days" not in text_of(client.get(PAGE))
    with tenancy.scope(world.aroma.id):
        asked = begin_rehearsal(merchant=world.aroma, actor=None)
    rehearse(merchant=world.aroma, rehearsal_id=asked.id, prizes={})
    assert "Rehearsed on 90 days: 2 members gain, 0 lose" in text_of(client.get(PAGE))
    fill(client, rule_of(world.aroma), amount="70")
    assert "Rehearsed on 90 days" not in text_of(client.get(PAGE))


def test_numbers_that_are_none_change_nothing(world):
    client = desk_of(world)
    fill(client, rule_of(world.aroma), amount="60")
    for number in ("-1", "9" * 5000, "٣", "x"):
        assert client.post(f"{PAGE}withdrawal/", {"number": number}).status_code == 302
        assert client.post(f"{PAGE}publish/", {"revision": number}).status_code == 422
    assert version_of(world.aroma) == 2


def test_a_cashier_neither_publishes_nor_discards(world):
    fill(desk_of(world), rule_of(world.aroma), amount="60")
    for act in ("publish", "undo", "discard", "withdrawal"):
        assert signed_in(world.sam).post(f"{PAGE}{act}/").status_code == 403
        assert signed_in(world.petra).post(f"{PAGE}{act}/").status_code == 404
    assert drafted(world.aroma).number == 0


def test_a_version_that_nobody_could_put_in_force_is_said_and_the_first_change_takes_it_back(world):
    client = desk_of(world)
    with tenancy.scope(world.aroma.id):
        new = new_unit("stamps", str(new_id()), version_in_force())
        change = {"merchant": world.aroma, "change": lambda version: with_unit(version, new)}
        drafting.change_draft(**change, actor=None)
        day = dt.date.fromisoformat(tomorrow())
        stuck = drafting.publish_draft(merchant=world.aroma, actor=None, at=day)
        Unit.objects.create(id=new_id(), code="stamps", names=new.names)  # the tables are not what they were
    assert "could not" not in text_of(client.get(PAGE))
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=4)):
        client = desk_of(world)
        page = text_of(client.get(PAGE))
        assert f"Version {stuck.number} was to come into force on" in page
        page = text_of(client.post(f"{PAGE}withdrawal/", {"number": stuck.number}, follow=True))
        assert "was to come into force on" not in page
        assert "Publish…" in page
        assert version_of(world.aroma) == stuck.number - 1
