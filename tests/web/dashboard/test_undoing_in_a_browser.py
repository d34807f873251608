"""Refunding and adjusting in a real browser: by keyboard, what follows changes with the amount, and a toast undoes."""

import pytest
from playwright.sync_api import expect

from tests.axe import axe
from tests.fixtures.browsers import PHONE
from tests.loyalty.purchases.test_cancelling import bought
from tests.web.dashboard.test_in_a_browser import HOME, olivias_page  # noqa: F401  a fixture
from tests.world import points_of

pytestmark = pytest.mark.slow


def test_a_refund_by_keyboard_says_what_follows_while_the_amount_is_typed(
    committed_db,
    world,
    olivias_page,  # noqa: F811
):
    bought(world, world.noah, 26_000)
    page = olivias_page()
    page.goto(f"{HOME}members/{world.noah.id}/")
    page.get_by_role("link", name="Refund… €260.00").focus()
    page.keyboard.press("Enter")
    amount = page.get_by_label("Amount")
    expect(amount).to_be_focused()
    expect(page.get_by_text("Noah goes from Silver to Bronze.")).to_be_visible()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("9.50")
    expect(page.get_by_text("Takes back 9 points.")).to_be_visible()
    expect(page.get_by_text("Noah goes from")).to_be_hidden()
    expect(amount).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("A cold latte")
    page.keyboard.press("Enter")
    expect(page.get_by_text("€9.50 refunded. Takes back 9 points.")).to_be_visible()
    expect(page.get_by_text("“A cold latte” By Olivia.")).to_be_visible()
    assert points_of(world.aroma, world.noah) == 301


def test_a_correction_on_a_phone_is_undone_by_its_toast(committed_db, world, olivias_page):  # noqa: F811
    page = olivias_page(viewport=PHONE)
    page.goto(f"{HOME}members/{world.mia.id}/")
    page.get_by_role("link", name="Adjust…").click()
    page.get_by_label("Take away").check()
    page.get_by_label("How many").fill("30")
    page.get_by_label("Why").fill("Counted twice")
    page.get_by_role("button", name="Adjust").click()
    expect(page.get_by_text("−30 for Mia.")).to_be_visible()
    assert points_of(world.aroma, world.mia) == 1170
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    assert points_of(world.aroma, world.mia) == 1200
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert axe(page).response["violations"] == []


def test_without_javascript_what_follows_is_asked_by_a_button(committed_db, world, olivias_page):  # noqa: F811
    purchase_id = bought(world, world.noah, 26_000)
    page = olivias_page(java_script_enabled=False)
    page.goto(f"{HOME}purchases/{purchase_id}/refund/")
    page.get_by_label("Amount").fill("9.50")
    page.get_by_role("button", name="What would follow?").click()
    expect(page.get_by_text("Takes back 9 points.")).to_be_visible()
    expect(page.get_by_label("Amount")).to_have_value("9.50")
    page.get_by_role("button", name="Refund", exact=True).click()
    expect(page.get_by_text("€9.50 refunded.")).to_be_visible()
