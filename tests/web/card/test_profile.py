"""What a member may change of itself."""

import re

import pytest

from core import tenancy
from integrations.notifications.models import Message
from members.profiles import consents_of
from members.referring import friend_code
from merchants import locations
from tests.loyalty.happenings.test_greeting import flat
from tests.loyalty.ruled import with_rules
from tests.web.card.conftest import phone_of, prove, words_of
from web.card.session import COOKIE

ME, PROOF_PAGE = "/c/aroma/me", "/c/aroma/me/proof"
MIA = {"name": "Mia", "phone": "+33612345678", "email": "mia@example.org", "locale": "en", "birthday": ""}


@pytest.fixture
def kept(world):
    def read():
        with tenancy.scope(world.aroma.id):
            world.mia.refresh_from_db()
            return world.mia, consents_of(world.mia)

    return read


def test_the_form_shows_what_is_known(world, mias_phone):
    page = mias_phone.get(ME).content.decode()
    for known in ("Mia", "+33612345678", "mia@example.org"):
        assert f'value="{known}"' in page


def test_a_change_is_kept_and_said(world, mias_phone, kept):
    said = MIA | {"name": "Mia L.", "birthday": "1990-05-24", "news_email": "on"}
    response = mias_phone.post(ME, said, follow=True)
    assert "Kept." in words_of(response)
    mia, consents = kept()
    assert (mia.name, str(mia.birthday)) == ("Mia L.", "1990-05-24")
    assert consents == {"points_email": False, "news_email": True}


def test_a_language_chosen_here_wins_over_the_switch(world, mias_phone, kept):
    mias_phone.post("/language", {"language": "en", "next": "/"})
    response = mias_phone.post(ME, MIA | {"locale": "fr"}, follow=True)
    assert '<html lang="fr"' in response.content.decode()
    assert kept()[0].locale == "fr"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"phone": "", "email": ""}, "Give a phone number or an e-mail"),
        ({"phone": "12"}, "This is not a phone number"),
        ({"email": "nobody"}, "This is not an e-mail"),
        ({"name": "x" * 81}, "too long"),
        ({"name": "Z" + "\u0301" * 40}, "cannot be kept"),
        ({"locale": "tlh"}, "Select a valid choice"),
        ({"birthday": "2999-01-01"}, "day/month/year"),
    ],
)
def test_bad_words_come_back_at_their_field_and_nothing_changes(world, mias_phone, kept, changes, says):
    response = mias_phone.post(ME, MIA | changes)
    assert response.status_code == 422
    assert says in words_of(response)
    mia, consents = kept()
    assert (mia.name, mia.phone, mia.email, mia.locale) == ("Mia", "+33612345678", "mia@example.org", "en")
    assert consents == {"points_email": True}


@pytest.mark.parametrize(
    "changes", [{"email": "thief@example.org"}, {"email": ""}, {"phone": "+33611223344"}, {"phone": ""}]
)
def test_a_phone_left_on_a_table_changes_no_address_and_no_number(world, mias_phone, kept, changes):
    response = mias_phone.post(ME, MIA | changes | {"name": "Thief"})
    assert response.status_code == 422
    assert "First show that it is you" in words_of(response)
    mia, _consents = kept()
    assert (mia.name, mia.phone, mia.email) == ("Mia", "+33612345678", "mia@example.org")


def test_who_has_a_number_alone_is_sent_to_the_counter(world):
    noahs = phone_of(world.aroma, world.noah)
    said = {"name": "Noah", "phone": world.noah.phone, "email": "thief@example.org", "locale": "en"}
    assert noahs.post(ME, said).status_code == 422
    assert "at the counter" in words_of(noahs.get(ME))
    assert noahs.post(PROOF_PAGE).status_code == 409


def test_a_code_to_the_old_address_lets_it_be_changed_and_the_old_one_is_told(
    world, mias_phone, kept, post_office
):
    assert mias_phone.get(ME).content.decode().count(f'href="{PROOF_PAGE}"') == 1
    assert "we send a code to m…@example.org" in words_of(mias_phone.get(PROOF_PAGE))
    mias_phone.post(PROOF_PAGE)
    code = re.search(r"\b(\d{3} \d{3})\b", post_office(world.aroma)[0].body)[1]
    assert mias_phone.post(PROOF_PAGE, {"code": code}).url == ME
    assert PROOF_PAGE not in mias_phone.get(ME).content.decode()
    said = MIA | {"email": "mia.l@example.org", "points_email": ""}
    assert mias_phone.post(ME, said).status_code == 302
    assert kept()[0].email == "mia.l@example.org"
    [letter] = post_office(world.aroma)
    assert (letter.to, letter.subject) == (["mia@example.org"], "Your e-mail at Aroma was changed")
    assert "mia.l" not in letter.body + letter.alternatives[0][0]
    with tenancy.scope(world.aroma.id):
        assert Message.objects.get(kind="moved").content == {}


def test_a_number_that_is_taken_is_refused_without_saying_by_whom(world, mias_phone, kept):
    prove(mias_phone, world.aroma, world.mia)
    response = mias_phone.post(ME, MIA | {"phone": "06 98 76 54 32"})
    assert response.status_code == 422
    assert "This cannot be used here. Ask at the counter." in words_of(response)
    assert "member" not in words_of(response).lower()
    assert kept()[0].phone == "+33612345678"


def test_fields_that_are_not_on_the_form_change_nothing(world, mias_phone, kept):
    mias_phone.post(
        ME, MIA | {"id": str(world.noah.id), "merchant": str(world.bloom.id), "joined_at": "2000-01-01"}
    )
    mia, _consents = kept()
    assert mia.joined_at.year > 2000


def test_forgetting_the_device_takes_the_cookie_and_nothing_else(world, mias_phone):
    response = mias_phone.post("/c/aroma/sign-out")
    assert (response.url, response.cookies[COOKIE].value) == ("/c/aroma/join", "")
    assert mias_phone.get("/c/aroma/sign-out").status_code == 405


def test_forms_need_their_csrf_token(world):
    phone = phone_of(world.aroma, world.mia, enforce_csrf_checks=True)
    for path in (ME, "/c/aroma/sign-out", "/c/aroma/join", "/c/aroma/return"):
        assert phone.post(path, MIA).status_code == 403


def test_the_shop_its_hours_and_the_way_there_stand_below(world, mias_phone):
    with tenancy.scope(world.aroma.id):
        locations.change_location(
            location_id=world.croix_rousse.id,
            name="Croix-Rousse",
            address="14 place de la Croix-Rousse",
            map_url="",
            hours=[[[480, 1140]]] * 7,
            actor=None,
        )
    page = mias_phone.get(ME).content.decode()
    assert "Mon–Sun" in page
    assert "08:00–19:00" in page
    assert "openstreetmap.org/search?query=14" in page


def test_the_link_for_a_friend_is_there_where_it_gives_something(world, mias_phone):
    assert "Bring a friend" not in mias_phone.get(ME).content.decode()
    with_rules(world.aroma, flat(world.aroma, "referrer", 100))
    page = mias_phone.get(ME)
    assert f"/c/aroma/join?by={friend_code(world.mia_card)}" in page.content.decode()
    assert "100 points for bringing a friend" in words_of(page)
