"""Mia's phone, and phones that nobody knows."""

import re

import pytest
from django.core import mail
from django.test import Client

from core import tenancy
from loyalty.membership.joining import enrol_member
from members import profiles
from members.links import Claim, Purpose, card_link, sign
from tests.analytics.test_rollups import deliver_all
from web.card.session import COOKIE, PROOF


def phone_of(merchant, member, *, generation=1, **options):
    """A browser that holds this member's card."""
    client = Client(**options)
    client.cookies[COOKIE] = sign(Claim(merchant.id, member.id, generation), Purpose.SESSION)
    return client


def prove(phone, merchant, member, *, generation=1):
    """As if this browser had just typed a code from the member's e-mail."""
    phone.cookies[PROOF] = sign(Claim(merchant.id, member.id, generation), Purpose.PROOF)


def link_path(merchant, member):
    """The path of a fresh link to the member's card."""
    with tenancy.scope(merchant.id):
        return re.sub(r"^https?://[^/]+", "", card_link(member, merchant))


def words_of(response):
    """The text of a page or fragment, tags and runs of space taken out."""
    body = re.sub(r"(?s)<(script|style|template|svg|noscript)\b.*?</\1>", " ", response.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.fixture
def mias_phone(world):
    return phone_of(world.aroma, world.mia)


@pytest.fixture
def double(world):
    """Mia's other card, with an address that she proved."""
    with tenancy.scope(world.aroma.id):
        made = enrol_member(
            merchant=world.aroma, name="Mia Two", email="two@example.org", phone="+33611111111", source="join",
            consents={"points_email": True},
        ).member  # fmt: skip
        profiles.verify_email(member=made, email="two@example.org", is_own_browser=True)
    return made


@pytest.fixture
def post_office(world, settings):
    """E-mails as they are sent: `post_office(merchant)` delivers what waits and returns the messages."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for merchant in (world.aroma, world.bloom):
        deliver_all(merchant)

    def deliver(merchant):
        mail.outbox.clear()
        deliver_all(merchant)
        return list(mail.outbox)

    return deliver
