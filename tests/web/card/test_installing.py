"""The card as an app of the merchant's own: manifest, icons, worker, the page to keep, and the key for one phone."""

import base64
import gzip
import hmac
import io
import json
import posixpath
import re
import struct
import time
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from core import tenancy
from members import cards
from tests.web.card.conftest import link_path, phone_of
from web.card.installing import short_name

MOST_BYTES = 60_000  # of the page and all it loads, before fonts
LONG_NAME = "Boulangerie-pâtisserie des Tables-Claudiennes"


def test_the_manifest_is_the_merchants_own(world, client):
    answer = client.get("/c/aroma/manifest.webmanifest")
    manifest = json.loads(answer.content)
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert (manifest["name"], manifest["display"]) == ("Aroma", "standalone")
    assert manifest["start_url"] == manifest["scope"] == manifest["id"] == "/c/aroma/"
    assert manifest["theme_color"] == world.aroma.brand_colour


def test_each_icon_of_the_manifest_is_a_picture_of_its_size_in_the_merchants_colour(world, client):
    manifest = json.loads(client.get("/c/aroma/manifest.webmanifest").content)
    for icon in manifest["icons"]:
        answer = client.get(icon["src"])
        picture = Image.open(io.BytesIO(answer.content))
        assert (answer.headers["Content-Type"], f"{picture.width}x{picture.height}") == (
            "image/png",
            icon["sizes"],
        )
        assert (
            "#{:02x}{:02x}{:02x}".format(*picture.convert("RGB").getpixel((0, 0))) == manifest["theme_color"]
        )
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


@pytest.mark.parametrize("path", ["icon-1.png", "icon-100000.png", "icon-.png", "icon-512.svg"])
def test_an_icon_of_another_size_does_not_exist(world, client, path):
    assert client.get(f"/c/aroma/{path}").status_code == 404


@pytest.mark.parametrize(
    ("name", "short"),
    [("Aroma", "Aroma"), ("Le Petit Salon", "Le Petit"), (LONG_NAME, "Boulangerie-pâtisserie")],
)
def test_under_an_icon_stands_as_much_of_the_name_as_fits(name, short):
    assert short_name(name) == short


def test_the_worker_lies_under_the_merchants_path_and_asks_for_no_more(world, client):
    answer = client.get("/c/aroma/worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in answer.headers
    assert client.get("/c/nobody/worker.js").status_code == 404


def test_the_page_that_is_kept_knows_nobody(world, mias_phone):
    page = mias_phone.get("/c/aroma/offline").content.decode()
    code = world.mia_card.spoken_code
    for canary in ("Mia", "1,200", f"{code[:3]}\u00a0{code[3:]}", str(world.mia.id)):
        assert canary not in page
    assert page == Client().get("/c/aroma/offline", headers={"accept-language": "en"}).content.decode()


def test_a_new_look_is_a_new_page_to_keep(world, mias_phone):
    def kept():
        return re.search(r'data-shell="([^"]+)"', mias_phone.get("/c/aroma/").content.decode())[1]

    before = kept()
    assert kept() == before
    world.aroma.name = LONG_NAME
    with tenancy.scope(world.aroma.id):
        world.aroma.save(update_fields=["name"])
    assert kept() != before


def test_a_phone_that_holds_the_card_gets_its_key_and_draws_what_the_till_takes(world, mias_phone):
    answer = mias_phone.post("/c/aroma/key")
    assert "no-store" in answer.headers["Cache-Control"]
    given = answer.json()
    step = struct.pack(">I", int(time.time()) // cards.STEP_SECONDS)
    mac = hmac.digest(base64.b64decode(given["key"]), step, "sha256")[: cards.MAC_BYTES]
    body = base64.b32encode(bytes.fromhex(given["head"]) + step + mac).decode().rstrip("=")
    scanned = cards.read(f"http://x/q/{body}", world.aroma)
    assert (scanned.serial, scanned.expired) == (world.mia_card.serial, False)


def test_the_key_is_in_no_page(world, mias_phone):
    key = base64.b64decode(mias_phone.post("/c/aroma/key").json()["key"])
    for path in ("", "code", "live", "history", "me", "offline"):
        page = mias_phone.get(f"/c/aroma/{path}").content
        assert base64.b64encode(key) not in page
        assert key.hex().encode() not in page


def test_nobody_else_gets_the_key(world, client):
    assert client.post("/c/aroma/key").status_code == 302
    assert phone_of(world.aroma, world.mia).post("/c/bloom/key").status_code == 302
    assert phone_of(world.aroma, world.mia, generation=2).post("/c/aroma/key").status_code == 302
    assert phone_of(world.aroma, world.mia).get("/c/aroma/key").status_code == 405
    assert phone_of(world.aroma, world.mia, enforce_csrf_checks=True).post("/c/aroma/key").status_code == 403


def test_the_key_is_not_given_out_by_the_dozen(world, mias_phone):
    answers = [mias_phone.post("/c/aroma/key").status_code for _i in range(31)]
    assert answers == [200] * 30 + [429]


def test_raising_the_generation_ends_the_key(world, mias_phone):
    before = mias_phone.post("/c/aroma/key").json()
    with tenancy.scope(world.aroma.id):
        world.mia_card.generation = 2
        world.mia_card.save(update_fields=["generation"])
    assert mias_phone.post("/c/aroma/key").status_code == 302
    after = phone_of(world.aroma, world.mia, generation=2).post("/c/aroma/key").json()
    assert before["key"] != after["key"]
    assert before["head"] != after["head"]


def test_whoever_is_let_go_is_told_to_forget(world, mias_phone):
    answer = mias_phone.post("/c/aroma/sign-out")
    mark = answer.cookies["habitue_forget"]
    assert (mark.value, mark["path"], mark["httponly"]) == ("1", "/c/aroma/", "")


def test_a_phone_that_held_another_members_card_is_told_to_forget_it(world, mias_phone):
    hers = mias_phone.post(link_path(world.aroma, world.mia))
    assert "habitue_forget" not in hers.cookies
    his = mias_phone.post(link_path(world.aroma, world.noah))
    assert his.cookies["habitue_forget"].value == "1"


def test_only_the_phone_says_that_it_has_forgotten(world, mias_phone):
    mias_phone.post("/c/aroma/sign-out")
    answer = mias_phone.post(link_path(world.aroma, world.mia))
    assert "habitue_forget" not in answer.cookies
    assert mias_phone.cookies["habitue_forget"].value == "1"


@pytest.mark.parametrize("page", ["me", "history", "me/erase"])
def test_every_page_but_the_card_itself_looks_whether_to_forget(world, mias_phone, page):
    assert "js/card/door" in mias_phone.get(f"/c/aroma/{page}").content.decode()


def test_the_card_weighs_little_over_the_wire(world, mias_phone):
    page = mias_phone.get("/c/aroma/", headers={"accept-encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    html = gzip.decompress(page.content).decode()
    weights = {"the page": len(page.content), "the theme": len(mias_phone.get("/c/aroma/theme.css").content)}
    waiting = re.findall(r'(?:href|src)="/static/([^"]+)"', html)
    while waiting:
        name = waiting.pop()
        if name in weights or name.endswith(".woff2"):
            continue
        content = Path(finders.find(name)).read_bytes()
        weights[name] = len(gzip.compress(content, 9))
        if name.startswith("js/card/"):
            imported = re.findall(r'from "([^"]+)"', content.decode())
            waiting += [posixpath.normpath(f"js/card/{path}") for path in imported]
    assert "vendor/lean-qr/index.mjs" in weights
    assert sum(weights.values()) <= MOST_BYTES, weights
