"""The card in a real browser: points appear by themselves, the code renews itself, readers are not left out."""

import pytest
from playwright.sync_api import expect

from tests.axe import faults_in_both_themes
from tests.fixtures.browsers import DESKTOP, PHONE, hold_the_clock
from tests.servers import wait_for
from tests.web.card.conftest import link_path
from tests.world import buy

pytestmark = pytest.mark.slow


@pytest.fixture
def cast(server, world):
    """The cast, for the server's threads too."""
    return world


@pytest.fixture
def open_card(cast, open_page):
    """Mia's card, opened by its link's button."""

    def opened(**options):
        page = open_page(**{"viewport": PHONE, **options})
        page.goto(link_path(cast.aroma, cast.mia))
        page.get_by_role("button", name="Open my card").click()
        page.wait_for_url("**/c/aroma/")
        return page

    return opened


def test_points_appear_by_themselves_after_a_scan(cast, open_card):
    page = open_card()
    expect(page.locator(".card-balance")).to_contain_text("1,200")
    buy(cast.aroma, cast.mia, 1200)
    expect(page.locator(".card-balance")).to_contain_text("1,218")
    expect(page.locator(".card-gain")).to_have_text("+18")
    expect(page.locator(".points-line").first).to_contain_text("12 × 1.5 (Gold)")


def open_with_a_clock(page, cast):
    page.clock.install()
    page.goto(link_path(cast.aroma, cast.mia))
    page.get_by_role("button", name="Open my card").click()
    page.wait_for_url("**/c/aroma/")


def test_the_phone_draws_the_next_code_when_the_time_of_one_is_over(cast, open_page):
    page = open_page(viewport=PHONE)
    with page.expect_response("**/c/aroma/key"):
        open_with_a_clock(page, cast)
    drawing = page.locator("#code-modules")
    before = drawing.inner_html()
    wait_for(lambda: page.clock.run_for(5_000) or drawing.inner_html() != before, what="the next code")


def test_a_phone_that_wakes_draws_the_code_of_now_though_its_stopwatch_stood_still(cast, open_page):
    page = open_page(viewport=PHONE)
    with page.expect_response("**/c/aroma/key"):
        open_with_a_clock(page, cast)
    drawing = page.locator("#code-modules")
    hold_the_clock(page)
    before = drawing.inner_html()
    page.evaluate(
        "() => { const now = Date.now; Date.now = () => now() + 120_000;"
        "document.dispatchEvent(new Event('visibilitychange')); }"
    )
    expect(page.locator("#code-modules path").first).not_to_have_attribute(
        "d", before.split(' d="')[1].split('"')[0]
    )


def test_a_browser_that_can_keep_no_key_asks_for_the_next_code(cast, open_page):
    page = open_page(viewport=PHONE)
    page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    open_with_a_clock(page, cast)
    page.wait_for_selector("#code [data-bright]:not([hidden])")
    with page.expect_response("**/c/aroma/code") as renewed:
        page.clock.run_for(31_000)
    assert renewed.value.status == 200
    expect(page.locator("#code svg").first).to_be_visible()


def test_without_javascript_there_is_a_card_and_a_way_to_a_new_code(cast, open_card):
    page = open_card(java_script_enabled=False)
    expect(page.locator(".card-balance")).to_contain_text("1,200")
    page.get_by_role("link", name="Show a new code").click()
    expect(page.locator("#code svg").first).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_nobody_is_left_out_and_nothing_scrolls_sideways(cast, open_card, viewport):
    page = open_card(viewport=viewport)
    for path in (
        "/c/aroma/",
        "/c/aroma/?side=quiet",
        "/c/aroma/history",
        "/c/aroma/me",
        "/c/bloom/join",
        "/c/bloom/return",
    ):
        page.goto(path)
        assert (path, faults_in_both_themes(page)) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
