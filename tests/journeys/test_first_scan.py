"""The whole story in a real browser: an owner opens shop, a member joins, a cashier's camera scans, points arrive."""

import io
import re
from email import message_from_bytes, policy

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from core import tenancy
from loyalty.ledger import statements
from merchants.models import Merchant
from tests.fixtures.browsers import PHONE

OWNER, PASSWORD = "nadia@lechat.example", "un chat dort sur la caisse"


def decoded(picture: Image.Image) -> str:
    """What a QR in a picture says, by a real decoder."""
    [found] = zxingcpp.read_barcodes(picture.convert("RGB"))
    return found.text


def photograph(page: Page, selector: str) -> Image.Image:
    """A picture of a part of the page, as a camera would see it."""
    return Image.open(io.BytesIO(page.locator(selector).first.screenshot()))


@pytest.mark.timeout(180)
def test_from_sign_up_to_points_on_the_card(server, worker, mail_folder, open_page, phone_with_camera):
    desk = open_page()
    sign_up(desk)
    open_shop(desk)
    set_programme(desk)
    address = take_poster(desk, server.url)

    member = open_page(viewport=PHONE)
    join(member, address)
    expect(member.locator("#balance, .card-balance").first).to_contain_text("0")
    prove_address(member, worker, mail_folder, server.url)
    code = photograph(member, ".qr-frame svg, .qr-frame img, .qr-frame")
    assert decoded(code).startswith(f"{server.url}/q/")

    till = phone_with_camera(code, storage_state=desk.context.storage_state(), permissions=["camera"])
    scan(till)

    expect(member.get_by_text("12 for €12.50")).to_be_visible(timeout=15_000)
    expect(member.locator("#balance, .card-balance").first).to_contain_text("12")

    worker.deliver()
    letter = newest_letter(mail_folder, to="mia@example.org")
    assert letter["Subject"] == "+12 points at Le Chat"
    other_phone = open_page(viewport=PHONE)
    other_phone.goto(link_in(letter, server.url))
    other_phone.get_by_role("button", name="Open my card").click()
    expect(other_phone.get_by_text("12 for €12.50")).to_be_visible()

    desk.goto("/dashboard/le-chat/")
    expect(desk.locator(".stats")).to_contain_text("Points given")
    figures = desk.locator(".stats").inner_text()
    assert re.search(r"Members\s+1\b", figures)
    assert re.search(r"Visits\s+1\b", figures)
    assert re.search(r"Points given\s+12\b", figures)
    expect(desk.locator("#live")).to_contain_text("Mia")

    merchant = Merchant.objects.get(slug="le-chat")
    with tenancy.scope(merchant.id):
        assert statements.prove() == []


def sign_up(desk: Page) -> None:
    """From the front page, with the link that came by e-mail."""
    desk.goto("/")
    desk.get_by_role("link", name="Sign up").or_(desk.locator("a[href*='/accounts/signup']")).first.click()
    desk.get_by_label("E-mail").fill(OWNER)
    desk.get_by_label("Password", exact=True).fill(PASSWORD)
    desk.get_by_role("button", name="Sign up").click()
    expect(desk).to_have_url(re.compile("confirm-email"))
    desk.goto("/dev/mail")
    desk.get_by_role("link").filter(has_text=re.compile("nadia|confirm", re.IGNORECASE)).first.click()
    desk.locator("a[href*='confirm-email']").first.click()
    desk.get_by_role("button", name="Yes, confirm").click()


def open_shop(desk: Page) -> None:
    """A merchant with its first location."""
    desk.goto("/dashboard/")
    desk.get_by_label("Name", exact=False).first.fill("Le Chat")
    desk.locator("[name=location_name]").fill("Rue Cler")
    desk.locator("[name=currency]").select_option("EUR")
    desk.get_by_role("button", name="Open the shop").click()
    expect(desk).to_have_url(re.compile("/dashboard/le-chat/"))


def set_programme(desk: Page) -> None:
    """The starter ladder, one tier renamed, one added."""
    desk.goto("/dashboard/le-chat/programme/")
    desk.get_by_role("button", name="Start with Bronze, Silver, Gold").click()
    names = desk.locator(".rung [name$=name]")
    expect(names).to_have_count(3)
    assert [name.input_value() for name in names.all()] == ["Gold", "Silver", "Bronze"]
    rung = desk.locator(".rung").first
    rung.locator("[name$=name]").fill("Chat d'or")
    rung.locator("[name$=name]").press("Enter")
    expect(desk.locator(".phone__tiers").get_by_text("Chat d'or")).to_have_count(1)
    desk.get_by_text("Add a tier").click()
    new = desk.locator(".add-tier", has_text="Add a tier")
    new.locator("[name$=name]").fill("Tigre")
    new.locator("[name$=threshold]").fill("1000")
    new.locator("[name$=multiplier]").fill("2")
    new.get_by_role("button", name="Add").click()
    expect(names).to_have_count(4)
    assert [name.input_value() for name in names.all()] == ["Tigre", "Chat d'or", "Silver", "Bronze"]
    desk.get_by_role("link", name="Publish…").click()
    desk.get_by_role("button", name="Publish", exact=True).click()
    expect(desk.get_by_text("Version 2 is in force.")).to_be_visible()


def take_poster(desk: Page, base: str) -> str:
    """Both files download; the PNG is decoded for real. The address that it opens."""
    desk.goto("/dashboard/le-chat/poster/")
    with desk.expect_download() as svg:
        desk.locator("a[download][href*='kind=svg']").click()
    assert svg.value.path().read_text().lstrip().startswith(("<svg", "<?xml"))
    with desk.expect_download() as png:
        desk.locator("a[download][href*='kind=png']").click()
    address = decoded(Image.open(png.value.path()))
    assert address.startswith(f"{base}/q/")
    return address


def join(member: Page, address: str) -> None:
    """One form, and the card is there."""
    member.goto(address)
    member.get_by_label("Name", exact=False).first.fill("Mia")
    member.locator("[name=email]").fill("mia@example.org")
    member.locator("[name=points_email]").check()
    member.get_by_role("button", name="Get my card").click()
    expect(member).to_have_url(re.compile("/c/le-chat/$"))


def prove_address(member: Page, worker, folder, base: str) -> None:
    """The first e-mail has no name and no points in it: opening the card from it shows whose address it is."""
    worker.deliver()
    letter = newest_letter(folder, to="mia@example.org")
    assert letter["Subject"] == "Your card at Le Chat"
    assert "Mia" not in letter.get_body(("plain",)).get_content()
    member.goto(link_in(letter, base))
    member.get_by_role("button", name="Open my card").click()
    expect(member).to_have_url(re.compile("/c/le-chat/$"))


def link_in(letter, base: str) -> str:
    """The link to the card in an e-mail. Behind it may come the same one with a page to open."""
    text = letter.get_body(("plain",)).get_content()
    link: str = re.findall(rf"{re.escape(base)}/c/le-chat/link/\S+", text)[0]
    return link


def scan(till: Page) -> None:
    """The camera finds the code by itself; the amount is typed on the keypad."""
    till.goto("/scan/le-chat/")
    expect(till.locator("#till")).to_have_attribute("data-step", "amount")
    expect(till.locator("#member")).to_contain_text("Mia")
    for digit in "1250":
        till.locator(f"[data-digit='{digit}']").click()
    till.locator("#stamp").click()
    expect(till.locator(".answer__gain")).to_contain_text("+12")
    expect(till.locator(".answer__name")).to_have_text("Mia")
    expect(till.locator(".answer__reason")).to_have_text("12 for €12.50")


def newest_letter(folder, *, to):
    """The newest e-mail to somebody, from the local outbox."""
    letters = []
    for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns):
        parts = path.read_bytes().split(b"\n" + b"-" * 79 + b"\n")
        letters += [
            message_from_bytes(part.lstrip(), policy=policy.default) for part in parts if part.strip()
        ]
    return [letter for letter in letters if to in letter["To"]][-1]
