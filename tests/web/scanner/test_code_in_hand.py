"""A packet's code at the till as it lies in a hand: by keyboard, and the purchase after it."""

import pytest
from playwright.sync_api import expect

from core import tenancy
from loyalty.models import Unit
from members.cards import static_code
from rewards.vouchers import vouchers_of
from tests.loyalty.codes.making import also_gives, code, made
from tests.rewards.offering import offered
from tests.web.scanner.test_in_hand import call, problems
from tests.web.scanner.test_taken import take
from tests.world import points_of

pytestmark = pytest.mark.slow


def test_a_packets_code_is_entered_by_keyboard_and_the_amount_comes_next(crew, till_without_camera):
    till = till_without_camera
    also_gives(crew.aroma)
    printed = code(crew.aroma, made(crew.aroma))
    call(till, crew, amount="")
    till.locator(".till-code > summary").focus()
    till.keyboard.press("Enter")
    till.keyboard.press("Tab")
    till.keyboard.type(printed.lower())
    till.keyboard.press("Enter")
    expect(till.locator(".till-said")).to_have_text("20 points for the code.")
    expect(till.locator(".till-member__balance")).to_have_text("1,220 points")
    till.keyboard.type("1200")
    till.keyboard.press("Enter")
    expect(till.locator(".answer__gain")).to_contain_text("+18")
    assert points_of(crew.aroma, crew.mia) == 1238
    assert problems(crew) == []


# A USB scanner where the amount has the focus: each key as a keyboard sends it, two milliseconds after the last however
# busy the machine is, and what follows where nobody stops it.
INTO_THE_AMOUNT = """code => { const field = document.activeElement; let at = performance.now();
    for (const key of [...code, "Enter"]) {
        const down = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
        Object.defineProperty(down, "timeStamp", { value: at += 2 });
        const goes = field.dispatchEvent(down);
        if (goes && key === "Enter") field.form.requestSubmit();
        else if (goes) field.dispatchEvent(
            new InputEvent("beforeinput", { data: key, inputType: "insertText", bubbles: true, cancelable: true })); } }"""


def test_a_usb_scanner_enters_a_packets_code_for_the_member_in_hand_and_leaves_the_amount(
    crew, till_without_camera
):
    till = till_without_camera
    also_gives(crew.aroma)
    printed = code(crew.aroma, made(crew.aroma))
    call(till, crew, amount="1200")
    put_down = till.evaluate("performance.now()")
    till.wait_for_function("then => performance.now() - then > 100", arg=put_down)  # a hand takes the scanner
    till.evaluate(INTO_THE_AMOUNT, f"https://example.org/c/aroma/codes?code={printed}&n=42")
    expect(till.locator(".till-said")).to_have_text("20 points for the code.")
    expect(till.locator("[data-digits]")).to_have_text("12.00")
    expect(till.locator("[data-keypad] input")).to_be_focused()
    till.evaluate(INTO_THE_AMOUNT, static_code(crew.noah_card, crew.aroma))
    expect(till.locator(".problem__title")).to_have_text("One at a time")
    expect(till.locator(".till-member__name")).to_have_text("Mia")
    expect(till.locator("[data-digits]")).to_have_text("12.00")
    assert points_of(crew.aroma, crew.mia) == 1220


def test_a_usb_scanner_opens_a_voucher_while_the_amount_is_typed_and_the_amount_is_kept(
    crew, till_without_camera
):
    till = till_without_camera
    with tenancy.scope(crew.aroma.id):
        unit_id = Unit.objects.get(code="points").id
        pie = offered(name="A pie", unit_id=unit_id, cost=100, valid_days=30)
    take(crew, pie)
    with tenancy.scope(crew.aroma.id):
        [voucher] = vouchers_of(crew.mia, crew.aroma)
    call(till, crew, amount="1200")
    for answer in ("Not now", "Hand it over"):
        put_down = till.evaluate("performance.now()")
        till.wait_for_function("then => performance.now() - then > 100", arg=put_down)
        till.evaluate(INTO_THE_AMOUNT, voucher.code)
        expect(till.locator(".till-waiting__what")).to_have_text("A pie")
        till.get_by_role("button", name=answer, exact=True).click()
        if answer == "Hand it over":
            expect(till.locator(".answer__what")).to_have_text("A pie")
            till.get_by_role("button", name="Now the amount").click()
        expect(till.locator("[data-keypad] input")).to_be_focused()
        expect(till.locator("[data-digits]")).to_have_text("12.00")
    till.keyboard.press("Enter")
    expect(till.locator(".answer__gain")).to_contain_text("+18")
    assert points_of(crew.aroma, crew.mia) == 1118
    assert problems(crew) == []
