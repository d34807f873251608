"""A member's phone and the till beside each other: a reward is taken, shown, scanned, handed over, taken back; and refunded."""

import pytest
from playwright.sync_api import expect

from core import tenancy
from loyalty.ledger import statements
from loyalty.models import Purchase, Unit
from members.cards import rotating_code
from rewards.models import Redemption, Reward
from tests.analytics.test_rollups import deliver_all
from tests.fixtures.browsers import PHONE
from tests.journeys.test_first_scan import photograph
from tests.rewards.offering import offered
from tests.web.card.conftest import phone_of
from tests.web.scanner.test_in_hand import USB_SCANNER
from tests.world import points_of, signed_in


@pytest.fixture
def crew(server, world):
    """The cast, for the server's threads too; and a cake for 300 points, of which there are two."""
    with tenancy.scope(world.aroma.id):
        offered(name="A cake", unit_id=Unit.objects.get(code="points").id, cost=300, stock=2)
    return world


def cookies(client, server):
    """What that browser holds, for a real one."""
    return [{"name": name, "value": one.value, "url": server.url} for name, one in client.cookies.items()]


def state(crew):
    """Mia's points, how many cakes are left, what became of the last that was taken; and the books balance."""
    with tenancy.scope(crew.aroma.id):
        assert statements.prove() == []
        cake = Reward.objects.get()
        return (
            points_of(crew.aroma, crew.mia),
            cake.stock - cake.taken,
            Redemption.objects.latest("id").status,
        )


@pytest.mark.timeout(120)
def test_a_reward_from_the_phone_to_the_counter_and_back(server, crew, open_page, phone_with_camera):
    with tenancy.scope(crew.aroma.id):
        cake = Reward.objects.get()
    phone = open_page(viewport=PHONE)
    phone.context.add_cookies(cookies(phone_of(crew.aroma, crew.mia), server))
    phone.goto(f"/c/aroma/rewards/{cake.id}")
    phone.get_by_role("button", name="Take").click()
    expect(phone.locator("#taken [data-clock]")).to_be_visible()
    assert state(crew) == (900, 1, "held")

    till = phone_with_camera(photograph(phone, ".qr-frame"), permissions=["camera"])
    till.context.add_cookies(cookies(signed_in(crew.sam), server))
    till.goto("/scan/aroma/")
    expect(till.locator(".till-waiting__what")).to_have_text("A cake", timeout=20_000)
    till.evaluate("{ const now = Date.now(); Date.now = () => now; }")  # the undo's ten seconds wait for us
    till.get_by_role("button", name="Hand it over").click()
    expect(till.locator(".answer__what")).to_have_text("A cake")
    expect(till.locator(".answer__balance")).to_contain_text("900")
    expect(phone.get_by_text("Handed over. Enjoy it.")).to_be_visible()
    assert state(crew) == (900, 1, "captured")

    till.get_by_role("button", name="Undo").click()
    expect(till.locator(".undone__balance")).to_contain_text("1,200")
    phone.reload()
    expect(phone.get_by_text("Given back. 300 points are yours again.")).to_be_visible()
    assert state(crew) == (1200, 2, "voided")

    buy_and_take(desk := open_page(viewport=PHONE), crew, server)
    assert state(crew) == (918, 1, "captured")
    refund(desk, crew)
    deliver_all(crew.aroma)
    assert state(crew) == (1200, 2, "voided")
    phone.goto("/c/aroma/rewards")
    expect(phone.get_by_text("1,200 points").first).to_be_visible()


def buy_and_take(desk, crew, server):
    """By Mia's live card, and the cake under the answer: it is used on that purchase."""
    desk.context.add_cookies(cookies(signed_in(crew.olivia), server))
    desk.goto("/scan/aroma/")
    desk.evaluate(USB_SCANNER, rotating_code(crew.mia_card, crew.aroma))
    expect(desk.locator(".till-member__name")).to_have_text("Mia")
    desk.keyboard.type("1200")
    desk.keyboard.press("Enter")
    desk.locator("#answer .till-ticket__give").click()
    expect(desk.locator(".answer__what")).to_have_text("A cake")


def refund(desk, crew):
    """All of it, at the desk."""
    with tenancy.scope(crew.aroma.id):
        bought = Purchase.objects.get(channel="scanner")
    desk.goto(f"/dashboard/aroma/purchases/{bought.id}/refund/")
    desk.get_by_label("Why").fill("Too sweet")
    desk.get_by_role("button", name="Refund").click()
    desk.wait_for_url(f"**/members/{crew.mia.id}/**")
