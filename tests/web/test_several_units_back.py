"""A programme of several units: what goes back, and what is owed, is told of all of them."""

import pytest

from core import tenancy
from core.ids import new_id
from integrations.notifications.receipts import Given, receipt_of
from loyalty.ledger.models import Account, Entry
from loyalty.models import Merge, Purchase
from loyalty.units import adjusting
from members.cards import static_code
from tests.loyalty.ruled import STAMPS
from tests.web.card.conftest import phone_of
from tests.web.desk import HOME, desk_of, text_of
from tests.web.test_several_units import shop  # noqa: F401 - a fixture
from tests.world import buy, signed_in

OWED = "1 stamp and €1.20"


@pytest.fixture
def used(shop):  # noqa: F811
    """Mia has used the stamp and the credit of her last purchase."""
    with tenancy.scope(shop.aroma.id):
        for unit, amount in (("stamps", -1), ("credit", -120)):
            adjusting.adjust_units(
                member_id=shop.mia.id, unit=unit, amount=amount, reason="x", key=new_id(), actor_id=None
            )
        purchase_id = Purchase.objects.filter(member=shop.mia).latest("id").id
    return shop, f"{HOME}purchases/{purchase_id}/"


def test_what_a_cancellation_takes_is_foreseen_and_told_of_every_unit(used):
    world, page = used
    client = desk_of(world)
    words = f"Takes back 18 points, {OWED}."
    asked = text_of(client.get(f"{page}void/"))
    assert words in asked
    assert f"Mia owes {OWED}: the next ones repay that first." in asked
    done = text_of(client.post(f"{page}void/", follow=True))
    assert words in done
    assert f"Mia owes {OWED}: the next ones repay that first." in done


def test_a_refund_in_part_is_foreseen_in_every_unit(used):
    world, page = used
    asked = text_of(desk_of(world).get(f"{page}refund/", {"amount_minor": "6.00"}))
    assert "Takes back 9 points" in asked
    assert "€0.60" in asked


def test_debts_of_every_unit_are_told_on_card_till_and_letter(used):
    world, page = used
    desk_of(world).post(f"{page}void/")
    said = f"To repay: {OWED}. The next ones go there first."
    assert said in text_of(phone_of(world.aroma, world.mia).get("/c/aroma/"))
    assert "1 to repay" in text_of(phone_of(world.aroma, world.mia).get("/c/aroma/history"))
    assert "€1.20 to repay" in text_of(phone_of(world.aroma, world.mia).get("/c/aroma/history"))
    code = static_code(world.mia_card, world.aroma)
    till = text_of(signed_in(world.sam).post("/scan/aroma/lookup", {"code": code}))
    assert f"Mia owes {OWED}" in till
    with tenancy.scope(world.aroma.id):
        account = Account.objects.get(member_id=world.mia.id, unit_id=STAMPS)
        entry = Entry.objects.filter(account_id=account.id, kind="award").latest("last_seq")
        given = [Given(str(entry.id), entry.amount, STAMPS)]
        assert said in receipt_of(member_id=world.mia.id, given=given, purchase_id=None).debt


def test_merging_and_parting_are_foreseen_in_every_unit(shop):  # noqa: F811
    client = desk_of(shop)
    buy(shop.aroma, shop.noah, 20_00)
    page = f"{HOME}members/{shop.mia.id}/merge/{shop.noah.id}/"
    asked = text_of(client.get(page))
    assert [money in asked for money in ("€1.20", "€2", "€3.20")] == [True] * 3
    client.post(page, {"key": str(new_id())})
    with tenancy.scope(shop.aroma.id):
        merge = Merge.objects.get()
    parted = text_of(client.get(f"{HOME}members/{shop.mia.id}/merges/{merge.id}/undo/"))
    assert "Back to Noah: 1 stamp, all that came along." in parted
    assert "Back to Noah: €2, all that came along." in parted
