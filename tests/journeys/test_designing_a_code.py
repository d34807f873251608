"""A code is designed with the keyboard: knobs, a failure, the change that mends it, saved, made the default, and that undone."""

import io

import pytest
import zxingcpp
from django.conf import settings
from PIL import Image
from playwright.sync_api import Page, expect

from core import tenancy
from studio import designing, proving
from studio.models import DesignVersion
from tests.axe import axe
from tests.fixtures.browsers import PHONE
from tests.web.desk import HOME
from tests.world import signed_in

pytestmark = pytest.mark.slow
DESIGNER = f"{HOME}studio/designer/"
MOST_TABS = 80


@pytest.fixture
def olivias_page(server, world, open_page):
    """Olivia's browser: `olivias_page(viewport=…)`."""
    session = signed_in(world.olivia).cookies[settings.SESSION_COOKIE_NAME].value

    def open_one(**options) -> Page:
        page = open_page(**options)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}
        page.context.add_cookies([cookie])
        return page

    return open_one


def tab_to(page, selector):
    """Press Tab until what is meant has the focus."""
    wanted = page.locator(selector).first
    for _press in range(MOST_TABS):
        if wanted.evaluate("element => element === document.activeElement"):
            return wanted
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {selector}")


def default_of(world):
    with tenancy.scope(world.aroma.id):
        return designing.default_version()


def test_a_code_is_designed_on_a_phone_by_keyboard_in_french(committed_db, world, olivias_page):
    page = olivias_page(viewport=PHONE, locale="fr-FR")
    page.goto(DESIGNER)
    stage, tally = page.locator(".stage__picture"), page.locator(".stage__tally")
    before = stage.get_attribute("src")
    tab_to(page, "summary:has-text('Formes')").press("Enter")
    tab_to(page, "#knob_modules_rounded").press("ArrowRight")
    expect(page.locator("#knob_modules_dots")).to_be_checked()
    expect(stage).not_to_have_attribute("src", before)
    tab_to(page, "summary:has-text('Logo')").press("Enter")
    tab_to(page, "#knob_logo_share").press("End")
    expect(page.get_by_text("Le logo laisse trop peu à réparer.")).to_be_visible()
    expect(tally).not_to_have_text("6 sur 6 réussis")
    assert axe(page).response["violations"] == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    tab_to(page, ".mending button").press("Enter")
    expect(tally).to_have_text("6 sur 6 réussis")
    expect(page.locator("#proof-title")).to_be_focused()
    expect(page.locator("#knob_modules_dots")).to_be_checked()
    tab_to(page, "#knob_logo_share").press(
        "Home"
    )  # what one link forgives, another may not: without a logo all do
    expect(page.locator("output[for=knob_logo_share]")).to_have_text("aucun")
    tab_to(page, "#design-name").fill("Vitrine")
    tab_to(page, "button:has-text('Enregistrer')").press("Enter")
    expect(page.get_by_role("heading", name="Vitrine")).to_be_visible()
    _prove_and_choose(page, world)


def _prove_and_choose(page, world):
    with tenancy.scope(world.aroma.id):
        version = DesignVersion.objects.get()
    proving.prove(merchant=world.aroma, version_id=version.id)
    page.get_by_role("button", name="Choisir par défaut").press("Enter")
    expect(page.get_by_text("Vos codes ont désormais l’allure de")).to_be_visible()
    assert default_of(world) == version
    page.get_by_role("button", name="Annuler").press("Enter")
    expect(page.get_by_text("Vos codes reprennent l’allure de votre marque.")).to_be_visible()
    assert default_of(world) is None


def test_a_phone_reads_the_code_off_the_screen_in_english(committed_db, world, olivias_page):
    page = olivias_page()
    page.goto(DESIGNER)
    page.locator("#preset-autumn").press("Enter")
    expect(page.locator("#preset-autumn")).to_be_focused()
    expect(page.locator("#knob_style_linear")).to_be_checked()
    page.get_by_role("button", name="Try with my phone").press("Enter")
    expect(page.locator("#phone")).to_be_visible()
    seen = Image.open(io.BytesIO(page.screenshot()))
    assert "/q/" in zxingcpp.read_barcodes(seen)[0].text
    page.keyboard.press("Escape")
    expect(page.locator("#phone")).to_be_hidden()
    assert page.locator("#knob_logo_share").input_value() == "6"


def test_without_a_script_a_press_redraws(committed_db, world, olivias_page):
    page = olivias_page(java_script_enabled=False)
    page.goto(DESIGNER)
    page.get_by_label("Bars").check()
    page.get_by_role("button", name="Draw it").click()
    expect(page.get_by_label("Bars")).to_be_checked()
    expect(page.get_by_text("6 of 6 pass").first).to_be_attached()
    page.get_by_role("button", name="Winter").click()
    expect(page.get_by_label("Outline")).to_be_checked()
