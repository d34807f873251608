"""What the file of one's own data and the card tell of two members who became one, perhaps by mistake, and to whom."""

import datetime as dt
import io
import json
import zipfile

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from loyalty.happenings.happening import record_happening
from loyalty.units.adjusting import adjust_units
from members.cards import Scanned
from members.tags import set_tags
from tests.analytics.test_rollups import deliver_all
from tests.web.card.conftest import phone_of, prove, words_of
from tests.web.card.test_merged import CARD, merge
from tests.world import buy


def data_files(phone):
    """The two files of the ZIP by their kind."""
    with zipfile.ZipFile(io.BytesIO(phone.get("/c/aroma/me/data.zip").content)) as archive:
        return {name.rpartition(".")[2]: archive.read(name).decode() for name in archive.namelist()}


def test_the_data_file_holds_what_is_known_of_both_cards_for_who_proved_to_be_the_member(
    world, double, mias_phone
):
    buy(world.aroma, double, 10_000)
    merge(world, world.mia, double)
    deliver_all(world.aroma)
    prove(mias_phone, world.aroma, world.mia)
    files = data_files(mias_phone)
    data = json.loads(files["json"])
    assert [line["amount"] for line in data["purchases"]] == ["100.00", "1.00", "433.00", "500.00"]
    [other] = data["other_cards"]
    assert other["profile"]["email"] == "two@example.org"
    assert [line["amount"] for line in other["statement"]] == [-150, 100, 50]
    assert "A card that became one with this one: Mia Two" in files["html"]


def test_the_data_file_for_a_phone_without_proof_holds_nothing_personal_of_the_other_card(
    world, double, mias_phone
):
    merge(world, world.mia, double)
    files = data_files(mias_phone)
    assert "other_cards" not in json.loads(files["json"])
    assert all("two@example.org" not in text and "Mia Two" not in text for text in files.values())


def test_what_the_shop_says_of_the_other_card_is_told_with_that_card_and_only_after_a_proof(
    world, double, mias_phone
):
    """Two who were merged by mistake: what was noted of one of them is not told to the other's phone."""
    with tenancy.scope(world.aroma.id):
        set_tags(member=world.mia, tags=["vip"], actor="olivia")
        set_tags(member=double, tags=["diabetic", "vip"], actor="olivia")
        record_happening(
            merchant=world.aroma, who=Scanned(member_id=double.id), trigger="visit", name="Wine tasting",
            key=new_id(), asked=1,
        )  # fmt: skip
    merge(world, world.mia, double)
    said = data_files(mias_phone)
    assert [tag["tag"] for tag in json.loads(said["json"])["tags"]] == ["vip"]
    assert all("diabetic" not in text and "wine tasting" not in text for text in said.values())
    prove(mias_phone, world.aroma, world.mia)
    said = data_files(mias_phone)
    data = json.loads(said["json"])
    assert [tag["tag"] for tag in data["tags"]] == ["vip"]
    assert {tag["tag"] for tag in data["other_cards"][0]["tags"]} == {"vip", "diabetic"}
    assert "Tag: diabetic" in said["html"]
    assert "A visit: wine tasting" in said["html"]


def test_the_merged_phone_is_not_told_what_the_shop_says_of_the_one_who_stays(world, double):
    theirs = phone_of(world.aroma, double)
    with tenancy.scope(world.aroma.id):
        set_tags(member=world.mia, tags=["diabetic"], actor="olivia")
    merge(world, world.mia, double)
    assert all("diabetic" not in text for text in data_files(theirs).values())
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        prove(theirs, world.aroma, world.mia)
        assert all("diabetic" in text for text in data_files(theirs).values())


@pytest.fixture
def noted(world):
    """What the shop wrote about Mia: a reason, and what she came to."""
    with tenancy.scope(world.aroma.id):
        why = "diabetic, sorry for the sugar"
        adjust_units(member_id=world.mia.id, unit="points", amount=5, reason=why, key=new_id(), actor_id=None)
        for trigger, name in (("attendance", "Groupe Diabète"), ("custom", "Blood donor")):
            who = Scanned(member_id=world.mia.id)
            record_happening(
                merchant=world.aroma, who=who, trigger=trigger, name=name, key=new_id(), asked=1, channel="desk",
                actor_id=new_id(),
            )  # fmt: skip


TOLD_IN_CONFIDENCE = ("diabetic", "groupe diabète", "blood donor", "+33612345678", "mia@example.org")


def test_the_merged_phone_is_told_neither_notes_nor_happenings_nor_addresses_of_the_one_who_stays(
    world, double, noted
):
    theirs = phone_of(world.aroma, double)
    merge(world, world.mia, double)
    files = data_files(theirs)
    assert [(word, kind) for word in TOLD_IN_CONFIDENCE for kind in files if word in files[kind]] == []
    data = json.loads(files["json"])
    assert (data["happenings"], data["tiers"], data["standing"]["warned_for"]) == ([], [], None)
    assert (data["profile"]["name"], data["profile"]["birthday"]) == ("Mia", None)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        prove(theirs, world.aroma, world.mia)
        files = data_files(theirs)
        assert [word for word in TOLD_IN_CONFIDENCE if word not in files["json"]] == []


@pytest.mark.parametrize("path", [CARD, "/c/aroma/history", "/c/aroma/live"])
def test_the_merged_phone_shows_no_note_on_the_one_who_stays(world, double, noted, mias_phone, path):
    theirs = phone_of(world.aroma, double)
    merge(world, world.mia, double)
    assert "Corrected by hand" in words_of(theirs.get(path))
    assert "diabetic" not in words_of(theirs.get(path))
    assert "diabetic" in words_of(mias_phone.get(path))
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        prove(theirs, world.aroma, world.mia)
        assert "diabetic" in words_of(theirs.get(path))


ME = "/c/aroma/me"
WIPING = {"name": "Mallory", "phone": "+33699999999", "email": "", "locale": "en"}


def test_the_merged_phone_is_shown_no_form_of_the_one_who_stays_and_changes_nothing_before_a_proof(
    world, double, mias_phone
):
    theirs = phone_of(world.aroma, double)
    merge(world, world.mia, double)
    page = theirs.get(ME).content.decode()
    assert [word for word in ("+33612345678", "mia@example.org", 'name="phone"') if word in page] == []
    assert "Show that it is you" in page
    assert theirs.post(ME, WIPING).status_code == 409
    assert 'value="mia@example.org"' in mias_phone.get(ME).content.decode()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        prove(theirs, world.aroma, world.mia)
        assert 'value="mia@example.org"' in theirs.get(ME).content.decode()
