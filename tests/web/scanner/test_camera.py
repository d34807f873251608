"""The main job as it happens: a phone's camera, a member's QR, an amount, points."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from core import qr, tenancy
from members.cards import rotating_code
from studio.links import poster_link
from tests.axe import faults_in_both_themes
from tests.fixtures.browsers import PHONE
from tests.web.scanner.conftest import as_staff, open_till, sign_in
from tests.world import points_of

pytestmark = pytest.mark.slow


@pytest.fixture
def till(crew, phone_with_camera):
    """Sam's phone, signed in, in front of Mia's card."""
    return sign_in(
        phone_with_camera(Image.open(io.BytesIO(qr.png(rotating_code(crew.mia_card, crew.aroma)))))
    )


def test_the_camera_reads_mias_card_and_the_amount_becomes_points(crew, till):
    expect(till.locator(".till-member__name")).to_have_text("Mia")
    for digit in ("1", "2", "00"):
        till.locator(f"[data-digit='{digit}']").click()
    expect(till.locator("#preview")).to_have_text("+18 = 12 × 1.5 (Gold)")
    expect(till.locator("#stamp")).to_have_text("Stamp +18")
    till.locator("#stamp").click()
    expect(till.locator(".answer__gain")).to_contain_text("+18")
    expect(till.locator(".answer__balance")).to_contain_text("1,218")
    expect(till.locator(".answer__reason")).to_have_text("12 × 1.5 (Gold)")
    assert points_of(crew.aroma, crew.mia) == 1218


def test_the_same_code_a_second_time_is_refused_in_clear_words(crew, till):
    expect(till.locator(".till-member__name")).to_have_text("Mia")
    till.locator("[data-digit='5']").click()
    till.locator("[data-digit='00']").click()
    till.locator("#stamp").click()
    expect(till.locator(".answer__gain")).to_contain_text("+7")
    till.locator("[data-next]").click()
    # The till lets a phone that is still there rest for some seconds before it reads it again.
    expect(till.locator(".problem__title")).to_have_text("Already scanned")
    assert points_of(crew.aroma, crew.mia) == 1207


def test_the_camera_reads_the_shops_poster_from_a_screen(crew, server, open_page, phone_with_camera):
    with tenancy.scope(crew.aroma.id):
        link = poster_link(crew.croix_rousse)
    desk = as_staff(open_page(), crew.olivia, server)
    desk.goto(f"/dashboard/aroma/studio/{link.id}/print/?format=a5&language=fr")
    poster = Image.open(io.BytesIO(desk.locator(".sheet__paper").screenshot())).convert("RGB")
    near = Image.new("RGB", (poster.height, poster.height), "white")
    near.paste(poster, ((poster.height - poster.width) // 2, 0))
    till = sign_in(phone_with_camera(near.resize((360, 360), Image.Resampling.LANCZOS)))
    expect(till.locator(".problem__title")).to_have_text("Not a card")
    expect(till.locator(".problem")).to_contain_text("This is your shop’s link")


def test_a_newcomer_is_enrolled_and_stamped_with_the_keyboard_alone(till_without_camera):
    till = till_without_camera
    till.get_by_role("button", name="New member").focus()
    till.keyboard.press("Enter")
    till.keyboard.type("Lea")
    till.keyboard.press("Tab")
    till.keyboard.type("06 11 22 33 44")
    till.keyboard.press("Enter")
    expect(till.locator(".till-member__name")).to_have_text("Lea")
    till.keyboard.type("450")
    till.keyboard.press("Enter")
    expect(till.locator(".answer__gain")).to_contain_text("+4")
    expect(till.locator(".answer__balance")).to_contain_text("54")


def test_a_till_that_lost_its_sign_in_goes_to_the_door_whole(till_without_camera):
    till = till_without_camera
    till.context.clear_cookies()
    till.get_by_role("button", name="Type a code").click()
    till.keyboard.type("ABC234")
    till.keyboard.press("Enter")
    till.wait_for_url("**/accounts/login/?next=/scan/aroma/")


def test_nobody_is_left_out_at_any_step(crew, server, open_page):
    page = open_till(open_page(viewport=PHONE), crew, server)
    steps = {
        "scan": lambda: None,
        "typing": lambda: page.get_by_role("button", name="Type a code").click(),
        "nobody": lambda: (page.fill("#find", "ZZZ999"), page.keyboard.press("Enter")),
        "amount": lambda: (page.fill("#find", crew.mia_card.spoken_code), page.keyboard.press("Enter")),
        "answer": lambda: (page.keyboard.type("1200"), page.keyboard.press("Enter")),
    }
    shown = {"nobody": ".problem", "amount": ".till-member", "answer": ".answer__gain"}
    for name, go in steps.items():
        go()
        expect(page.locator(shown.get(name, "#till"))).to_be_visible()
        assert (name, faults_in_both_themes(page)) == (name, [])
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
