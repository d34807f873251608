"""The desk in a real browser: parts that change in place, the live till, and all of it without JavaScript."""

import re

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import Page, expect

from core.ids import new_id
from tests.axe import faults_in_both_themes
from tests.fixtures.browsers import PHONE, hold_the_clock
from tests.web.desk import drafted
from tests.world import buy, signed_in

pytestmark = pytest.mark.slow
HOME = "/dashboard/aroma/"


def settled(page: Page) -> None:
    """No answer is under way: nothing takes the focus away from what is pressed next, and what is new listens to it."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)


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


def ladder_of(merchant) -> list[str]:
    """The tiers' names in the draft, highest first."""
    return [tier.name for tier in reversed(drafted(merchant).tiers)]


def test_tiers_change_in_place_and_the_focus_stays(committed_db, world, olivias_page):
    page = olivias_page()
    page.goto(f"{HOME}programme/")
    page.evaluate("window.stillHere = true")
    page.get_by_label("Move Silver up").click()
    expect(page.get_by_text("The amounts stayed.")).to_be_visible()
    assert ladder_of(world.aroma) == ["Silver", "Gold", "Bronze"]
    expect(page.locator("[id^=up-]:focus, [id^=down-]:focus")).to_have_count(1)
    expect(page.get_by_text("2 changes from version 2")).to_be_visible()
    row = page.locator(".rung").nth(1)
    expect(row.get_by_label("Name")).to_have_value("Gold")
    row.get_by_label("From, in spend").fill("-1")
    row.get_by_label("From, in spend").press("Enter")
    expect(page.get_by_text("The amount must be zero or more.")).to_be_visible()
    row.get_by_label("From, in spend").fill("300")
    page.get_by_role("link", name="Publish…").click()
    expect(page.get_by_role("heading", name="Publish version 3")).to_be_visible()
    assert [tier.threshold_minor for tier in drafted(world.aroma).tiers] == [0, 30_000, 50_000]
    page.go_back()


def test_what_is_typed_is_saved_when_the_row_is_left_and_undone_again(committed_db, world, olivias_page):
    page = olivias_page()
    page.goto(f"{HOME}programme/")
    page.evaluate("window.stillHere = true")
    rows = page.locator(".rung")
    rows.nth(0).get_by_label("Name").fill("Or")
    rows.nth(1).get_by_label("Name").focus()
    page.keyboard.type("New ")
    expect(page.get_by_text("1 change from version 2")).to_be_visible()
    expect(rows.nth(1).get_by_label("Name")).to_be_focused()
    expect(rows.nth(1).get_by_label("Name")).to_have_value("New Silver")
    rows.nth(1).get_by_label("Name").press("Enter")
    expect(page.get_by_text("2 changes from version 2")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("1 change from version 2")).to_be_visible()
    assert ladder_of(world.aroma) == ["Or", "Silver", "Bronze"]
    page.get_by_role("button", name="Discard", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    expect(page.get_by_text("The draft is discarded.")).to_be_visible()
    assert ladder_of(world.aroma) == ["Gold", "Silver", "Bronze"]


def test_a_tier_is_removed_after_the_dialog_asked(committed_db, world, olivias_page):
    page = olivias_page()
    page.goto(f"{HOME}programme/")
    page.get_by_role("button", name="Remove Silver…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Remove Silver?")
    dialog.get_by_role("button", name="Keep it").click()
    assert ladder_of(world.aroma) == ["Gold", "Silver", "Bronze"]
    page.get_by_role("button", name="Remove Silver…").click()
    dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("The tier is taken out of the draft.")).to_be_visible()
    assert ladder_of(world.aroma) == ["Gold", "Bronze"]


def test_without_javascript_everything_on_the_programme_still_works(committed_db, world, olivias_page):
    page = olivias_page(java_script_enabled=False)
    page.goto(f"{HOME}programme/")
    page.locator(".blank", has_text="50 points").press("Enter")
    page.locator(".blank-form input:not([type=hidden])").fill("60")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("1 change from version 2")).to_be_visible()
    silver = drafted(world.aroma).tiers[1]
    page.locator(f"#remove-{silver.id}").get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("The tier is taken out of the draft.")).to_be_visible()
    page.get_by_role("link", name="Publish…").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Version 3 is in force.")).to_be_visible()
    assert ladder_of(world.aroma) == ["Gold", "Bronze"]


def test_a_sentence_is_written_with_the_keyboard_alone(committed_db, world, olivias_page):
    page = olivias_page()
    page.goto(f"{HOME}programme/")
    page.locator(".add-tier__word", has_text="Add a sentence").focus()
    page.keyboard.press("Enter")
    page.get_by_label("When this happens, give that").select_option("purchase:multiplier")
    page.get_by_role("button", name="Add", exact=True).last.press("Enter")
    field = page.locator(".blank-form").locator("input:not([type=hidden]), select").first
    expect(field).to_be_focused()
    expect(page.get_by_text("New", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".blank-form")).to_have_count(0)
    welcome = page.locator(".blank", has_text="50 points")
    welcome.press("Enter")
    expect(page.locator(".blank-form input:not([type=hidden])")).to_be_focused()
    settled(page)
    page.keyboard.press("Control+A")
    page.keyboard.type("75")
    expect(page.locator(".phone .is-changed").last).to_have_text("75 points on joining")
    page.keyboard.press("Enter")
    expect(page.locator(".blank", has_text="75 points")).to_be_focused()
    expect(page.get_by_text("In force: 50 points on joining")).to_be_visible()
    page.get_by_role("switch").nth(1).press("Space")
    expect(page.locator(".sentence--off")).to_have_count(1)
    assert [rule.active for rule in drafted(world.aroma).rules] == [True, False, True]


def test_a_purchase_is_tried_while_it_is_typed(committed_db, world, olivias_page):
    page = olivias_page(viewport=PHONE)
    page.goto(f"{HOME}programme/")
    page.get_by_label("Amount", exact=True).fill("40")
    expect(page.locator("#tried")).to_contain_text("60 points")
    page.get_by_label("Tier", exact=True).select_option("Bronze")
    expect(page.locator("#tried")).to_contain_text("40 points")
    expect(page.locator("#work")).to_have_count(1)


def test_a_scan_appears_on_the_open_home_within_four_seconds(committed_db, world, olivias_page):
    page = olivias_page()
    page.clock.install()
    hold_the_clock(page)
    page.goto(HOME)
    buy(world.aroma, world.noah, 1200, key=new_id())
    page.clock.run_for(4000)
    expect(page.locator("#live")).to_contain_text("12 for €12.00")


def test_members_are_found_as_one_types(committed_db, world, olivias_page):
    page = olivias_page(viewport=PHONE)
    page.goto(f"{HOME}members/")
    page.get_by_label("Name, phone or e-mail").press_sequentially("noa")
    expect(page.get_by_role("link", name="Mia")).to_have_count(0)
    expect(page.get_by_role("link", name="Noah")).to_be_visible()
    assert re.search(r"\?q=noa$", page.url)
    page.reload()
    expect(page.get_by_label("Name, phone or e-mail")).to_have_value("noa")


def test_what_is_typed_adds_to_the_filters_and_the_count_is_said(committed_db, world, olivias_page):
    page = olivias_page()
    page.goto(f"{HOME}members/?activity=recent&sort=name")
    page.get_by_label("Name, phone or e-mail").press_sequentially("mi")
    expect(page.locator("#count")).to_have_text("1 found")
    expect(page).to_have_url(re.compile(r"\?q=mi&activity=recent&sort=name$"))
    page.get_by_role("link", name="Never came").click()
    expect(page.get_by_text("Nobody found for “mi”")).to_be_visible()
    page.get_by_role("link", name="Show everybody").click()
    expect(page.get_by_role("link", name="Noah")).to_be_visible()


def test_an_open_home_that_nobody_looks_at_asks_nothing(committed_db, world, olivias_page):
    page = olivias_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/live/" in request.url else None)
    page.clock.install()
    hold_the_clock(page)
    page.goto(HOME)
    look = "hidden => Object.defineProperty(document, 'hidden', {get: () => hidden, configurable: true})"
    page.evaluate(look, True)
    page.clock.run_for(3500)
    assert asked == []
    page.evaluate(look, False)
    with page.expect_response("**/live/**"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert len(asked) == 1  # nor had it asked since


WINDOWS = [(PHONE["width"], PHONE["height"]), (768, 1000), (1280, 800)]
IN_THE_SHOP = [
    "",
    "programme/",
    "members/",
    "members/{member}/",
    "poster/",
    "locations/",
    "locations/{location}/",
]
IN_THE_SHOP += ["keys/", "settings/", "settings/branding/", "team/"]


def test_no_page_has_a_barrier_or_is_wider_than_its_window(committed_db, world, olivias_page):
    page = olivias_page()
    paths = [path.format(member=world.mia.id, location=world.croix_rousse.id) for path in IN_THE_SHOP]
    found = {}
    for path in [*(HOME + path for path in paths), "/dashboard/new/", "/dashboard/?choose=1", "/"]:
        page.goto(path)
        wrong = faults_in_both_themes(page) + too_wide_on(page)
        if wrong:
            found[path] = wrong
    assert found == {}


def too_wide_on(page: Page) -> list[str]:
    """By how much it is wider than a window that is narrow, middling, wide."""
    found = []
    for width, height in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found += [f"{too_wide} px wider than {width}"] if too_wide > 0 else []
    return found


def test_a_tier_is_edited_with_the_keyboard_alone(committed_db, world, olivias_page):
    page = olivias_page()
    page.goto(f"{HOME}programme/")
    silver = page.locator(".rung").nth(1)
    threshold = silver.get_by_label("From, in spend")
    threshold.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("150")
    expect(page.locator(".phone .is-changed")).to_contain_text("from €150")
    expect(page.locator("#consequences")).to_have_text(re.compile("Silver was €250: nobody would move"))
    page.keyboard.press("Escape")
    expect(threshold).to_have_value("250")
    expect(page.locator(".phone .is-changed")).to_have_count(0)
    expect(page.locator("#consequences")).to_have_text("")
    page.keyboard.type("150")  # Escape leaves the figure selected
    page.keyboard.press("Tab")
    expect(silver.get_by_label("Points count")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 change from version 2")).to_be_visible()
    assert drafted(world.aroma).tiers[1].threshold_minor == 15_000
    expect(page.locator(".phone .is-changed")).to_contain_text("from €150")


def test_on_a_phone_the_preview_is_folded_and_more_opens_by_keyboard(committed_db, world, olivias_page):
    page = olivias_page(viewport=PHONE)
    page.goto(f"{HOME}programme/")
    expect(page.locator(".phone")).to_be_hidden()
    page.get_by_text("As members will see it").click()
    expect(page.locator(".phone")).to_be_visible()
    page.locator(".blank", has_text="50 points").press("Enter")
    page.locator(".blank-form input:not([type=hidden])").fill("60")
    page.locator(".tab-bar__more > summary").focus()
    expect(page.locator(".phone .is-changed")).to_have_text("60 points on joining")
    settled(page)
    expect(page.locator(".tab-bar__more > summary")).to_be_focused()  # what comes late takes nobody away
    page.keyboard.press("Enter")
    expect(page.locator(".tab-bar .menu__item", has_text="Settings")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".tab-bar .menu__item", has_text="Settings")).to_be_hidden()
    expect(page.locator(".tab-bar__more > summary")).to_be_focused()


def test_a_colour_and_a_picture_are_seen_before_they_are_kept(committed_db, world, olivias_page, tmp_path):
    page = olivias_page()
    page.goto(f"{HOME}settings/branding/")
    page.get_by_label("Your colour").fill("#ffd400")
    band = page.locator("#tried .phone__band").first
    expect(band).to_have_css("background-color", "rgb(255, 212, 0)")
    expect(page.get_by_label("Choose the colour")).to_have_value("#ffd400")
    picture = tmp_path / "logo.png"
    Image.new("RGB", (300, 100), "red").save(picture)
    page.get_by_label("Picture", exact=True).set_input_files(picture)
    expect(page.locator("[data-stage]")).to_be_visible()
    page.get_by_label("Left or right").press("ArrowRight")
    page.get_by_role("button", name="Save the logo").click()
    expect(page.get_by_text("The logo is in its place")).to_be_visible()
    expect(page.locator(".rail__merchant img")).to_be_visible()
    expect(page.locator("#tried .phone__band").first).to_have_css("background-color", "rgb(31, 77, 58)")
