"""The till as it lies in a hand: undo, a USB scanner, a keyboard, a network that comes and goes, no camera at all."""

import gzip
import re

import pytest
from playwright.sync_api import expect

from core import tenancy
from loyalty.ledger import statements
from loyalty.models import Purchase
from members.cards import static_code
from tests.servers import wait_for
from tests.world import points_of

pytestmark = pytest.mark.slow

WIRE_MOST = 150_000


@pytest.fixture
def till(till_without_camera):
    return till_without_camera


def call(till, crew, amount="1200"):
    """Mia by her spoken code, and an amount, with the keyboard alone."""
    till.get_by_role("button", name="Type a code").focus()
    till.keyboard.press("Enter")
    till.keyboard.type(crew.mia_card.spoken_code)
    till.keyboard.press("Enter")
    expect(till.locator(".till-member__name")).to_have_text("Mia")
    till.keyboard.type(amount)


def problems(crew):
    with tenancy.scope(crew.aroma.id):
        return statements.prove()


def test_a_scan_by_keyboard_is_undone_within_ten_seconds_and_the_books_go_back(crew, till):
    call(till, crew)
    till.keyboard.press("Enter")
    expect(till.locator(".answer__gain")).to_contain_text("+18")
    expect(till.locator("[data-undo] [data-clock]")).to_have_text(re.compile("0:(10|0[5-9])"))
    till.keyboard.press("Tab")  # from "Next please", which has the focus
    till.keyboard.press("Enter")
    expect(till.locator(".undone__balance")).to_contain_text("1,200")
    expect(till.get_by_text("The purchase of €12.00 is cancelled.")).to_be_visible()
    assert points_of(crew.aroma, crew.mia) == 1200
    assert problems(crew) == []
    till.keyboard.press("Enter")
    expect(till.locator(".till-last.is-undone")).to_contain_text("Mia")


def test_the_last_scan_is_undone_from_the_next_ones_step(crew, till):
    call(till, crew)
    till.keyboard.press("Enter")
    till.locator("[data-next]").click()
    expect(till.locator(".till-last").first).to_contain_text("€12.00")
    till.get_by_role("button", name="Undo Mia").click()
    expect(till.locator(".undone__amount")).to_contain_text("+18")
    assert points_of(crew.aroma, crew.mia) == 1200


def test_undo_puts_itself_away_after_ten_seconds(crew, till):
    till.clock.install()
    call(till, crew)
    till.keyboard.press("Enter")
    till.clock.run_for(1000)
    expect(till.locator("[data-undo]")).to_be_visible()
    till.clock.run_for(11_000)
    expect(till.locator("[data-undo]")).to_be_hidden()


def test_without_a_network_the_amount_stays_and_counts_once_when_it_is_back(crew, till):
    call(till, crew)
    till.context.set_offline(True)
    expect(till.get_by_text("No network.")).to_be_visible()
    expect(till.locator("#stamp")).to_be_disabled()
    expect(till.locator("[data-digits]")).to_have_text("12.00")
    expect(till.locator(".till-member__name")).to_have_text("Mia")
    till.context.set_offline(False)
    expect(till.get_by_text("No network.")).to_be_hidden()
    expect(till.locator("#stamp")).to_be_enabled()
    till.locator("#stamp").click()
    expect(till.locator(".answer__gain")).to_contain_text("+18")


def test_an_answer_that_got_lost_is_asked_for_again_under_the_same_key(crew, till):
    """The purchase is recorded, its answer never arrives: the till asks again by itself, and it counts once."""
    lost = []

    def lose(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    till.route("**/purchases", lose)
    call(till, crew)
    till.keyboard.press("Enter")
    expect(till.get_by_text("What you typed stays")).to_be_visible()
    till.locator("[data-digit='5']").click()
    expect(till.locator("[data-digits]")).to_have_text("12.00")  # what was sent may be in the books
    expect(till.locator(".answer__gain")).to_contain_text("+18")
    assert lost[0].status == 201
    assert points_of(crew.aroma, crew.mia) == 1218
    with tenancy.scope(crew.aroma.id):
        assert Purchase.objects.filter(channel="scanner").count() == 1


def lose_the_first(till, answers):
    """The purchase is recorded and its answer never arrives; the next tries get `answers` in turn, then the server."""
    lost = []

    def answer(route):
        if not lost:
            lost.append(route.fetch())
            return route.abort()
        return route.fulfill(**answers.pop(0)) if answers else route.continue_()

    till.route("**/purchases", answer)
    return lost


def hold(till, address):
    """Requests that arrive and wait to be let on."""
    held = []

    def keep(route):
        held.append(route)

    till.route(address, keep)
    return held


def scanned(crew):
    with tenancy.scope(crew.aroma.id):
        return Purchase.objects.filter(channel="scanner").count()


def test_what_was_not_answered_is_asked_for_again_before_anybody_else_is_scanned(crew, till):
    till.route("**/healthz", lambda route: route.abort())
    lose_the_first(till, [])
    call(till, crew)
    till.keyboard.press("Enter")
    expect(till.get_by_text("The amount is kept")).to_be_visible()
    till.get_by_role("button", name="Scan again").click()
    expect(till.get_by_text("Try again: nothing counts twice.")).to_be_visible()
    expect(till.locator("#till")).to_have_attribute("data-step", "amount")
    till.get_by_role("button", name="Try again").click()
    expect(till.locator(".answer__gain")).to_contain_text("+18")
    assert scanned(crew) == 1


def test_a_refusal_that_is_not_the_purchases_own_keeps_its_key(crew, till):
    till.route("**/healthz", lambda route: route.abort())
    page = {"status": 403, "content_type": "text/html", "body": "<main>open for too long</main>"}
    lose_the_first(till, [page, {**page, "status": 405}])
    call(till, crew)
    till.keyboard.press("Enter")
    expect(till.get_by_text("The amount is kept")).to_be_visible()
    for _answer in ("403", "405"):
        with till.expect_response("**/purchases"):
            till.get_by_role("button", name="Try again").click()
        expect(till.get_by_text("Try again: nothing counts twice.")).to_be_visible()
        expect(till.get_by_text("open for too long")).to_have_count(0)
    till.get_by_role("button", name="Try again").click()
    expect(till.locator(".answer__gain")).to_contain_text("+18")
    assert scanned(crew) == 1


def test_nobody_goes_back_while_a_stamp_is_under_way(crew, till):
    held = hold(till, "**/purchases")
    call(till, crew)
    with till.expect_request("**/purchases"):
        till.keyboard.press("Enter")
    expect(till.locator("#back")).to_be_disabled()
    held[0].continue_()
    expect(till.locator(".answer__gain")).to_contain_text("+18")
    expect(till.locator("#back")).to_be_enabled()


def test_an_undo_that_is_answered_late_leaves_the_next_customers_step_alone(crew, till):
    held = hold(till, "**/cancellation")
    call(till, crew)
    till.keyboard.press("Enter")
    with till.expect_request("**/cancellation"):
        till.locator("[data-undo] button").click()
    till.locator("[data-next]").click()
    call(till, crew, "500")
    held[0].continue_()
    expect(till.locator(".till-last.is-undone")).to_have_count(1)
    expect(till.locator("#till")).to_have_attribute("data-step", "amount")
    till.keyboard.press("Enter")
    expect(till.locator(".answer__gain")).to_contain_text("+7")
    assert points_of(crew.aroma, crew.mia) == 1207


@pytest.mark.parametrize("minutes", [-5, 5])
def test_the_last_scans_undo_keeps_its_ten_seconds_on_a_phone_whose_clock_is_wrong(crew, till, minutes):
    call(till, crew)
    till.keyboard.press("Enter")
    expect(till.locator(".answer__gain")).to_be_visible()
    till.add_init_script(f"const now = Date.now; Date.now = () => now() + {minutes * 60_000};")
    till.reload()
    expect(till.locator(".till-last [data-clock]")).to_have_text(re.compile("^0:(10|0[1-9])$"))


# All keys at once, as the device sends them: sent one by one, a busy machine makes a slow typist of it.
USB_SCANNER = """code => { for (const key of [...code, "Enter"])
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })); }"""


def test_a_usb_scanner_is_read_wherever_the_focus_is_not_in_a_field(crew, till):
    till.evaluate(USB_SCANNER, static_code(crew.mia_card, crew.aroma))
    expect(till.locator(".till-member__name")).to_have_text("Mia")


def test_somebody_who_types_slowly_is_no_usb_scanner(crew, till):
    till.keyboard.type(crew.mia_card.spoken_code, delay=120)
    till.keyboard.press("Enter")
    expect(till.locator("#till")).to_have_attribute("data-step", "scan")
    expect(till.locator(".till-member__name")).to_have_count(0)


def test_without_a_camera_the_other_ways_come_first(till):
    expect(till.get_by_text("No camera found")).to_be_visible()
    ways, trouble = till.locator(".till-ways").bounding_box(), till.locator(".camera-trouble").bounding_box()
    assert ways["y"] < trouble["y"]
    assert all(way.bounding_box()["height"] >= 56 for way in till.locator(".till-way").all())


def test_the_sound_is_switched_off_and_stays_off(till):
    till.locator(".till-menu > summary").click()
    till.get_by_role("switch", name="Sound").click()
    till.reload()
    till.locator(".till-menu > summary").click()
    expect(till.get_by_role("switch", name="Sound")).to_have_attribute("aria-checked", "false")


def test_the_till_opens_without_a_network_and_knows_nobody_then(crew, till):
    call(till, crew)
    till.keyboard.press("Enter")
    expect(till.locator(".answer__gain")).to_contain_text("+18")
    is_kept = (
        "caches.keys().then(async names => { for (const name of names) { const cache = await caches.open(name);"
        "if ((await cache.keys()).some(kept => kept.url.includes('/scan/aroma/offline'))) return true } return false })"
    )
    wait_for(lambda: till.evaluate(is_kept), what="the till to keep its page")
    kept = till.evaluate(
        "caches.keys().then(async names => { const found = []; for (const name of names)"
        "{ const cache = await caches.open(name); for (const kept of await cache.keys())"
        "found.push([new URL(kept.url).pathname, (await (await cache.match(kept)).text()).includes('Mia')]) } return found })"
    )
    assert not [path for path, names_mia in kept if names_mia]
    assert {path for path, _names in kept if not path.startswith("/static/")} <= {
        "/scan/aroma/offline",
        "/c/aroma/theme.css",
    }
    assert any(path.endswith(".wasm") for path, _names in kept)
    till.context.set_offline(True)
    till.goto("/scan/aroma/")
    expect(till.get_by_text("No network.")).to_be_visible()
    expect(till.locator(".till-head__name")).to_have_text("Aroma")
    till.context.set_offline(False)
    expect(till.locator(".till-head__name")).to_have_text("Croix-Rousse")


def test_the_page_is_light(till):
    """Everything but the decoder and the fonts, which a phone keeps, as it goes over the wire."""
    answered = []

    def keep(response):
        if response.request.is_navigation_request():
            answered.clear()  # what the page before was still asking for has no body any more
        answered.append(response)

    till.on("response", keep)
    till.reload(wait_until="networkidle")
    weights = {}
    for response in answered:
        path = response.url.split("?")[0]
        if response.ok and not re.search(r"ponyfill|zxing|\.woff2", path):
            body = response.body()
            weights[path] = len(body) if path.endswith(".png") else len(gzip.compress(body))
    heaviest = sorted(weights.items(), key=lambda item: -item[1])[:5]
    assert len(weights) > 10
    assert sum(weights.values()) <= WIRE_MOST, heaviest
