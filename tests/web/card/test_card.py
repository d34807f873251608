"""The card: a code that can be scanned, the balance, the way to the next tier, and why every point came."""

import json
import re
import time

import pytest
import time_machine
import zxingcpp
from babel.dates import format_date
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.text import capfirst
from django.utils.translation import get_language
from PIL import Image

from core import tenancy
from core.ids import new_id, read_id
from loyalty.purchases.cancelling import cancel_purchase
from members import cards
from members.links import Claim, Purpose, sign
from tests.core.test_qr import drawn
from tests.web.card.conftest import phone_of, words_of
from tests.world import buy, today_at
from web.card.session import COOKIE

HTMX = {"HX-Request": "true"}


def with_eyes(picture, *, scale=6):
    """The corners' marks, which the page draws round and `drawn` leaves out; square here."""
    far = picture.width - 7 * scale
    for left, top in ((0, 0), (far, 0), (0, far)):
        for inset, colour in ((0, 0), (1, 255), (2, 0)):
            box = [
                left + inset * scale,
                top + inset * scale,
                left + (7 - inset) * scale,
                top + (7 - inset) * scale,
            ]
            picture.paste(colour, tuple(box))
    return picture


def code_in(response):
    """What the page's QR says, read as a scanner reads it."""
    path = re.search(r"<svg xmlns=.*?</svg>", response.content.decode())[0]
    picture = with_eyes(drawn(path))
    quiet = Image.new("L", (picture.width + 80, picture.height + 80), 255)
    quiet.paste(picture, (40, 40))
    return zxingcpp.read_barcodes(quiet)[0].text


def test_the_card_shows_a_code_that_names_mia_for_half_a_minute(world, mias_phone):
    text = code_in(mias_phone.get("/c/aroma/"))
    scanned = cards.read(text, world.aroma)
    assert (scanned.serial, scanned.expired) == (world.mia_card.serial, False)
    assert cards.read(text, world.aroma, now=time.time() + 61).expired


def test_a_code_that_has_served_stays_only_until_the_next_one_is_good(world, mias_phone):
    """Two purchases in a row use this step's code and the next one's: the one after that is not good yet."""
    step = int(time.time()) // cards.STEP_SECONDS + 2
    with tenancy.scope(world.aroma.id):
        world.mia_card.last_step = step + 1
        world.mia_card.save(update_fields=["last_step"])
    with time_machine.travel(step * cards.STEP_SECONDS + 3, tick=False):
        page = mias_phone.get("/c/aroma/code").content.decode()
    assert 'data-seconds="7"' in page
    assert f'data-used="{step + 1}"' in page


def test_the_card_shows_balance_tier_spoken_code_and_the_story(world, mias_phone):
    said = words_of(mias_phone.get("/c/aroma/"))
    spoken = world.mia_card.spoken_code
    assert f"say: {spoken[:3]}\u00a0{spoken[3:]}".replace("\u00a0", " ") in said.replace("\u00a0", " ")
    assert "Hello Mia, you have 1,200 points" in said
    assert "Gold €934 so far" in said
    assert "+649 433 × 1.5 (Gold)" in said
    assert "+50 Welcome" in said


def test_the_way_to_the_next_tier_is_told_in_money(world):
    said = words_of(phone_of(world.aroma, world.noah).get("/c/aroma/"))
    assert "€250 to Silver" in said
    assert "From Silver on, your points count × 1.25" in said


def test_a_purchase_shows_up_on_the_next_look_and_only_then(world, mias_phone):
    page = mias_phone.get("/c/aroma/").content.decode()
    seen = re.search(r"data-seen=\"([^\"]+)", page)[1]
    quiet = mias_phone.get("/c/aroma/live", {"seen": seen}, headers=HTMX)
    assert (quiet.status_code, quiet.content) == (204, b"")
    buy(world.aroma, world.mia, 1200)
    said = words_of(mias_phone.get("/c/aroma/live", {"seen": seen}, headers=HTMX))
    assert "1,218 points" in said
    assert "+18" in said
    assert "12 × 1.5 (Gold)" in said


def test_a_cancelled_purchase_is_told_as_taken_back(world, mias_phone):
    purchase = read_id("pur", json.loads(buy(world.aroma, world.mia, 1200))["id"])
    seen = re.search(r"data-seen=\"([^\"]+)", mias_phone.get("/c/aroma/").content.decode())[1]
    with tenancy.scope(world.aroma.id):
        cancel_purchase(merchant=world.aroma, purchase_id=purchase, key=new_id(), actor_id=None)
    live = mias_phone.get("/c/aroma/live", {"seen": seen}, headers=HTMX)
    assert 'data-said="\u221218 points. You have 1,200 points."' in live.content.decode()
    said = words_of(mias_phone.get("/c/aroma/history"))
    assert "\u221218 Purchase of €12.00 cancelled" in said
    assert "+18 12 × 1.5 (Gold)" in said


def test_lines_stand_under_their_months_and_a_month_that_goes_on_is_said_once(world, mias_phone):
    month = capfirst(format_date(today_at(world.aroma), "LLLL", locale="en"))
    for _i in range(25):
        buy(world.aroma, world.mia, 1000)
    first = mias_phone.get("/c/aroma/history")
    older = re.search(r'hx-get="([^"]+)"', first.content.decode())[1].replace("&amp;", "&")
    assert f"<h2>{month}</h2>" in first.content.decode()
    assert f"<h2>{month}</h2>" not in mias_phone.get(older, headers=HTMX).content.decode()


def test_the_quiet_side_is_there_without_a_script(mias_phone):
    assert 'data-side="code"' in mias_phone.get("/c/aroma/").content.decode()
    assert 'data-side="quiet"' in mias_phone.get("/c/aroma/", {"side": "quiet"}).content.decode()


@pytest.mark.parametrize("seen", ["", "nonsense", "-5.1.1", "9" * 40, "١.1.1", "\x00"])
def test_whatever_a_browser_says_it_has_seen_is_no_error(world, mias_phone, seen):
    assert mias_phone.get("/c/aroma/live", {"seen": seen}, headers=HTMX).status_code == 200


def test_the_code_renews_as_a_fragment(world, mias_phone):
    response = mias_phone.get("/c/aroma/code", headers=HTMX)
    assert response.content.decode().lstrip().startswith('<div class="card-code"')
    assert cards.read(code_in(response), world.aroma).serial == world.mia_card.serial
    assert 1 <= int(re.search(r'data-seconds="(\d+)"', response.content.decode())[1]) <= 30


def test_older_lines_come_on_demand_with_and_without_javascript(world, mias_phone):
    for _i in range(25):
        buy(world.aroma, world.mia, 1000)
    first = mias_phone.get("/c/aroma/history")
    before = re.search(r"history\?before=([0-9a-f-]+)", first.content.decode())[1]
    page = mias_phone.get("/c/aroma/history", {"before": before})
    part = mias_phone.get("/c/aroma/history", {"before": before}, headers=HTMX)
    assert words_of(first).count("10 × 1.5 (Gold)") == 20
    assert words_of(page).count("10 × 1.5 (Gold)") == words_of(part).count("10 × 1.5 (Gold)") == 5
    assert "Welcome" in words_of(page)
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "\x00", "٣"])
def test_a_page_that_does_not_exist_is_the_first_one(world, mias_phone, before):
    response = mias_phone.get("/c/aroma/history", {"before": before})
    assert response.status_code == 200
    assert "+50 Welcome" in words_of(response)


def test_the_card_speaks_the_members_language_until_the_visitor_switches(world):
    with tenancy.scope(world.aroma.id):
        world.mia.locale = "fr"
        world.mia.save(update_fields=["locale"])
    phone = phone_of(world.aroma, world.mia)
    page = phone.get("/c/aroma/", headers={"accept-language": "en"})
    assert '<html lang="fr"' in page.content.decode()
    assert page.headers["Content-Language"] == "fr"
    assert "433 × 1,5 (Gold)" in words_of(page)
    phone.post("/language", {"language": "en", "next": "/c/aroma/"})
    assert '<html lang="en"' in phone.get("/c/aroma/").content.decode()


def test_a_card_page_leaves_no_language_behind_in_the_thread(world, client):
    with tenancy.scope(world.aroma.id):
        world.mia.locale = "fr"
        world.mia.save(update_fields=["locale"])
    phone_of(world.aroma, world.mia).get("/c/aroma/", headers={"accept-language": "en"})
    assert get_language() == "en"


def test_the_cookie_is_signed_hidden_and_of_this_merchants_pages_only(world, mias_phone, settings):
    cookie = mias_phone.get("/c/aroma/").cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/c/aroma/", True, "Lax")
    assert cookie["max-age"] == 365 * 24 * 3600


def test_aromas_cookie_opens_nothing_at_bloom(world):
    phone = phone_of(world.aroma, world.mia)
    for path in ("", "code", "live", "history", "me"):
        assert phone.get(f"/c/bloom/{path}").url == "/c/bloom/join"


def test_a_member_of_bloom_signed_for_aroma_is_nobody(world):
    phone = phone_of(world.aroma, world.zoe)
    assert phone.get("/c/aroma/").url == "/c/aroma/join"


@pytest.mark.parametrize("broken", ["", "x", "a.b.c", "%00", "A" * 5000])
def test_a_cookie_that_is_not_ours_opens_nothing(world, client, broken):
    client.cookies[COOKIE] = broken
    assert client.get("/c/aroma/").url == "/c/aroma/join"


def test_an_altered_cookie_opens_nothing(world, client):
    true = sign(Claim(world.aroma.id, world.mia.id, 1), Purpose.SESSION)
    body, stamp, mac = true.split(".")
    other = sign(Claim(world.aroma.id, world.noah.id, 1), Purpose.SESSION).split(".")[0]
    for forged in (f"{other}.{stamp}.{mac}", f"{body}.{stamp}.{mac[::-1]}", f"{body}.1ZZZZZ.{mac}", body):
        client.cookies[COOKIE] = forged
        assert client.get("/c/aroma/").url == "/c/aroma/join"


def test_a_link_is_no_cookie_and_a_cookie_no_link(world, client):
    client.cookies[COOKIE] = sign(Claim(world.aroma.id, world.mia.id, 1), Purpose.LINK)
    assert client.get("/c/aroma/").url == "/c/aroma/join"
    session = sign(Claim(world.aroma.id, world.mia.id, 1), Purpose.SESSION)
    assert client.get(f"/c/aroma/link/{session}").status_code == 410


def test_replacing_the_card_signs_every_browser_out(world, mias_phone):
    with tenancy.scope(world.aroma.id):
        world.mia_card.generation = 2
        world.mia_card.save(update_fields=["generation"])
    response = mias_phone.get("/c/aroma/")
    assert response.url == "/c/aroma/join"
    assert response.cookies[COOKIE].value == ""


def test_htmx_without_a_card_sends_the_whole_page_to_the_door(world, client):
    response = client.get("/c/aroma/live", headers=HTMX)
    assert response.headers["HX-Redirect"] == "/c/aroma/join"


def test_nothing_of_a_card_is_kept_by_caches(world, mias_phone):
    for path in ("", "code", "live", "history", "me"):
        assert "no-store" in mias_phone.get(f"/c/aroma/{path}").headers["Cache-Control"]


def test_pages_carry_no_inline_style_or_script(world, mias_phone):
    for path in ("", "history", "me"):
        page = mias_phone.get(f"/c/aroma/{path}").content.decode()
        assert " style=" not in page
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)


@pytest.mark.parametrize(
    ("path", "most"), [("", 10), ("live", 10), ("rewards", 10), ("history", 8), ("code", 3), ("me", 6)]
)
def test_a_page_costs_few_queries(world, mias_phone, path, most):
    for _i in range(10):
        buy(world.aroma, world.mia, 1000)
    mias_phone.get(f"/c/aroma/{path}")
    with CaptureQueriesContext(connection) as queries:
        mias_phone.get(f"/c/aroma/{path}")
    # A test runs inside a transaction, so entering and leaving the scope shows up as savepoints and a second set_config.
    asked = [query["sql"] for query in queries if not query["sql"].startswith(OF_THE_TEST)]
    assert len(asked) <= most, "\n".join(asked)


OF_THE_TEST = ("SAVEPOINT", "RELEASE SAVEPOINT", "SELECT set_config('app.merchant_id', ''")
