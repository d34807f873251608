"""The tabs of units in a real browser: by keyboard on a phone, what would follow while one types, and without JavaScript."""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from loyalty.rules.types import Expiry
from tests.axe import axe
from tests.fixtures.browsers import PHONE
from tests.web.desk import HOME, drafted
from tests.world import signed_in

pytestmark = pytest.mark.slow
UNITS, EXPIRY = f"{HOME}programme/units/", f"{HOME}programme/expiry/"


@pytest.fixture
def olivias_page(server, world, open_page):
    """Olivia's browser: `olivias_page(viewport=…)`."""
    session = signed_in(world.olivia).cookies[settings.SESSION_COOKIE_NAME].value

    def open_one(**options) -> Page:
        page = open_page(**options)
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}]
        )
        return page

    return open_one


def is_too_wide(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_an_expiry_is_written_with_the_keyboard_and_says_what_would_follow(committed_db, world, olivias_page):
    page = olivias_page(viewport=PHONE)
    page.goto(EXPIRY)
    page.locator(".blank", has_text="never expire").press("Enter")
    chosen = page.get_by_label("When it expires")
    expect(chosen).to_be_focused()
    chosen.select_option("months")
    page.get_by_label("How many days or months").fill("12")
    expect(page.get_by_text("2 members have points: the first of those expire on")).to_be_visible()
    assert drafted(world.aroma).units[0].expiry == Expiry(), "typed, and not saved"
    assert not is_too_wide(page)
    assert axe(page).response["violations"] == []
    page.get_by_label("How many days or months").press("Enter")
    blank = page.locator(".blank", has_text="expire 12 months after they were given")
    expect(blank).to_be_focused()
    expect(page.get_by_text("1 change from version 2")).to_be_visible()
    assert drafted(world.aroma).units[0].expiry == Expiry("months", 12)
    page.locator("#undo").press("Enter")
    expect(page.locator(".blank", has_text="never expire")).to_be_visible()
    assert page.url.endswith(EXPIRY)


def test_a_unit_is_added_named_and_taken_out(committed_db, world, olivias_page):
    page = olivias_page(viewport=PHONE)
    page.goto(UNITS)
    page.locator(".add-tier__word", has_text="Add a unit").press("Enter")
    page.get_by_role("button", name="Add", exact=True).press("Enter")
    name = page.get_by_label("One, in English")
    expect(name).to_be_focused()
    name.fill("bean")
    page.get_by_label("Several, in English").fill("beans")
    assert not is_too_wide(page)
    assert axe(page).response["violations"] == []
    name.press("Enter")
    expect(page.locator(".blank", has_text="beans")).to_be_focused()
    expect(page.get_by_text("New", exact=True)).to_be_visible()
    page.get_by_label("More for: Members collect beans").click()
    page.get_by_role("button", name="Take it out…").last.click()
    expect(page.get_by_text("Nobody has any of it, and no sentence gives it.")).to_be_visible()
    page.get_by_role("button", name="Take it out", exact=True).last.click()
    expect(page.get_by_text("The unit is taken out of the draft.")).to_be_visible()
    assert [unit.code for unit in drafted(world.aroma).units] == ["points"]


def test_without_javascript_a_policy_is_written_too(committed_db, world, olivias_page):
    page = olivias_page(java_script_enabled=False)
    page.goto(EXPIRY)
    page.locator(".blank", has_text="everything; what is used").press("Enter")
    page.get_by_label("What a refund takes back").select_option("within_balance")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("1 change from version 2")).to_be_visible()
    assert drafted(world.aroma).returns == "within_balance"
