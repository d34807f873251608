"""A part of the bill with points, at the till: offered to the live card, told before and after, and what is left to pay."""

import re

import pytest
from playwright.sync_api import expect

from core import tenancy
from core.ids import new_id
from core.models import Event
from loyalty.models import Purchase, Unit
from members import pins
from members.cards import rotating_code, static_code
from merchants.queries import staff_member
from rewards.proof import make_code
from tests.fixtures.browsers import PHONE
from tests.loyalty.codes.making import also_gives
from tests.loyalty.purchases.test_paying import paying
from tests.rewards.offering import offered
from tests.web.scanner.conftest import words_of
from tests.web.scanner.test_in_hand import USB_SCANNER
from tests.world import points_of

__all__ = ["paying"]


def choose(till, code, amount, where="purchases", **pay):
    said = {"code": code, "amount": amount, "key": str(new_id()), "pay_unit": "points", **pay}
    return till.client.post(f"{till.base}{where}", said, headers=till.headers)


@pytest.fixture
def live(paying):
    """The code on Mia's phone."""
    return rotating_code(paying.mia_card, paying.aroma)


def test_the_live_card_is_offered_to_pay_with_points_and_a_printed_one_that_nobody_can_prove_is_not(
    paying, till, live
):
    said = words_of(till.look_up(live))
    assert "Pay with points…" in said
    assert "Up to €60" in said
    assert "e-mail" not in said
    assert "Pay with points…" in words_of(till.look_up(rotating_code(paying.noah_card, paying.aroma)))
    printed = static_code(paying.noah_card, paying.aroma)
    assert "Pay with points" not in words_of(till.look_up(printed))
    with tenancy.scope(paying.aroma.id):
        pins.set_pin(member=paying.noah, pin="4711")
    said = words_of(till.look_up(printed))
    assert "Their PIN, typed by the member" in said
    assert "e-mail" not in said


def test_nothing_is_offered_where_units_pay_for_nothing(world, till):
    assert "Pay with" not in words_of(till.look_up(rotating_code(world.mia_card, world.aroma)))


@pytest.mark.parametrize(
    ("pay", "left", "takes", "how", "points"),
    [
        ({"pay": "most"}, "€1.00", "−230 points", "230 points paid €11.50", 1200 - 230 + 1),
        (
            {"pay": "some", "pay_money": "5.00"},
            "€7.50",
            "−100 points",
            "100 points paid €5.00",
            1200 - 100 + 10,
        ),
    ],
)
def test_what_is_left_to_pay_is_told_before_and_after(paying, till, live, pay, left, takes, how, points):
    before = words_of(choose(till, live, "12.50", "preview", **pay))
    assert points_of(paying.aroma, paying.mia) == 1200
    response = choose(till, live, "12.50", **pay)
    assert response.status_code == 201
    assert f"{left} left to pay · {takes} · +" in before
    assert " paid " not in before  # nothing is yet
    after = words_of(response)
    assert f"{left} left to pay" in after
    assert how in after
    assert points_of(paying.aroma, paying.mia) == points


@pytest.mark.parametrize("pay", [{}, {"pay": ""}, {"pay": "", "pay_money": "5"}])
def test_nothing_is_paid_with_points_unless_it_is_chosen(paying, till, live, pay):
    assert "left to pay" not in words_of(choose(till, live, "12.50", **pay))
    assert points_of(paying.aroma, paying.mia) == 1218


def test_more_than_is_possible_is_said_while_it_is_typed_and_when_it_is_sent(paying, till, live):
    pay = {"pay": "some", "pay_money": "12.50"}
    assert "at most €11.50 can be paid with units" in words_of(choose(till, live, "12.50", "preview", **pay))
    refused = choose(till, live, "12.50", **pay)
    assert refused.status_code == 409
    assert "Not that much" in words_of(refused)
    assert points_of(paying.aroma, paying.mia) == 1200


def test_a_printed_card_pays_nothing_but_with_the_members_pin(paying, till):
    static = static_code(paying.mia_card, paying.aroma)
    for proof in ({}, {"pay_proof": "0000"}):
        assert choose(till, static, "12.50", pay="most", **proof).status_code == 422
    assert points_of(paying.aroma, paying.mia) == 1200
    with tenancy.scope(paying.aroma.id):
        pins.set_pin(member=paying.mia, pin="4711")
    assert "PIN, or the code from the e-mail Send a code by e-mail" in words_of(till.look_up(static))
    foretold = choose(till, static, "12.50", "preview", pay="most", pay_proof="4")
    assert "€1.00 left to pay" in words_of(foretold)
    assert choose(till, static, "12.50", pay="most", pay_proof="4711").status_code == 201
    assert points_of(paying.aroma, paying.mia) == 971


def test_without_a_pin_a_code_by_e_mail_pays_with_a_printed_card(paying, till, plain_till):
    static = static_code(paying.mia_card, paying.aroma)
    assert "The code from the e-mail Send a code by e-mail" in words_of(till.look_up(static))
    sent = till.client.post(f"{till.base}proofs", {"code": static, "pays": "1"}, headers=till.headers)
    assert (sent.status_code, words_of(sent)) == (
        200,
        "The code is on its way. It is good for ten minutes, at this till alone.",
    )
    page = plain_till.client.post(f"{till.base}proofs", {"code": static, "pays": "1"})
    assert re.search(r"Mia 1,200 points .*The code is on its way\. .*Pay with points…", words_of(page))
    with tenancy.scope(paying.aroma.id):
        assert Event.objects.filter(name="proof_code.asked").count() == 2
        code = make_code(paying.mia.id, staff_member(paying.sam.id).id)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert choose(till, static, "12.50", pay="most", pay_proof=wrong).status_code == 422
    assert choose(till, static, "12.50", pay="most", pay_proof=code).status_code == 201
    assert points_of(paying.aroma, paying.mia) == 971


def test_undoing_the_purchase_gives_the_points_back(paying, till, live):
    answer = words_of(choose(till, live, "12.50", pay="most"))
    assert "left to pay" in answer
    with tenancy.scope(paying.aroma.id):
        purchase = Purchase.objects.get(channel="scanner")
    undone = till.client.post(f"{till.base}purchases/{purchase.id}/cancellation", headers=till.headers)
    assert "The purchase of €12.50 is cancelled. 230 points are back." in words_of(undone)
    assert points_of(paying.aroma, paying.mia) == 1200


@pytest.mark.slow
def test_on_a_narrow_phone_all_that_may_be_done_stays_on_the_screen_a_line_each(
    server, paying, till_without_camera
):
    page = till_without_camera
    with tenancy.scope(paying.aroma.id):
        points = Unit.objects.get(code="points").id
        offered(name="Un gâteau", unit_id=points, cost=100)
    also_gives(paying.aroma)
    page.context.add_cookies([{"name": "django_language", "value": "fr", "url": server.url}])
    page.goto("/scan/aroma/")
    page.evaluate(USB_SCANNER, rotating_code(paying.mia_card, paying.aroma))
    expect(page.locator(".till-member__acts > .menu")).to_have_count(3)
    wide, *words = page.evaluate("""() => [document.documentElement.scrollWidth,
        ...[...document.querySelectorAll(".till-member__acts > .menu > summary")].map((each) => {
            const { right, height } = each.getBoundingClientRect();
            return [Math.ceil(right), height];
        })]""")
    assert wide <= PHONE["width"]
    assert max(right for right, _height in words) <= PHONE["width"]
    assert len({height for _right, height in words}) == 1, words
