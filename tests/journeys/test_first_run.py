"""The first run, counted: from the front page to the poster on one's disk in 25 inputs at most, and without a mouse."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

MOST_INPUTS = 25
OWNER, PASSWORD = "ines@tables.example", "trois tables et un comptoir"

pytestmark = pytest.mark.slow


class Counted:
    """A person's hands: each field filled, each choice made, each press is one input."""

    def __init__(self, page: Page) -> None:
        self.page, self.inputs = page, 0

    def fill(self, label: str, text: str) -> None:
        """Type into a field."""
        self.inputs += 1
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str, option: str) -> None:
        """Take from a list."""
        self.inputs += 1
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def press(self, what: Locator) -> None:
        """Press a link or a button."""
        self.inputs += 1
        what.first.click()


def confirm_link(folder) -> str:
    """The path in the letter."""
    [letter] = [path.read_text() for path in folder.iterdir()]
    return urlsplit(re.findall(r"https?://\S+confirm-email\S+", letter)[0]).path


def test_from_the_front_page_to_the_poster_in_25_inputs(server, mail_folder, open_page):
    hands = Counted(open_page())
    page = hands.page
    page.goto("/")
    hands.press(page.locator("a[href*='/accounts/signup']"))
    hands.fill("E-mail", OWNER)
    hands.fill("Password", PASSWORD)
    hands.press(page.get_by_role("button", name="Sign up"))
    expect(page).to_have_url(re.compile("confirm-email"))
    hands.inputs += 1  # the link in the letter
    page.goto(confirm_link(mail_folder))
    hands.press(page.get_by_role("button", name="Yes, confirm"))
    hands.fill("Name of the shop", "Les Tables-Claudiennes")
    hands.fill("First location", "Rue des Tables-Claudiennes")
    hands.choose("Trade", "Bakery")
    hands.choose("Currency", "EUR (€)")
    hands.choose("Time zone", "Paris (Europe)")
    hands.inputs += 1
    page.locator("[name=brand_colour]").fill("#1d4ed8")
    hands.press(page.get_by_role("button", name="Open the shop"))
    hands.press(page.get_by_role("button", name="Take this one"))
    hands.press(page.get_by_role("button", name="Next"))  # the numbers as they are guessed
    hands.press(page.get_by_role("button", name="Start with Bronze, Silver, Gold"))
    expect(page.locator(".climb")).to_have_count(3)
    hands.press(page.get_by_role("button", name="Next"))
    hands.press(page.get_by_role("button", name="Next"))  # the colour that was chosen
    hands.press(page.get_by_role("button", name="Open the programme"))
    with page.expect_download() as poster:
        hands.press(page.locator("a[download]"))
    assert poster.value.path().stat().st_size > 500
    print(f"\nsign-up to poster: {hands.inputs} inputs")
    assert hands.inputs <= MOST_INPUTS
