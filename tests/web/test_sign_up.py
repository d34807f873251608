"""From a stranger to the owner of a merchant: sign up, the link in the mail, the first shop."""

import re

import pytest
from django.core import mail
from django.test import Client

from merchants.models import Merchant, User
from tests.web.desk import text_of

NEWCOMER = {"email": "lea@example.test", "password1": "a long sentence I like"}


@pytest.fixture
def signed_up(db) -> Client:
    """Léa's browser, after the form."""
    client = Client()
    client.post("/accounts/signup/", NEWCOMER)
    return client


def link_in(letter: mail.EmailMessage) -> str:
    """The path of the first address in a letter."""
    return re.findall(r"https?://[^/\s]+(/\S+)", str(letter.body))[0]


def test_sign_up_leads_by_the_mail_to_the_first_shop(signed_up):
    assert User.objects.get(email="lea@example.test").merchant_ids == []
    [letter] = mail.outbox
    assert letter.to == ["lea@example.test"]
    assert letter.subject == "Confirm your address"
    link = link_in(letter)
    assert "Yes, confirm" in text_of(signed_up.get(link))
    response = signed_up.post(link, follow=True)
    assert response.redirect_chain[-1][0] == "/dashboard/new/"
    assert "Your shop" in text_of(response)


def test_before_the_link_was_opened_nobody_is_in(signed_up):
    response = signed_up.get("/dashboard/")
    assert response["Location"].startswith("/accounts/login/")
    again = signed_up.post(
        "/accounts/login/", {"login": NEWCOMER["email"], "password": NEWCOMER["password1"]}
    )
    assert again["Location"] == "/accounts/confirm-email/"


def test_the_link_in_another_browser_confirms_and_asks_to_sign_in(signed_up):
    link = link_in(mail.outbox[0])
    elsewhere = Client()
    response = elsewhere.post(link, follow=True)
    assert response.status_code == 200
    form = {"login": NEWCOMER["email"], "password": NEWCOMER["password1"]}
    response = elsewhere.post("/accounts/login/", form, follow=True)
    assert response.redirect_chain[-1][0] == "/dashboard/new/"


def test_a_mail_scanner_that_fetches_the_link_confirms_nothing(signed_up):
    Client().get(link_in(mail.outbox[0]))
    again = signed_up.post(
        "/accounts/login/", {"login": NEWCOMER["email"], "password": NEWCOMER["password1"]}
    )
    assert again["Location"] == "/accounts/confirm-email/"


def test_a_broken_link_says_what_to_do(db):
    response = Client().get("/accounts/confirm-email/nonsense/")
    assert "This link no longer works" in text_of(response)


def test_an_address_that_is_taken_is_told_by_mail_and_not_by_the_page(world):
    client = Client()
    fresh = client.post("/accounts/signup/", NEWCOMER)
    taken = Client().post("/accounts/signup/", NEWCOMER | {"email": "olivia@aroma.test"})
    assert (fresh.status_code, fresh["Location"]) == (taken.status_code, taken["Location"])
    assert mail.outbox[-1].to == ["olivia@aroma.test"]
    assert mail.outbox[-1].subject == "You have signed up already"


def test_a_weak_password_is_refused_at_its_field(db):
    response = Client().post("/accounts/signup/", NEWCOMER | {"password1": "password"})
    assert response.status_code == 200
    assert 'id="id_password1_error"' in text_of(response)
    assert not User.objects.exists()


def test_a_wrong_password_says_the_same_for_a_stranger(world):
    answers = [
        text_of(Client().post("/accounts/login/", {"login": address, "password": "wrong wrong wrong"}))
        for address in ("olivia@aroma.test", "nobody@aroma.test")
    ]
    shown = [re.search(r"notice--bad.*?</div>", answer, re.DOTALL).group() for answer in answers]
    assert shown[0] == shown[1]


def test_the_letters_speak_french_to_the_french(db):
    client = Client(headers={"Accept-Language": "fr"})
    client.post("/accounts/signup/", NEWCOMER)
    assert User.objects.get().locale == "fr"


def test_a_forgotten_password_is_replaced_by_a_link(world):
    client = Client()
    client.post("/accounts/password/reset/", {"email": "olivia@aroma.test"})
    page = client.get(link_in(mail.outbox[-1]), follow=True)
    address = page.redirect_chain[-1][0]
    client.post(address, {"password1": "another long sentence", "password2": "another long sentence"})
    form = {"login": "olivia@aroma.test", "password": "another long sentence"}
    assert Client().post("/accounts/login/", form)["Location"] == "/dashboard/"
    assert Merchant.objects.count() == 2
