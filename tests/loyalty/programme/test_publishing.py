"""A version for a day to come: in force from its midnight where the shop is, whoever looks, and taken back until then."""

import datetime as dt

import pytest
import time_machine

from core import tenancy
from core.errors import DomainError
from core.models import Event
from loyalty.membership.joining import enrol_member
from loyalty.models import Programme, ProgrammeVersion, Standing
from loyalty.programme import beginning, drafting, publishing, versions
from loyalty.queries import published_at, standing_of
from loyalty.rules import editing
from loyalty.rules.types import Rule, Unit
from tests.loyalty.programme.test_drafting import PLATINUM, change, each, per_euro, publish, rename
from tests.world import buy

FIRST_OF_MAY = dt.date(2027, 5, 1)
LAST_MOMENT = dt.datetime(2027, 4, 30, 21, 59, 59, 999_000, tzinfo=dt.UTC)  # 23:59:59.999 in Lyon
MIDNIGHT = dt.datetime(2027, 4, 30, 22, 0, tzinfo=dt.UTC)


@pytest.fixture
def aroma(world):
    """Inside Aroma's scope."""
    with tenancy.scope(world.aroma.id):
        yield world


def events():
    return list(Event.objects.order_by("id").values_list("name", flat=True))


@pytest.mark.parametrize("day", [dt.date(2027, 4, 14), dt.date(2029, 1, 1)])
def test_a_day_that_is_over_or_too_far_is_refused(aroma, day):
    change(aroma, rename("One"))
    with (
        time_machine.travel(dt.datetime(2027, 4, 14, 22, 30, tzinfo=dt.UTC)),
        pytest.raises(DomainError) as refused,
    ):
        publish(aroma, at=day)  # it is the 15th in Lyon
    assert refused.value.field == "at"
    assert drafting.draft_of() is not None


def test_today_is_at_once(aroma):
    change(aroma, rename("One"))
    with time_machine.travel(dt.datetime(2027, 4, 14, 22, 30, tzinfo=dt.UTC)):
        publish(aroma, at=dt.date(2027, 4, 15))
        assert versions.version_in_force().name == "One"


@pytest.fixture
def planned(world):
    """Seven points a euro and a Platinum tier, from the first of May, published in April."""
    with tenancy.scope(world.aroma.id), time_machine.travel(dt.datetime(2027, 4, 14, 9, tzinfo=dt.UTC)):
        change(world, lambda version: editing.with_tier(per_euro(7)(version), PLATINUM))
        return publish(world, at=FIRST_OF_MAY, note="Seven in May")


def test_a_version_comes_into_force_at_midnight_where_the_shop_is(world, planned):
    with tenancy.scope(world.aroma.id):
        assert planned.effective_at == MIDNIGHT
        with time_machine.travel(LAST_MOMENT, tick=False):
            assert versions.version_in_force().number == planned.number - 1
            assert standing_of(world.mia.id).version.number == planned.number - 1
        with time_machine.travel(MIDNIGHT, tick=False):
            assert versions.version_in_force().number == planned.number
            assert standing_of(world.mia.id).version.number == planned.number
            assert published_at(planned.number) == MIDNIGHT


def test_who_joins_or_buys_after_midnight_does_so_by_the_new_version(world):
    stamps = Unit("019a0000-0000-7000-8000-000000000002", "stamps", {"en": ("stamp", "stamps")}, "stamps")
    given = Rule("019a0000-0000-7000-8000-000000000003", "joining", stamps.id, amount=3, gives="flat")
    with tenancy.scope(world.aroma.id), time_machine.travel(dt.datetime(2027, 4, 14, 9, tzinfo=dt.UTC)):
        change(
            world, lambda version: editing.with_rule(editing.with_unit(per_euro(7)(version), stamps), given)
        )
        planned = publish(world, at=FIRST_OF_MAY)
    with time_machine.travel(MIDNIGHT):
        with tenancy.scope(world.aroma.id):
            joined = enrol_member(merchant=world.aroma, name="Ada", phone="+33611000000", source="join")
            assert standing_of(joined.member.id).balances["stamps"]["available"] == 3
            assert Programme.objects.get().version == planned.number
        assert '"amount":70,' in buy(world.aroma, world.noah, 1000)


def test_a_purchase_is_the_first_to_find_it(committed_db, world):
    with tenancy.scope(world.aroma.id):
        change(world, per_euro(7))
        planned = publish(world, at=dt.date.today() + dt.timedelta(days=9))
        Programme.objects.update(next_at=dt.datetime.now(dt.UTC))  # its day comes
    assert '"amount":70,' in buy(world.aroma, world.noah, 1000)
    with tenancy.scope(world.aroma.id):
        assert Programme.objects.get().version == planned.number


def test_the_sweep_puts_it_in_force_for_a_shop_where_nobody_buys(committed_db, world):
    with tenancy.scope(world.aroma.id):
        change(world, lambda version: editing.with_tier(version, PLATINUM))
        planned = publish(world, at=dt.date.today() + dt.timedelta(days=9))
    assert publishing.put_all_due_in_force() == 0
    with tenancy.scope(world.aroma.id):  # its day comes
        Programme.objects.update(next_at=dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1))
    assert publishing.put_all_due_in_force() == 1
    assert publishing.put_all_due_in_force() == 0
    with tenancy.scope(world.aroma.id):
        row = Programme.objects.get()
        assert (row.version, row.next_version) == (planned.number, None)
        assert Standing.objects.select_related("tier").get(member=world.mia).tier.name == "Platinum"
        assert events().count("programme.published") == 3


def test_a_version_to_come_is_taken_back_and_is_the_draft_again(aroma, planned):
    drafting.withdraw_version(merchant=aroma.aroma, number=planned.number, actor=None)
    with time_machine.travel(MIDNIGHT + dt.timedelta(days=1)):
        assert each(versions.version_in_force()).amount == 1
        assert each(drafting.draft_of().version).amount == 7
        with pytest.raises(drafting.NotPlanned):
            drafting.withdraw_version(merchant=aroma.aroma, number=planned.number, actor=None)
        again = publish(aroma)
        assert each(versions.version_in_force()).amount == 7
    assert again.number == planned.number + 1


def test_a_version_whose_day_has_come_cannot_be_taken_back(aroma, planned):
    with time_machine.travel(MIDNIGHT), pytest.raises(drafting.NotPlanned):
        drafting.withdraw_version(merchant=aroma.aroma, number=planned.number, actor=None)
    with time_machine.travel(MIDNIGHT):
        assert each(versions.version_in_force()).amount == 7


def test_taking_back_leaves_the_draft_of_meanwhile_one_step_away(aroma, planned):
    change(aroma, rename("Meanwhile"))
    drafting.withdraw_version(merchant=aroma.aroma, number=planned.number, actor=None)
    assert each(drafting.draft_of().version).amount == 7
    assert drafting.undo_draft().version.name == "Meanwhile"


def test_nothing_is_published_before_a_version_that_would_undo_it(aroma, planned):
    change(aroma, rename("Meanwhile"))
    with pytest.raises(drafting.VersionPlanned) as refused:
        publish(aroma)
    assert f"Version {planned.number} comes into force on 1 May 2027" in refused.value.detail
    assert drafting.draft_of() is not None


def test_a_change_at_once_is_made_to_the_version_to_come_too(aroma, planned):
    with time_machine.travel(MIDNIGHT - dt.timedelta(days=3)):
        publishing.change_programme(
            merchant=aroma.aroma, change=beginning.renaming("Carte Aroma"), actor=None
        )
        assert each(versions.version_in_force()).amount == 1
    with time_machine.travel(MIDNIGHT):
        in_force = versions.version_in_force()
        assert (in_force.name, each(in_force).amount) == ("Carte Aroma", 7)
        assert ProgrammeVersion.objects.get(number=in_force.number).note == "Seven in May"
