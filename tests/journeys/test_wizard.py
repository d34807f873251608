"""The wizard in a real browser, from the gallery to the first scan: a café on a phone by keyboard alone, a boutique, a salon."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from core import tenancy
from loyalty.ledger import statements
from loyalty.programme.opening import open_for_business
from loyalty.programme.versions import version_in_force
from merchants.models import Merchant
from rewards.catalogue import live_rewards
from rewards.offers import say_in
from tests.fixtures.browsers import PHONE
from tests.world import signed_in, user

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
MOST_TABS = 60  # the gallery's nineteen lines, and what stands around them


def shop_of(trade: str, name: str) -> Merchant:
    """A shop that its owner, Inès, has just opened."""
    ines = user("ines@tables.example", "Inès")
    return open_for_business(owner=ines, name=name, location_name="Rue Cler", trade=trade)


def desk_of(merchant: Merchant, open_page, base: str, **options) -> Page:
    """Inès's browser, at the beginning of the wizard."""
    page: Page = open_page(**options)
    session = signed_in(user_of(merchant)).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}])
    page.goto(f"/dashboard/{merchant.slug}/start/")
    return page


def user_of(merchant: Merchant):
    """Its owner."""
    from merchants.models import User

    return User.objects.get(merchant_ids__contains=[merchant.id])


def tab_to(page: Page, words: str) -> None:
    """Tab until what has the focus says this."""
    said = "document.activeElement.textContent.trim() || document.activeElement.name"
    for _step in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(said).startswith(words):
            return
    pytest.fail(f"{words} is not reached by Tab")


def press(page: Page, words: str) -> None:
    """By keyboard."""
    tab_to(page, words)
    page.keyboard.press("Enter")


def at(page: Page, heading: str) -> None:
    """The step of this heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def join(page: Page) -> None:
    """As the wizard's last step asks: by the address that its QR says."""
    address = page.locator("a.code").get_attribute("href")
    assert address
    page.goto(address)
    page.locator("[name=name]").fill("Mia")
    page.locator("[name=phone]").fill("06 12 34 56 78")
    page.get_by_role("button", name="Get my card").click()
    expect(page).to_have_url(re.compile(r"/c/[\w-]+/$"))


def scan(page: Page, merchant: Merchant, amount: str) -> None:
    """By phone number, and with keys alone: the till of this browser has no camera."""
    page.goto(f"/scan/{merchant.slug}/")
    page.get_by_role("button", name="Phone").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("06 12 34 56 78")
    page.keyboard.press("Enter")
    expect(page.locator(".till-member__name")).to_have_text("Mia")
    page.keyboard.type(amount)
    page.keyboard.press("Enter")


def in_force(merchant: Merchant):
    """Codes of units, names of tiers, rewards with their prices; and the books balance."""
    with tenancy.scope(merchant.id):
        version = version_in_force()
        assert statements.prove() == []
        return (
            [unit.code for unit in version.units],
            [tier.name for tier in version.tiers],
            [(say_in(reward.names, "en"), reward.cost) for reward in live_rewards()],
        )


def test_a_cafe_is_set_up_on_a_phone_by_keyboard_alone(server, open_page):
    merchant = shop_of("cafe", "Le Chat")
    page = desk_of(merchant, open_page, server.url, viewport=PHONE)
    at(page, "Which programme suits you?")
    press(page, "Buy nine, get the tenth")
    expect(page.locator(".gallery__row--open h3")).to_have_text("Buy nine, get the tenth")
    press(page, "Take this one")

    at(page, "Numbers that make sense")
    tab_to(page, "price")
    page.keyboard.press("Control+a")
    page.keyboard.type("8")
    expect(page.locator(".reckoning__head")).to_have_text(
        "At this rate a regular reaches the first reward on visit 8."
    )
    page.keyboard.press("Enter")

    at(page, "A ladder to climb")
    press(page, "Next")
    at(page, "Your colour and logo")
    tab_to(page, "brand_colour")
    page.keyboard.press("Control+a")
    page.keyboard.type("#c0392b")
    page.keyboard.press("Enter")

    at(page, "Open the programme")
    press(page, "Open the programme")
    expect(page.get_by_text("The programme is open. Here is its poster.")).to_be_visible()
    press(page, "Next")
    at(page, "The first scan")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    join(page)
    scan(page, merchant, "4.20")
    expect(page.locator(".answer__gain")).to_contain_text("+1")
    assert in_force(merchant) == (["stamps"], [], [("A coffee", 8)])
    merchant.refresh_from_db()
    assert merchant.brand_colour == "#c0392b"


def test_a_boutique_gives_points_and_tiers_of_its_own(server, open_page):
    merchant = shop_of("boutique", "Maille")
    page = desk_of(merchant, open_page, server.url)
    expect(page.locator(".gallery__row--open h3")).to_have_text(
        "Points for every purchase"
    )  # its trade's first
    expect(page.locator(".told").first).to_contain_text("5 points per €1")
    page.get_by_role("button", name="Take this one").first.click()
    expect(page.locator(".reckoning__warning")).to_contain_text("This gives back 25% of what members spend")
    page.get_by_label("What it takes").fill("2500")
    expect(page.locator(".reckoning__warning")).to_have_count(0)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Start with Bronze, Silver, Gold").click()
    # €50 once a month are €600 a year: 300 and 600.
    expect(page.locator("[name$=threshold]").first).to_have_value("600")
    page.locator("[name$=name]").first.fill("Cachemire")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Open the programme").click()
    with page.expect_download() as poster:
        page.locator("a[download]").first.click()
    assert poster.value.path().stat().st_size > 500
    page.get_by_role("link", name="Next").click()
    join(page)
    scan(page, merchant, "12.00")
    expect(page.locator(".answer__gain")).to_contain_text("+60")
    assert in_force(merchant) == (["points"], ["Bronze", "Silver", "Cachemire"], [("€5 off your bill", 2500)])


def test_a_salon_takes_the_beauty_programme_and_comes_back_to_a_step(server, open_page):
    merchant = shop_of("salon", "Chez Anaïs")
    page = desk_of(merchant, open_page, server.url)
    expect(page.locator(".gallery__row--open h3")).to_have_text("Bronze, Silver, Gold")  # its trade's first
    page.get_by_role("button", name="Take this one").first.click()
    page.get_by_role("link", name="Skip", exact=True).click()
    at(page, "A ladder to climb")
    expect(page.locator(".climb")).to_have_count(3)
    page.get_by_role("link", name="Back").click()
    at(page, "Numbers that make sense")
    page.get_by_role("button", name="Another time").click()
    page.get_by_role("link", name="Go on").click()
    at(page, "Numbers that make sense")
    page.locator(".stepper").get_by_role("link", name="Programme").click()
    expect(page.get_by_text("You have taken this one.")).to_be_visible()
    page.locator(".stepper").get_by_role("link", name="Poster").click()
    page.get_by_role("button", name="Open the programme").click()
    page.get_by_role("link", name="Next").click()
    join(page)
    scan(page, merchant, "45.00")
    expect(page.locator(".answer__gain")).to_contain_text("+45")
    assert in_force(merchant) == (["points", "gifts"], ["Bronze", "Silver", "Gold"], [("A gift", 1)])
