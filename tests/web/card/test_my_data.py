"""Everything of one member, in one file: complete, readable, in its language, and nobody else's."""

import io
import json
import zipfile

import pytest

from core import tenancy
from core.ids import new_id
from integrations.notifications.models import Message
from loyalty import joining
from loyalty.earning import NewPurchase, record_purchase
from loyalty.happening import record_happening
from members import profiles
from members.cards import Scanned
from tests.analytics.test_rollups import deliver_all
from tests.web.card.conftest import phone_of

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
        ("en", ("A visit, market day", "Tip: €1.00", "Paid: by card", "What else happened")),
        ("fr", ("Une visite, market day", "Pourboire", "par carte", "Autres événements")),
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
