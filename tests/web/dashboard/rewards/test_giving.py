"""A voucher given by hand at the desk: once for a form, for nothing, taken back as long as it is not used."""

import re

import pytest

from core import tenancy
from core.ids import new_id
from rewards.models import Redemption
from rewards.taking import take_reward
from rewards.vouchers import vouchers_of
from tests.rewards.offering import offered
from tests.web.dashboard.rewards.desk import a_reward, fill_in, now
from tests.web.desk import HOME, desk_of, text_of
from tests.world import points_of, signed_in


@pytest.fixture
def coffee(world):
    return a_reward(world.aroma, cost=5000)


def page_of(member):
    return f"{HOME}members/{member.id}/voucher/"


def given(world):
    with tenancy.scope(world.aroma.id):
        return vouchers_of(world.mia, world.aroma)


def test_a_voucher_is_given_for_nothing_and_taken_back(world, coffee):
    client = desk_of(world)
    has = points_of(world.aroma, world.mia)
    assert "A coffee" in text_of(client.get(page_of(world.mia)))
    form = {"reward": str(coffee.id), "days": "30", "key": str(new_id())}
    page = text_of(client.post(page_of(world.mia), form, follow=True))
    assert "Mia has a voucher: A coffee." in page.replace(world.mia.name, "Mia")
    assert len(given(world)) == 1
    assert points_of(world.aroma, world.mia) == has
    undo = re.search(r'action="([^"]+/vouchers/[^"]+/undo/)"', page)
    assert undo
    client.post(undo[1])
    assert given(world) == []


def test_only_what_was_given_to_that_member_by_hand_is_taken_back(world, coffee):
    """Neither another member's voucher, nor one that was taken for units, nor what waits at the counter."""
    client = desk_of(world)
    form = {"reward": str(coffee.id), "days": "30", "key": str(new_id())}
    client.post(page_of(world.mia), form)
    with tenancy.scope(world.aroma.id):
        given_to_mia = Redemption.objects.get()
        bought = offered(name="Cake", unit_id=coffee.unit_id, cost=10, valid_days=30)
        waiting = offered(name="Tea", unit_id=coffee.unit_id, cost=10)
        for reward in (bought, waiting):
            take_reward(
                merchant=world.aroma,
                reward_id=reward.id,
                member_id=world.mia.id,
                key=new_id(),
                actor_id=None,
            )
        taken = list(Redemption.objects.filter(cost__gt=0))
    for member, one in [(world.noah, given_to_mia), *((world.mia, one) for one in taken)]:
        assert client.post(f"{HOME}members/{member.id}/vouchers/{one.id}/undo/").status_code == 404
    with tenancy.scope(world.aroma.id):
        assert Redemption.objects.filter(status="held").count() == 3


def test_a_form_sent_twice_gives_one(world, coffee):
    form = {"reward": str(coffee.id), "days": "", "key": str(new_id())}
    for _twice in range(2):
        assert desk_of(world).post(page_of(world.mia), form).status_code == 302
    assert len(given(world)) == 1


@pytest.mark.parametrize("said", [{"days": "0"}, {"days": "99999"}, {"reward": "x"}, {"days": "many"}])
def test_what_cannot_be_given_is_told_at_its_field(world, coffee, said):
    form = {"reward": str(coffee.id), "days": "30", "key": str(new_id())} | said
    response = desk_of(world).post(page_of(world.mia), form)
    assert response.status_code == 422
    assert f'id="id_{next(iter(said))}_error"' in text_of(response)
    assert given(world) == []


def test_a_draft_is_given_to_nobody_and_a_cashier_gives_none(world, coffee):
    draft = a_reward(world.aroma, status="draft")
    form = {"reward": str(draft.id), "key": str(new_id())}
    assert desk_of(world).post(page_of(world.mia), form).status_code == 422
    sam = signed_in(world.sam)
    assert sam.get(page_of(world.mia)).status_code == 403
    assert sam.post(page_of(world.mia), form | {"reward": str(coffee.id)}).status_code == 403
    with tenancy.scope(world.aroma.id):
        assert not Redemption.objects.exists()


def test_how_members_come_by_a_reward_and_for_how_long_is_written_on_its_page(world, coffee):
    client = desk_of(world)
    fill_in(client, coffee, "valid_days", valid_days="90")
    assert now(coffee).valid_days == 90
    fill_in(client, coffee, "auto", auto="at_balance")
    assert (now(coffee).auto, now(coffee).cost) == ("at_balance", 5000)
    response = fill_in(client, coffee, "auto", auto="on_tier")
    assert response.status_code == 422, "with which tier it comes is not said yet"
    with tenancy.scope(world.aroma.id):
        assert now(coffee).auto == "at_balance"
