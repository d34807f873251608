"""Taking a scan back at the till, as HTTP: whose, how long, how often."""

import datetime as dt
import re
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.utils import timezone
from PIL import Image

from core.ids import new_id
from members.cards import static_code
from tests.web.card.conftest import phone_of
from tests.web.scanner.conftest import HTMX, Till, words_of
from tests.world import points_of, signed_in
from web.card import offline
from web.scanner import installing


def scan(till, world, amount="12"):
    """The address of its undo."""
    answer = till.stamp(static_code(world.mia_card, world.aroma), amount)
    return re.search(r'data-cancels="([^"]+)"', answer.content.decode())[1]


def press(till, address):
    return till.client.post(address, headers=HTMX)


def test_ones_own_scan_is_taken_back_however_often_the_button_is_pressed(world, till):
    undo = scan(till, world)
    assert points_of(world.aroma, world.mia) == 1218
    first, again = press(till, undo), press(till, undo)
    assert (first.status_code, again.status_code) == (201, 200)
    assert "+18 taken back Mia 1,200 points The purchase of €12.00 is cancelled." in words_of(first)
    assert words_of(again) == words_of(first)
    assert points_of(world.aroma, world.mia) == 1200
    assert "is-undone" in till.open().content.decode()


def test_after_the_seconds_a_cashier_is_sent_to_a_manager_who_can(world, till):
    undo = scan(till, world)
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=31)):
        late = press(till, undo)
        assert late.status_code == 403
        assert "Ask a manager" in words_of(late)
        assert points_of(world.aroma, world.mia) == 1218
        assert press(Till(world.olivia), undo).status_code == 201
    assert points_of(world.aroma, world.mia) == 1200


def test_a_cashier_takes_back_nobody_elses_scan(world, till):
    assert press(till, scan(Till(world.olivia), world)).status_code == 403
    assert points_of(world.aroma, world.mia) == 1218


def test_strangers_and_other_merchants_find_nothing(world, till):
    undo = scan(till, world)
    assert press(Till(world.petra), undo).status_code == 404
    assert press(Till(world.petra, "bloom"), undo.replace("aroma", "bloom")).status_code == 404
    unknown = re.sub(r"[0-9a-f-]{36}", str(new_id()), undo)
    assert press(till, unknown).status_code == 404
    assert points_of(world.aroma, world.mia) == 1218


def test_without_javascript_undo_is_a_button_that_answers_with_the_page(world, plain_till):
    answer = plain_till.stamp(static_code(world.mia_card, world.aroma), "12").content.decode()
    [undo] = re.findall(r'<form class="undo" method="post" action="([^"]+)"', answer)
    response = plain_till.client.post(undo)
    assert response.status_code == 201
    assert "<html" in response.content.decode()
    assert points_of(world.aroma, world.mia) == 1200


def test_an_answer_that_comes_late_offers_no_undo_that_would_be_refused(world, till):
    key = new_id()
    code = static_code(world.mia_card, world.aroma)
    till.stamp(code, "12", key)
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=60)):
        assert 'data-cancels=""' in till.stamp(code, "12", key).content.decode()


def test_the_till_installs_as_an_app_of_its_own(world, client):
    manifest = client.get("/scan/aroma/manifest.webmanifest")
    said = manifest.json()
    assert manifest.headers["Content-Type"].startswith("application/manifest+json")
    assert (said["start_url"], said["scope"], said["display"]) == (
        "/scan/aroma/",
        "/scan/aroma/",
        "standalone",
    )
    assert "Aroma" in said["name"]
    assert {(icon["sizes"], icon["purpose"]) for icon in said["icons"]} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip
    for icon in said["icons"]:
        with Image.open(finders.find(icon["src"].removeprefix("/static/"))) as drawing:
            assert f"{drawing.width}x{drawing.height}" == icon["sizes"]


def test_its_worker_and_its_kept_page_are_public_and_know_nobody(world, till, client):
    scan(till, world)
    worker = client.get("/scan/aroma/worker.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert "no-cache" in worker.headers["Cache-Control"]
    shell = client.get("/scan/aroma/offline")
    page = shell.content.decode()
    assert shell.status_code == 200
    assert not re.search(r'Mia|Sam|csrfmiddlewaretoken" value="\w', page)
    assert " style=" not in page
    assert client.get("/scan/nowhere/offline").status_code == 404


@pytest.mark.parametrize(
    ("begins", "counted"),
    [
        ("js/card/card.js", offline.SHELL.modules),
        ("js/scanner/scanner.js", installing.SHELL.modules),
        ("js/scanner/preview.js", installing.SHELL.modules),
        ("vendor/barcode-detector/ponyfill.js", installing.SHELL.modules),
    ],
)
def test_every_module_of_a_kept_page_counts_towards_its_version(begins, counted):
    waiting, found = [Path(finders.find(begins))], set()
    while waiting:
        module = waiting.pop().resolve()
        if module not in found:
            found.add(module)
            waiting += [module.parent / path for path in re.findall(r'from "(\.[^"]+)"', module.read_text())]
    assert found <= {path.resolve() for path in counted}


def test_card_and_story_tell_of_both_the_purchase_and_its_end(world, till):
    press(till, scan(till, world))
    on_card = words_of(phone_of(world.aroma, world.mia).get("/c/aroma/history"))
    assert "Purchase of €12.00 cancelled" in on_card
    assert "Croix-Rousse · €12.00 · cancelled" in on_card
    story = words_of(signed_in(world.olivia).get(f"/dashboard/aroma/members/{world.mia.id}/"))
    assert "Purchase of €12.00 cancelled" in story
