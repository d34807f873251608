"""A version that the tables cannot follow: refused when it is planned, taken back on its day. It never stops a till."""

import datetime as dt

import pytest
from django.db import OperationalError
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from loyalty.membership.joining import enrol_member
from loyalty.models import Programme, ProgrammeVersion, Unit
from loyalty.programme import drafting, publishing, versions
from loyalty.programme.problems import ProgrammeWrong
from loyalty.programme.unit_kinds import new_unit
from loyalty.rules import editing, types
from tests.loyalty.programme.test_drafting import change, each, per_euro, publish
from tests.world import buy

STAMP = {"en": ("stamp", "stamps")}


@pytest.fixture
def aroma(world):
    """Inside Aroma's scope."""
    with tenancy.scope(world.aroma.id):
        yield world


def adding(kind):
    return lambda version: editing.with_unit(version, new_unit(kind, str(new_id()), version))


def nine_days():
    return timezone.localdate() + dt.timedelta(days=9)


@pytest.fixture
def without_stamps(aroma):
    """Aroma had stamps, and has none any more."""
    publishing.change_programme(merchant=aroma.aroma, actor=None, change=adding("stamps"))
    stamps = versions.version_in_force().units[-1]
    publishing.change_programme(
        merchant=aroma.aroma, actor=None, change=lambda version: editing.without_unit(version, stamps.id)
    )
    return stamps


@pytest.mark.parametrize("planned", [False, True])
def test_a_unit_that_was_taken_out_comes_back(aroma, without_stamps, planned):
    change(aroma, adding("stamps"))
    publish(aroma, at=nine_days() if planned else None)
    if planned:
        Programme.objects.update(next_at=timezone.now() - dt.timedelta(hours=1))  # its day comes
    assert '"amount":10,' in buy(aroma.aroma, aroma.noah, 1000)
    assert versions.version_in_force().units[-1].id == without_stamps.id
    assert Programme.objects.get().next_version is None


def test_a_second_unit_of_a_kind_has_a_code_of_its_own(aroma, without_stamps):
    change(aroma, adding("stamps"))
    change(aroma, adding("stamps"))
    publish(aroma)
    assert [unit.code for unit in versions.version_in_force().units] == ["points", "stamps", "stamps-2"]


def test_the_code_of_a_unit_that_is_gone_is_refused_to_another(aroma, without_stamps):
    other = types.Unit(str(new_id()), "stamps", STAMP, "stamps")
    with pytest.raises(ProgrammeWrong) as refused:
        change(aroma, lambda version: editing.with_unit(version, other))
    assert refused.value.field == "units.1.code"
    assert "Another unit has or had this code" in refused.value.detail


def test_what_the_tables_cannot_follow_is_not_planned(aroma, monkeypatch):
    monkeypatch.setattr("loyalty.programme.problems.check_version", lambda version: [])
    wide = types.Unit(str(new_id()), "p" * 21, STAMP, "stamps")
    change(aroma, lambda version: editing.with_unit(version, wide))
    with pytest.raises(publishing.CannotComeIntoForce):
        publish(aroma, at=nine_days())


@pytest.fixture
def stuck(aroma):
    """Seven points a euro and stamps from now on; meanwhile another unit has taken the code."""
    change(aroma, per_euro(7))
    change(aroma, adding("stamps"))
    planned = publish(aroma, at=nine_days())
    Programme.objects.update(next_at=timezone.now() - dt.timedelta(hours=1))
    Unit.objects.create(id=new_id(), code="stamps", names=STAMP)
    return planned.number


def test_a_till_goes_on_by_the_version_before(aroma, stuck):
    assert '"amount":10,' in buy(aroma.aroma, aroma.noah, 1000)
    row = Programme.objects.get()
    assert (row.version, row.next_version) == (stuck - 1, None)
    assert ProgrammeVersion.objects.get(number=stuck).withdrawn_at is not None
    assert each(drafting.draft_of().version).amount == 7, "it is a draft again"


def test_somebody_joins_by_the_version_before(aroma, stuck):
    joined = enrol_member(merchant=aroma.aroma, name="Ada", phone="+33611000000", source="join")
    assert joined.member.id
    assert versions.version_in_force().number == stuck - 1


def test_the_owner_takes_it_back(aroma, stuck):
    drafting.withdraw_version(merchant=aroma.aroma, number=stuck, actor=None)
    assert versions.version_in_force().number == stuck - 1
    assert each(drafting.draft_of().version).amount == 7
    with pytest.raises(ProgrammeWrong):
        publish(aroma)


def test_a_lock_that_passes_neither_takes_it_back_nor_stops_a_till(aroma, monkeypatch):
    change(aroma, per_euro(7))
    planned = publish(aroma, at=nine_days())
    Programme.objects.update(next_at=timezone.now() - dt.timedelta(hours=1))
    with monkeypatch.context() as busy:

        def deadlock(version):
            raise OperationalError

        busy.setattr(publishing, "follow", deadlock)
        assert '"amount":10,' in buy(aroma.aroma, aroma.noah, 1000)
    assert '"amount":70,' in buy(aroma.aroma, aroma.noah, 1000)
    assert Programme.objects.get().version == planned.number
