"""Letters as a mail program draws them: axe in both themes on the HTML part, and nothing fetched from anywhere."""

import base64

import pytest
from django.core import mail
from django.test import Client

from core import tenancy
from loyalty.models import Unit
from rewards.vouchers import give_voucher
from tests.analytics.test_rollups import deliver_all
from tests.axe import faults_of
from tests.quality.pages import client_of, set_the_stage
from tests.rewards.offering import A_BUNCH, offered
from tests.world import buy

# What the standard asks; axe's good advice about landmarks and headings is for pages.
OF_LETTERS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
DRAWN = "[aria-hidden=true]"  # a seal is a drawing, and stands beside the same words
pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture
def letters(world, settings) -> dict[str, str]:
    """Subject → HTML, of one letter of each kind."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    set_the_stage(world)
    buy(world.aroma, world.mia, 1250)
    deliver_all(world.aroma)
    Client().post("/c/aroma/return", {"email": "mia@example.org"})
    Client().post("/accounts/password/reset/", {"email": "olivia@aroma.test"})
    client_of("olivia", world).post("/accounts/email/", {"action_add": "", "email": "olivia@home.test"})
    with tenancy.scope(world.aroma.id):
        bunch = offered(unit_id=Unit.objects.get(code="points").id, **A_BUNCH)
        give_voucher(bunch, world.mia, world.aroma)
    deliver_all(world.aroma)
    return {
        str(letter.subject): _drawn(letter)
        for letter in mail.outbox
        if isinstance(letter, mail.EmailMultiAlternatives) and letter.alternatives
    }


def _drawn(letter: mail.EmailMultiAlternatives) -> str:
    """The HTML part, with the pictures that came along in their places, as a mail program puts them there."""
    html = str(letter.alternatives[0][0])
    for picture in letter.attachments:
        here = base64.b64encode(picture.get_payload(decode=True)).decode()
        html = html.replace(f"cid:{picture['Content-ID'].strip('<>')}", f"data:image/png;base64,{here}")
    return html


def test_every_letter_can_be_read_by_all(letters, browser):
    assert len(letters) >= 6, sorted(letters)
    assert "A voucher from Aroma: A bunch" in letters
    tab = browser.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    found = {}
    for subject, html in letters.items():
        tab.emulate_media(color_scheme="light")
        tab.set_content(html)
        wrong = faults_of(tab, of=OF_LETTERS, but=DRAWN)
        tab.emulate_media(color_scheme="dark")
        found[subject] = wrong + faults_of(tab, of=("color-contrast",), but=DRAWN)
    tab.close()
    assert {subject: wrong for subject, wrong in found.items() if wrong} == {}
    assert [url for url in asked if not url.startswith("data:")] == []
