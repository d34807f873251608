"""Everything of one member, in one file: complete, readable, in its language, and nobody else's."""

import datetime as dt
import io
import json
import zipfile
from typing import get_args

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id, read_id
from integrations.notifications.models import Kind, Message
from loyalty.happenings.happening import record_happening
from loyalty.happenings.taking_back import cancel_happening
from loyalty.membership import joining
from loyalty.purchases.earning import NewPurchase, record_purchase
from loyalty.rules.types import Trigger
from loyalty.standings.reviewing import review_shop
from members import profiles
from members.cards import Scanned
from studio.links import NewLink, make_link
from tests.analytics.test_rollups import deliver_all
from tests.loyalty.standings.test_climbing import climb_by
from tests.web.card.conftest import phone_of
from tests.web.dashboard.test_member_story import story
from tests.web.desk import desk_of, text_of
from tests.world import buy
from web.acts import say_happening
from web.card.my_data import Telling

DATA = "/c/aroma/me/data.zip"


def files_of(response):
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        return {name.rpartition(".")[2]: archive.read(name).decode() for name in archive.namelist()}


def test_it_holds_profile_consents_purchases_statement_and_messages(world, mias_phone):
    deliver_all(world.aroma)
    response = mias_phone.get(DATA)
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="aroma-')
    data = json.loads(files_of(response)["json"])
    assert (data["profile"]["name"], data["profile"]["email"]) == ("Mia", "mia@example.org")
    assert [(row["purpose"], row["given"]) for row in data["consents"]] == [("points_email", True)]
    assert [row["amount"] for row in data["purchases"]] == ["1.00", "433.00", "500.00"]
    assert data["purchases"][1]["reasons"] == ["433 × 1.5 (Gold)"]
    assert [row["balance"] for row in data["statement"]] == [1200, 1199, 550, 50]
    with tenancy.scope(world.aroma.id):
        assert len(data["messages"]) == Message.objects.filter(member=world.mia).count() > 0


def test_it_tells_by_which_printed_code_one_came(world, mias_phone):
    with tenancy.scope(world.aroma.id):
        link = make_link(asked=NewLink("join", "Window"), actor_id=None)
        ada = joining.enrol_member(
            merchant=world.aroma, name="Ada", phone="+33611223344", source="join", link_id=link.id
        )
    deliver_all(world.aroma)
    adas = files_of(phone_of(world.aroma, ada.member).get(DATA))
    assert json.loads(adas["json"])["came_by_the_code"] == "Window"
    assert "by the printed code “Window”" in adas["html"]
    assert json.loads(files_of(mias_phone.get(DATA))["json"])["came_by_the_code"] is None


def test_it_tells_of_friends_without_naming_them(world, mias_phone):
    with tenancy.scope(world.aroma.id):
        ada = joining.enrol_member(
            merchant=world.aroma, name="Ada", phone="+33611223344", source="join", referred_by=world.mia
        )
    mias = files_of(mias_phone.get(DATA))
    assert json.loads(mias["json"])["friends"] == {"brought": 1, "came_by_a_friend": False}
    assert "Friends brought" in mias["html"]
    adas = files_of(phone_of(world.aroma, ada.member).get(DATA))
    assert json.loads(adas["json"])["friends"] == {"brought": 0, "came_by_a_friend": True}
    assert "Ada" not in "".join(mias.values())
    assert "Mia" not in "".join(adas.values())


def test_people_read_it_in_their_language(world, mias_phone):
    with tenancy.scope(world.aroma.id):
        profiles.change_profile(
            member=world.mia, merchant=world.aroma, changes={"locale": "fr"}, actor="test"
        )
    page = files_of(mias_phone.get(DATA))["html"]
    assert '<html lang="fr">' in page
    for words in (
        "Mes données chez Aroma",
        "1 200 points".replace(" ", "\u202f", 1),
        "500,00\xa0€",
        "433 × 1,5 (Gold)",
    ):
        assert words in page
    assert "http" not in page  # it loads nothing and leads nowhere


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", ("A visit: market day", "Tip: €1.00", "Paid: by card", "What else happened")),
        ("fr", ("Une visite\u202f: market day", "Pourboire\u202f: 1,00", "par carte", "Autres événements")),
    ],
)
def test_it_tells_of_happenings_and_of_the_bill(world, mias_phone, locale, words):
    with tenancy.scope(world.aroma.id):
        changes = {"locale": locale}
        profiles.change_profile(member=world.mia, merchant=world.aroma, changes=changes, actor="test")
        who = Scanned(member_id=world.mia.id)
        record_happening(
            merchant=world.aroma, who=who, trigger="visit", name="Market day", key=new_id(), asked=1
        )
    bill = {"tip_minor": 100, "payment": "card"}
    bought = NewPurchase(who=who, amount_minor=1250, channel="api", asked=[2], bill=bill)
    record_purchase(merchant=world.aroma, bought=bought, key=new_id())
    files = files_of(mias_phone.get(DATA))
    data = json.loads(files["json"])
    told = data["happenings"][-1]
    assert (told["type"], told["name"], told["reasons"]) == ("visit", "market day", [])
    newest = data["purchases"][0]
    assert (newest["tip"], newest["tax"], newest["payment"]) == ("1.00", "0.00", "card")
    for word in words:
        assert word in files["html"]


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "A gift, Croix-Rousse, by the team (taken back)"),
        ("fr", "Un cadeau, Croix-Rousse, par l’équipe (annulation)"),
    ],
)
def test_it_tells_where_and_how_something_happened_and_that_it_was_taken_back(
    world, mias_phone, locale, words
):
    with tenancy.scope(world.aroma.id):
        changes = {"locale": locale}
        profiles.change_profile(member=world.mia, merchant=world.aroma, changes=changes, actor="test")
        told = record_happening(
            merchant=world.aroma, who=Scanned(member_id=world.mia.id), trigger="gift", key=new_id(), asked=1,
            actor_id=new_id(), location_id=world.croix_rousse.id, channel="desk",
        )  # fmt: skip
        gift = read_id("evt", json.loads(told.body)["id"])
        cancel_happening(merchant=world.aroma, happening_id=gift, key=new_id(), actor_id=None)
    files = files_of(mias_phone.get(DATA))
    row = json.loads(files["json"])["happenings"][-1]
    assert (row["location"], row["channel"]) == ("Croix-Rousse", "desk")
    assert words in files["html"]


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", (">Came to “latte art”<", ">“blood donor”<", ">Wrote a review<")),
        ("fr", (">Présence : « latte art »<", ">« blood donor »<", ">Avis publié<")),
    ],
)
def test_it_says_what_happened_in_a_members_words(world, mias_phone, locale, words):
    """Not in those of who builds the programme, where “An event of your own” is one to choose."""
    with tenancy.scope(world.aroma.id):
        changes = {"locale": locale}
        profiles.change_profile(member=world.mia, merchant=world.aroma, changes=changes, actor="test")
        for trigger, name in (("attendance", "Latte art"), ("custom", "Blood donor"), ("review", "")):
            who = Scanned(member_id=world.mia.id)
            record_happening(merchant=world.aroma, who=who, trigger=trigger, name=name, key=new_id(), asked=1)
    page = files_of(mias_phone.get(DATA))["html"].replace("\u202f", " ").replace("\xa0", " ")
    assert [word for word in words if word not in page] == []


@pytest.mark.parametrize("trigger", sorted({*get_args(Trigger)} - {"purchase"}))
def test_it_has_words_for_everything_that_can_happen(trigger):
    assert say_happening(trigger, "")
    assert "latte art" in say_happening(trigger, "latte art")


LETTERS = {
    "points": "E-mail about new points",
    "confirmation": "E-mail to prove the address",
    "moved": "E-mail to the address before",
    "tier_warning": "E-mail about a tier in danger",
    "voucher": "E-mail with a voucher",
}


@pytest.mark.parametrize("kind", get_args(Kind))
def test_it_says_of_each_letter_what_the_desk_says_of_it(world, mias_phone, kind):
    with tenancy.scope(world.aroma.id):
        Message.objects.all().delete()
        Message.objects.create(member=world.mia, kind=kind, event_id=new_id())
    files = files_of(mias_phone.get(DATA))
    assert [letter["said"] for letter in json.loads(files["json"])["messages"]] == [LETTERS[kind]]
    assert LETTERS[kind] in files["html"]
    assert LETTERS[kind] in text_of(desk_of(world).get(story(world.mia), {"show": "messages"}))


def test_it_tells_for_which_day_a_tier_was_said_to_be_lost(world, mias_phone):
    climb_by(world.aroma, 10_000, 30_000, window="calendar_year", downgrade="one_step", warn_days=30)
    december = timezone.now().replace(month=12, day=15)
    with time_machine.travel(december.replace(year=december.year + 1)):
        phone = phone_of(world.aroma, world.mia)
        buy(world.aroma, world.mia, 26_200)  # which finds that the tier is to be looked at
        review_shop(world.aroma.id)
        files = files_of(phone.get(DATA))
    standing = json.loads(files["json"])["standing"]
    assert (standing["warned_for"], standing["keep"]["more"]) == (f"{december.year + 2}-01-01", "38.00")
    assert "Spend €38 more by 31 December to stay Friend" in files["html"]


def test_it_tells_of_tiers_that_were_lost(world, mias_phone):
    climb_by(world.aroma, 10_000, 30_000, window="calendar_year", downgrade="one_step", warn_days=30)
    buy(world.aroma, world.mia, 30_000)
    now = timezone.now()
    for moment in (
        now.replace(year=now.year + 1, month=12, day=15),
        now.replace(year=now.year + 2, month=1, day=2),
    ):
        with time_machine.travel(moment):
            review_shop(world.aroma.id)
            deliver_all(world.aroma)
            phone = phone_of(world.aroma, world.mia)
    with time_machine.travel(moment):
        files = files_of(phone.get(DATA))
    _lifted, warned, lost = json.loads(files["json"])["tiers"]
    assert (warned["tier"], warned["lost_on"]) == ("Friend", f"{now.year + 2}-01-01")
    assert (lost["before"], lost["tier"]) == ("Friend", "Regular")
    for words in (
        "What became of my tier",
        "No longer Friend. It was not earned again. Regular from that day on.",
    ):
        assert words in files["html"]


@pytest.mark.parametrize(("locale", "said"), [("en", "1 June 2027, 18:05"), ("fr", "1er juin 2027, 18:05")])
def test_it_says_moments_as_people_of_the_shop_write_them(world, locale, said):
    with (
        time_machine.travel(dt.datetime(2027, 6, 1, 16, 5, tzinfo=dt.UTC), tick=False),
        tenancy.scope(world.aroma.id),
    ):
        ada = joining.enrol_member(
            merchant=world.aroma, name="Ada", source="join", phone="+33611223344", locale=locale
        )
        telling = Telling(ada.member, world.aroma, locale, is_proven=True, is_own=True)
        assert telling.everything()["profile"]["joined"]["said"] == said


def test_it_holds_no_code_and_nobody_else(world, mias_phone):
    everything = "".join(files_of(mias_phone.get(DATA)).values())
    for secret in (
        world.mia_card.spoken_code,
        str(world.mia_card.serial),
        "/q/",
        "/link/",
        "Noah",
        "+33698765432",
        "Zoe",
    ):
        assert secret not in everything


def test_it_is_given_a_few_times_an_hour(world):
    phone = phone_of(world.aroma, world.noah)
    assert [phone.get(DATA).status_code for _again in range(7)] == [200] * 6 + [429]


def test_a_stranger_gets_the_door(world, client):
    assert client.get(DATA).url == "/c/aroma/join"
