"""The first tab of the programme in a real browser: how tiers are climbed, what they bring, whose card it is, what is borrowed."""

import re

import pytest
from playwright.sync_api import expect

from loyalty.rules.tiers import Ladder, Perk
from tests.axe import faults_in_both_themes
from tests.web.dashboard.test_in_a_browser import HOME, olivias_page, settled
from tests.web.desk import drafted

__all__ = ["olivias_page"]  # a fixture
pytestmark = pytest.mark.slow
PHONE = {"width": 360, "height": 740}


def test_a_ladder_by_the_year_with_perks_is_made_by_keyboard_on_a_phone(committed_db, world, olivias_page):
    page = olivias_page(viewport=PHONE)
    page.goto(f"{HOME}programme/")
    page.get_by_label("Over which time").focus()
    page.keyboard.press("ArrowDown")  # in a calendar year
    settled(page)
    page.get_by_label("What becomes of a tier that is not earned again").press("ArrowDown")  # falls by one
    settled(page)
    grace = page.get_by_label("Days of grace", exact=True)
    grace.fill("30")
    grace.press("Enter")
    expect(page.get_by_text("Nobody loses a tier before 31 January")).to_be_visible()
    settled(page)
    page.get_by_role("link", name="Perks of Gold:").press("Enter")
    kind = page.get_by_label("One more perk")
    expect(kind).to_be_focused()
    page.keyboard.type("Fr")  # free delivery
    page.keyboard.press("Tab")
    settled(page)
    page.get_by_role("button", name="Done").press("Enter")
    expect(page.get_by_role("link", name="Perks of Gold: free delivery")).to_be_focused()
    assert drafted(world.aroma).ladder == Ladder("spend", "calendar_year", "one_step", 30)
    assert drafted(world.aroma).tiers[-1].perks == (Perk("free_delivery"),)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_the_card_stays_that_of_whom_one_chose(committed_db, world, olivias_page):
    page = olivias_page()
    page.goto(f"{HOME}programme/")
    who = page.get_by_label("Whose card")
    who.select_option("Mia, Silver")
    ticket = page.locator(".phone__ticket")
    expect(ticket.get_by_text("Gold from €500")).to_be_visible()
    page.locator(".rung").nth(0).get_by_label("From, in spend").fill("400")
    expect(ticket.get_by_text("Gold from €400")).to_be_visible()
    expect(page.get_by_label("Whose card")).to_have_value("Mia, Silver")


def test_a_sentence_is_borrowed_and_given_back(committed_db, world, olivias_page):
    page = olivias_page()
    page.goto(f"{HOME}programme/")
    rules = len(drafted(world.aroma).rules)
    page.get_by_text("or borrow one from the gallery").click()
    page.get_by_role("button", name=re.compile("Borrow.*Birthday")).click()
    expect(page.get_by_text("Borrowed. Make it yours, blank by blank.")).to_be_visible()
    assert len(drafted(world.aroma).rules) == rules + 1
    expect(page.locator(".sentences > li").last.locator(".blank").first).to_be_focused()
    page.get_by_text("or borrow one from the gallery").click()
    page.get_by_role("button", name=re.compile("Borrow.*Early bird")).click()
    expect(page.locator(".sentences > li")).to_have_count(rules + 2)
    expect(page.locator(".toast")).to_have_count(1)
    bar, toast = page.locator(".desk__bar").bounding_box(), page.locator(".toast").bounding_box()
    assert toast["y"] + toast["height"] <= bar["y"]
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The last change is undone.")).to_be_visible()
    assert len(drafted(world.aroma).rules) == rules + 1


def test_perks_and_the_shelf_have_no_barrier(committed_db, world, olivias_page):
    page = olivias_page(reduced_motion="reduce")
    gold = drafted(world.aroma).tiers[-1].id
    page.goto(f"{HOME}programme/tiers/{gold}/perks/")
    page.get_by_text("or borrow one from the gallery").click()
    assert faults_in_both_themes(page) == []
