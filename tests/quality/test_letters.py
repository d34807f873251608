"""Letters as a mail program draws them: axe in both themes on the HTML part, and nothing fetched from anywhere."""

import pytest
from django.core import mail
from django.test import Client

from tests.analytics.test_rollups import deliver_all
from tests.quality.pages import client_of, set_the_stage
from tests.quality.test_in_a_browser import faults_of
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
    deliver_all(world.aroma)
    return {
        str(letter.subject): str(letter.alternatives[0][0])
        for letter in mail.outbox
        if isinstance(letter, mail.EmailMultiAlternatives) and letter.alternatives
    }


def test_every_letter_can_be_read_by_all(letters, browser):
    assert len(letters) >= 5, sorted(letters)
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
    assert asked == []
