"""Signing up without a mouse: from the front page to the letter that proves the address, in reading order."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.slow
MOST_TABS = 15  # the masthead and the page's own ways; more would be a maze


def tab_to(page: Page, words: str) -> None:
    """Tab until what has the focus says this."""
    for _step in range(MOST_TABS):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.textContent"):
            return
    pytest.fail(f"{words} is not reached by Tab")


def test_an_owner_signs_up_with_the_keyboard_alone(server, page):
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    tab_to(page, "Open your programme")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/accounts/signup/"))
    page.get_by_label("E-mail").focus()
    page.keyboard.type("nadia@lechat.example")
    page.keyboard.press("Tab")
    page.keyboard.type("un chat dort sur la caisse")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("confirm-email"))
