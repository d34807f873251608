"""The card on a phone without a network, in a real browser: it opens, it draws codes that the till takes, and it forgets."""

import io
import json
import threading
import urllib.request

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from core import tenancy
from core.ids import new_id
from members.cards_replacing import replace_card
from tests.fixtures.browsers import PHONE
from tests.servers import PATIENCE_SECONDS, wait_for
from tests.web.card.conftest import link_path
from tests.world import buy

pytestmark = pytest.mark.slow

DATABASES = "indexedDB.databases().then(all => all.map(one => one.name))"
WORKERS = (
    "navigator.serviceWorker.getRegistrations().then(all => all.map(one => new URL(one.scope).pathname))"
)
SHELL = """home => caches.open(`habitue-card ${home}`)
  .then(cache => cache.match(`${home}offline`, {ignoreSearch: true, ignoreVary: true}))
  .then(found => found?.text())"""
KEPT = """new Promise((resolve) => {
  const asked = indexedDB.open("habitue-card /c/aroma/");
  asked.onsuccess = () => {
    const read = asked.result.transaction("card").objectStore("card").get("mine");
    read.onsuccess = () => { asked.result.close(); resolve(read.result); };
  };
})"""

ASLEEP = "window.awake === false && !history.state?.bright"


@pytest.fixture
def cast(server, world):
    """The cast, for the server's threads too."""
    return world


@pytest.fixture
def phone(cast, open_page):
    """Mia's phone, which has opened her card once and has kept it."""
    page = open_page(viewport=PHONE, device_scale_factor=2)
    open_card(page, cast.aroma, cast.mia)
    return page


def open_card(page, merchant, member):
    """By the link in an e-mail; done when the phone has kept what it needs."""
    page.goto(link_path(merchant, member))
    page.get_by_role("button", name="Open my card").click()
    page.wait_for_url(f"**/c/{merchant.slug}/")
    wait_for(lambda: page.evaluate(SHELL, f"/c/{merchant.slug}/"), what="the phone to keep the card")


def code_on(page):
    """What a till's camera reads from the screen."""
    picture = Image.open(io.BytesIO(page.locator("#code .qr-frame__stage").screenshot()))
    return zxingcpp.read_barcodes(picture.convert("RGB"))[0].text


def post_purchase(server, cast, code):
    """A purchase through the API, with the scanned text as it is."""
    body = json.dumps({"card": code, "amount": "12.00", "currency": "EUR"}).encode()
    headers = {
        "Authorization": f"Bearer {cast.aroma_key}",
        "Idempotency-Key": str(new_id()),
        "Content-Type": "application/json",
    }
    request = urllib.request.Request(f"{server.url}/api/v1/purchases", data=body, headers=headers)
    with urllib.request.urlopen(request) as answer:
        return answer.status, json.load(answer)


def test_the_card_opens_offline_and_its_code_is_taken_at_the_till(server, cast, phone):
    phone.context.set_offline(True)
    phone.goto("/c/aroma/")
    expect(phone.locator("#offline")).to_contain_text("No network")
    expect(phone.locator("[data-since]")).not_to_be_empty()
    expect(phone.locator(".card-balance")).to_contain_text("1,200")
    code = code_on(phone)
    status, answer = post_purchase(server, cast, code)
    assert (status, answer["awards"][0]["amount"]) == (201, 18)
    phone.context.set_offline(False)
    expect(phone.locator("#offline")).to_have_count(0)
    expect(phone.locator(".card-balance")).to_contain_text("1,218")


class Slow:
    """The application behind a network that is only half there: while `is_slow`, nothing answers for `seconds`."""

    def __init__(self, application):
        self.application, self.seconds, self.is_slow = application, 2 * PATIENCE_SECONDS, threading.Event()
        self.is_over = threading.Event()

    def __call__(self, environ, start_response):
        if self.is_slow.is_set():
            self.is_over.wait(self.seconds)
        return self.application(environ, start_response)


@pytest.fixture
def slow(server):
    slow = Slow(server.get_app())
    server.set_app(slow)
    yield slow
    slow.is_over.set()


def test_on_a_network_that_is_half_there_the_kept_card_opens_whole(slow, phone):
    slow.is_slow.set()
    # What the browser has fetched within the minute it would not ask for again; on the next day it does.
    phone.context.new_cdp_session(phone).send("Network.clearBrowserCache")
    phone.goto("/c/aroma/", wait_until="commit")
    expect(phone.locator("#offline")).to_contain_text("No network")
    expect(phone.locator("#code svg path").first).to_be_attached()  # by modules that no hash names
    slow.is_slow.clear()
    slow.is_over.set()
    expect(phone.locator("#offline")).to_have_count(0)


def test_a_page_that_takes_its_time_is_waited_for_if_it_is_not_the_card_itself(slow, phone):
    slow.seconds = 4.5  # longer than the worker waits for the card
    slow.is_slow.set()
    phone.goto("/c/aroma/history", wait_until="commit")
    assert phone.url.endswith("/c/aroma/history")


def test_another_page_of_the_card_leads_to_it_when_there_is_no_network(phone):
    phone.context.set_offline(True)
    phone.goto("/c/aroma/history")
    phone.wait_for_url("**/c/aroma/")
    expect(phone.locator("#code svg path").first).to_be_attached()


@pytest.mark.parametrize("minutes", [-90, 7])
def test_a_phone_whose_clock_is_wrong_draws_the_right_code(server, cast, open_page, minutes):
    page = open_page(viewport=PHONE, device_scale_factor=2)
    page.add_init_script(f"const now = Date.now; Date.now = () => now() + {minutes * 60_000};")
    open_card(page, cast.aroma, cast.mia)
    page.context.set_offline(True)
    page.goto("/c/aroma/")
    expect(page.locator("#code svg path").first).to_be_attached()
    status, _answer = post_purchase(server, cast, code_on(page))
    assert status == 201


def test_the_key_on_the_phone_can_be_used_and_not_taken_out(phone):
    assert phone.evaluate(f"{KEPT}.then(mine => mine.key.extractable)") is False
    refusal = phone.evaluate(
        f"{KEPT}.then(mine => crypto.subtle.exportKey('raw', mine.key)).catch(error => error.name)"
    )
    assert refusal == "InvalidAccessError"


def test_the_worker_keeps_nothing_of_the_member(cast, phone):
    kept = phone.evaluate(
        "caches.open('habitue-card /c/aroma/').then(cache => cache.keys().then(all => "
        "Promise.all(all.map(one => cache.match(one).then(found => found.text())))))"
    )
    for text in kept:
        assert "Mia" not in text
        assert "1,200" not in text
        assert cast.mia_card.spoken_code[:3] + "\u00a0" + cast.mia_card.spoken_code[3:] not in text


def test_forgetting_the_device_leaves_nothing_of_this_card_and_all_of_the_others(cast, phone):
    open_card(phone, cast.bloom, cast.zoe)
    assert sorted(phone.evaluate(DATABASES)) == ["habitue-card /c/aroma/", "habitue-card /c/bloom/"]
    phone.goto("/c/aroma/me")
    phone.locator("form[action$='sign-out'] button").click()
    phone.wait_for_url("**/c/aroma/join")
    wait_for(lambda: "habitue_forget" not in phone.evaluate("document.cookie"), what="the phone to forget")
    assert phone.evaluate(DATABASES) == ["habitue-card /c/bloom/"]
    assert phone.evaluate(WORKERS) == ["/c/bloom/"]
    assert phone.evaluate("caches.keys()") == ["habitue-card /c/bloom/"]


def test_a_card_that_was_replaced_is_wiped_from_the_phone(cast, phone):
    with tenancy.scope(cast.aroma.id):
        replace_card(member=cast.mia, actor="member")
    phone.wait_for_url("**/c/aroma/join")
    wait_for(lambda: "habitue_forget" not in phone.evaluate("document.cookie"), what="the phone to forget")
    assert phone.evaluate(DATABASES) == []
    assert phone.evaluate(WORKERS) == []


def test_the_next_member_on_the_same_phone_finds_only_their_own(cast, phone):
    open_card(phone, cast.aroma, cast.noah)
    wait_for(
        lambda: phone.evaluate(f"{KEPT}.then(mine => mine?.parts.balance.includes('Noah'))"),
        what="Noah's card",
    )
    wait_for(lambda: phone.evaluate(SHELL, "/c/aroma/"), what="the page to be kept anew")
    phone.context.set_offline(True)
    phone.goto("/c/aroma/")
    expect(phone.locator("#balance")).to_contain_text("Noah")
    assert "Mia" not in phone.content()


def test_a_purchase_lands_and_the_next_code_is_there_at_once(server, cast, phone):
    before = code_on(phone)
    post_purchase(server, cast, before)
    expect(phone.locator("#card")).to_have_attribute("data-side", "quiet")
    expect(phone.locator(".card-gain")).to_have_text("+18")
    expect(phone.locator("#said")).to_have_text("+18 points. You have 1,218 points.")
    phone.locator("#quiet").get_by_role("link", name="Show my card").last.click()
    after = code_on(phone)
    assert after != before
    assert post_purchase(server, cast, after)[0] == 201


def test_who_wants_no_motion_gets_none(cast, open_page):
    page = open_page(viewport=PHONE, reduced_motion="reduce")
    open_card(page, cast.aroma, cast.mia)
    page.evaluate("() => { navigator.vibrate = () => { window.shaken = true; }; }")
    buy(cast.aroma, cast.mia, 1200)
    expect(page.locator(".card-gain")).to_have_text("+18")
    assert page.locator(".card-gain").evaluate("node => getComputedStyle(node).animationName") == "none"
    assert page.evaluate("window.shaken") is None


def test_the_code_fills_the_screen_and_keeps_it_awake_until_a_tap_escape_or_the_way_back(phone):
    phone.evaluate(
        "navigator.wakeLock.request = async () => "
        "{ window.awake = true; return { release: () => { window.awake = false; } }; }"
    )
    for close in (
        lambda: phone.keyboard.press("Escape"),
        lambda: phone.mouse.click(180, 60),
        phone.go_back,
    ):
        phone.locator("#code [data-bright]").focus()
        phone.keyboard.press("Enter")
        expect(phone.locator("#bright")).to_be_visible()
        assert phone.evaluate("window.awake") is True
        picture = Image.open(io.BytesIO(phone.screenshot()))
        assert "/q/" in zxingcpp.read_barcodes(picture.convert("RGB"))[0].text
        close()
        expect(phone.locator("#bright")).to_be_hidden()
        wait_for(lambda: phone.evaluate(ASLEEP), what="the phone to sleep again")


def test_the_card_turns_by_key_and_the_focus_goes_with_it(phone):
    phone.locator("#balance [data-turn]").focus()
    phone.keyboard.press("Enter")
    expect(phone.locator("#quiet")).to_be_visible()
    assert phone.evaluate("document.activeElement.closest('#quiet') !== null")
    phone.keyboard.press("Enter")
    expect(phone.locator("#code")).to_be_visible()
