"""From the printer's file to the points: codes made at the desk, their sentence published, one of them brought by a newcomer.

On a phone both, and the newcomer without a mouse.
"""

import csv

import pytest
from playwright.sync_api import expect

from tests.fixtures.browsers import PHONE
from tests.world import PASSWORD, points_of

pytestmark = pytest.mark.slow


@pytest.fixture
def cast(server, world):
    """Everybody, for the server's threads too."""
    return world


def sign_in(page):
    page.goto("/dashboard/aroma/codes/")
    page.fill("input[name=login]", "olivia@aroma.test")
    page.fill("input[name=password]", PASSWORD)
    page.locator("form button[type=submit]").last.click()


def make_codes(page):
    """A hundred for a partner; the links of the file."""
    page.get_by_role("link", name="Make codes").click()
    page.get_by_label("Name").fill("Oat milk, spring")
    page.get_by_label("Partner").fill("Oatly")
    page.get_by_label("How many").fill("100")
    page.get_by_role("button", name="Make them").click()
    expect(page.get_by_text("100 codes are made.")).to_be_visible()
    with page.expect_download() as file:
        page.get_by_role("button", name="Download the codes").click()
    lines = file.value.path().read_text(encoding="utf-8-sig").splitlines()
    return [line["link"] for line in csv.DictReader(lines)]


def publish_a_sentence(page):
    """20 points for each of them."""
    page.get_by_role("button", name="Write a sentence").click()
    amount = page.get_by_label("How much is given")
    amount.fill("20")
    amount.press("Enter")
    expect(page.locator(".sentence", has_text="20 points")).to_be_visible()
    page.get_by_role("link", name="Publish…").click()
    page.get_by_role("button", name="Publish", exact=True).click()


def bring(phone, link):
    """One more code: its field has the focus, and the code."""
    phone.goto(link)
    expect(phone.get_by_label("Code")).to_be_focused()
    phone.keyboard.press("Enter")


def test_codes_are_made_published_and_brought_by_a_newcomer(cast, open_page):
    desk = open_page(viewport=PHONE)
    sign_in(desk)
    links = make_codes(desk)
    publish_a_sentence(desk)
    phone = open_page(viewport=PHONE)
    phone.goto(links[41])
    expect(phone.get_by_text("Your code is here already")).to_be_visible()
    expect(phone.locator("input:focus")).to_have_count(1)
    for typed in ("Lea", "Tab", "0611223344", "Enter"):
        phone.keyboard.press(typed) if typed in ("Tab", "Enter") else phone.keyboard.type(typed)
    expect(phone.get_by_text("20 points for the code.")).to_be_visible()
    bring(phone, links[7])
    expect(phone.get_by_text("20 points for the code.")).to_be_visible()
    bring(phone, links[41])
    expect(phone.get_by_text("This code was used already.")).to_be_visible()
    desk.goto("/dashboard/aroma/codes/")
    expect(desk.get_by_text("2 of 100")).to_be_visible()
    assert points_of(cast.aroma, cast.mia) == 1200
