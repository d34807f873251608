"""What the phone of a merged card is told of rewards that were taken: its own, and never another's before a proof."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from loyalty.membership.merging import part_members
from loyalty.models import Unit
from loyalty.rules.types import Condition
from members.models import Member
from rewards.models import Redemption
from rewards.taking import take_reward
from rewards.vouchers import Voucher, voucher_of
from tests.rewards.offering import offered
from tests.web.card.conftest import phone_of, prove, words_of
from tests.web.card.test_merged import merge
from tests.web.card.test_taking import take

REWARDS = "/c/aroma/rewards"


def reward_of(world, **said):
    with tenancy.scope(world.aroma.id):
        unit = Unit.objects.get(code="points").id
        return offered(**{"name": "Brunch", "unit_id": unit, "cost": 40} | said)


@pytest.fixture
def theirs(world, double):
    """The phone of who will be merged into Mia."""
    return phone_of(world.aroma, double)


@pytest.fixture
def voucher(world) -> Voucher:
    """Mia's."""
    reward = reward_of(world, valid_days=30)
    with tenancy.scope(world.aroma.id):
        take_reward(
            merchant=world.aroma, key=new_id(), actor_id=None, reward_id=reward.id, member_id=world.mia.id
        )
        found = voucher_of(Redemption.objects.get().id, world.aroma)
    assert found is not None
    return found


def path_of(voucher):
    return f"/c/aroma/taken/{voucher.redemption.id}"


def test_the_merged_phone_reads_and_ends_no_voucher_of_who_stays(world, double, theirs, voucher, mias_phone):
    merge(world, world.mia, double)
    path = path_of(voucher)
    assert theirs.get(path).status_code == 404
    assert theirs.post(f"{path}/release").status_code == 404
    for page in ("/c/aroma/", REWARDS):
        assert str(voucher.redemption.id) not in theirs.get(page).content.decode()
    assert voucher.code in words_of(mias_phone.get(path))
    assert path in mias_phone.get(REWARDS).content.decode()


def test_the_merged_phone_prints_no_voucher_of_who_stays_before_a_proof(
    world, double, theirs, voucher, mias_phone
):
    merge(world, world.mia, double)
    path = f"/c/aroma/vouchers/{voucher.redemption.id}.pdf"
    assert theirs.get(path).status_code == 404
    assert mias_phone.get(path)["Content-Type"] == "application/pdf"
    mias_phone.post(f"{path_of(voucher)}/release")
    assert theirs.get(path).status_code == 404
    assert mias_phone.get(path).status_code == 302
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        prove(theirs, world.aroma, world.mia)
        assert theirs.get(path).status_code == 302


def test_what_who_stays_took_before_is_not_listed_on_the_merged_phone(
    world, double, theirs, voucher, mias_phone
):
    mias_phone.post(f"{path_of(voucher)}/release")
    merge(world, world.mia, double)
    assert "Let go" in words_of(mias_phone.get(REWARDS))
    assert "Let go" not in words_of(theirs.get(REWARDS))


def test_after_a_proof_the_merged_phone_is_told_all(world, double, theirs, voucher):
    merge(world, world.mia, double)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        prove(theirs, world.aroma, world.mia)
        assert voucher.code in words_of(theirs.get(path_of(voucher)))
        assert path_of(voucher) in theirs.get(REWARDS).content.decode()


def test_the_merged_phone_shows_what_it_took_itself_until_they_are_parted(world, double, theirs):
    reward = reward_of(world)
    done = merge(world, world.mia, double)
    path = take(theirs, reward).headers["Location"]
    assert "Show this at the counter" in words_of(theirs.get(path))
    assert path in theirs.get(REWARDS).content.decode()
    with tenancy.scope(world.aroma.id):
        part_members(merge_id=done.id, actor_id=None)
    assert theirs.get(path).status_code == 404


def test_the_day_of_a_birthday_is_told_on_the_members_own_phone_alone(world, double):
    with tenancy.scope(world.aroma.id):
        Member.objects.filter(id=world.mia.id).update(birthday=dt.date(1990, 3, 14))
    reward = reward_of(world, conditions=(Condition("birthday", {"days": 0}),))
    merge(world, world.mia, double)
    with time_machine.travel(dt.datetime(2031, 6, 1, 12, tzinfo=dt.UTC)):
        mine, other = phone_of(world.aroma, world.mia), phone_of(world.aroma, double)
        for page in (REWARDS, f"{REWARDS}/{reward.id}"):
            assert "14 March" in words_of(mine.get(page))
            assert "14 March" not in words_of(other.get(page))
        refused = take(other, reward, {"key": str(new_id())})
        assert "14 March" not in words_of(other.get(refused.headers["Location"]))
