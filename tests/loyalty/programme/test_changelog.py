"""The change log: every version with what it changed, in the order in which they came into force."""

import datetime as dt

import pytest
import time_machine

from core import tenancy
from loyalty.programme import beginning, changelog, drafting, publishing, versions
from merchants.models import StaffMember
from tests.loyalty.programme.test_drafting import change, each, per_euro, publish, rename

APRIL = dt.datetime(2027, 4, 1, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def aroma(world):
    """Inside Aroma's scope, in April 2027."""
    with tenancy.scope(world.aroma.id), time_machine.travel(APRIL, tick=False):
        yield world


def shown(**how):
    return [
        (logged.version.number, logged.state, [(one.what, one.how) for one in logged.changes])
        for logged in changelog.versions(**how)
    ]


def test_each_version_tells_what_it_changed_who_published_it_and_why(aroma):
    olivia = StaffMember.objects.get(user=aroma.olivia)
    change(aroma, per_euro(2), actor=olivia)
    publish(aroma, actor=olivia, note="Two for one")
    newest, ladder, first = changelog.versions()
    assert (newest.state, newest.who, newest.note, newest.effective_at) == (
        "in_force", "Olivia Marchand", "Two for one", APRIL,
    )  # fmt: skip
    [difference] = newest.changes
    assert (difference.what, difference.before.amount, difference.after.amount) == ("rule", 1, 2)
    assert [(one.what, one.how) for one in ladder.changes] == [("tier", "added")] * 3
    assert (first.before, first.changes, first.who) == (None, [], "")


def test_versions_stand_in_the_order_in_which_they_come_into_force(aroma):
    change(aroma, per_euro(7))
    publish(aroma, at=(APRIL + 30 * DAY).date())
    publishing.change_programme(merchant=aroma.aroma, change=beginning.renaming("Carte Aroma"), actor=None)
    assert shown(limit=2) == [
        (5, "to_come", [("rule", "changed")]),
        (3, "withdrawn", []),
    ]  # carried over: the one that was to come before was withdrawn for it
    assert shown(with_withdrawn=False)[:3] == [
        (5, "to_come", [("rule", "changed")]),
        (4, "in_force", [("name", "changed")]),
        (2, "was", [("tier", "added")] * 3),
    ]
    with time_machine.travel(APRIL + 40 * DAY):
        assert [(number, state) for number, state, _changes in shown(with_withdrawn=False)][:2] == [
            (5, "in_force"),
            (4, "was"),
        ]


def test_what_was_taken_back_is_told_to_the_team_and_not_to_members(aroma):
    change(aroma, per_euro(7))
    planned = publish(aroma, at=(APRIL + 30 * DAY).date())
    drafting.withdraw_version(merchant=aroma.aroma, number=planned.number, actor=None)
    assert (planned.number, "withdrawn", []) in shown()
    assert planned.number not in {number for number, *_rest in shown(with_withdrawn=False)}


def test_a_page_further_back_begins_where_the_one_before_ended(aroma):
    for day, name in enumerate(("One", "Two", "Three")):
        with time_machine.travel(APRIL + day * DAY, tick=False):
            change(aroma, rename(name))
            publish(aroma)
    with time_machine.travel(APRIL + 5 * DAY):
        whole, first = shown(), changelog.versions(limit=2)
        assert shown(limit=2) == whole[:2]
        assert shown(after=first[-1].version.number) == whole[2:]


def test_any_kept_version_can_be_read_again(aroma):
    before = versions.version_in_force()
    change(aroma, per_euro(7))
    publish(aroma)
    assert changelog.kept_version(before.number) == before
    assert each(changelog.kept_version(before.number + 1)).amount == 7
    assert changelog.kept_version(99) is None
