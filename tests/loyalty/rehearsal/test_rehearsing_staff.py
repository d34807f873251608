"""What each of the staff may give is known on the first day of a rehearsal: the rules in force change nothing."""

import datetime as dt
from dataclasses import replace

import pytest

from core import tenancy
from core.ids import new_id
from loyalty.happenings.happening import record_happening
from loyalty.programme.versions import version_in_force
from loyalty.rehearsal.replaying import Replay
from loyalty.rules.types import Quota
from members.cards import Scanned
from tests.loyalty.happenings.test_greeting import flat
from tests.loyalty.ruled import with_rules
from tests.loyalty.standings.test_reviewing import at, joins

OLIVIA, SAM = new_id(), new_id()


def gives(merchant, member, actor, moment: str) -> None:
    """A gift by hand then, where the hand may still give one."""
    with at(moment), tenancy.scope(merchant.id):
        record_happening(
            merchant=merchant,
            who=Scanned(member_id=member.id),
            trigger="gift",
            key=new_id(),
            asked=str(new_id()),
            actor_id=actor,
        )


def rehearsed(merchant, since: str, until: str) -> list[tuple[int, int]]:
    """Units that were given from then on, and would have been by the version in force."""
    with at(until), tenancy.scope(merchant.id):
        replay = Replay(
            merchant, version_in_force(), dt.datetime.fromisoformat(since), dt.datetime.fromisoformat(until)
        )
        replay.play(replay.events())
        replay.end()
        return [(scale.was, scale.would) for scale in replay.scales.values()]


@pytest.mark.parametrize("quota", [Quota(1, "times", "month", "staff"), Quota(30, "units", "ever", "staff")])
def test_what_one_of_the_staff_had_given_is_known(world, quota):
    aroma = world.aroma
    with at("2027-01-01T09:00:00+01:00"):
        with_rules(aroma, replace(flat(aroma, "gift", 20), quotas=(quota,)))
    ada = joins(aroma, "2027-02-03T10:00:00+01:00")
    gives(aroma, ada, OLIVIA, "2028-04-02T10:00:00+02:00")
    gives(aroma, ada, OLIVIA, "2028-04-10T10:00:00+02:00")
    gives(aroma, ada, SAM, "2028-04-11T10:00:00+02:00")
    [(was, would)] = rehearsed(aroma, "2028-04-05T00:00:00+02:00", "2028-05-08T12:00:00+02:00")
    assert was == would > 0
