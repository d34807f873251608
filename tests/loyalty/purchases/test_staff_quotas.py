"""How much each of the team may give: counted by who gives, whoever gets it, and back with an undo."""

from core import tenancy
from core.ids import new_id
from loyalty.purchases.budgets import all_budgets
from loyalty.rules.types import Quota
from tests.loyalty.happenings.test_taking_back import OLIVIA, gives, take_back, tell
from tests.loyalty.ruled import with_rules
from tests.world import points_of

TWICE = (Quota(2, "times", "day", whose="staff"),)


def given_by(world, staff):
    with tenancy.scope(world.aroma.id):
        return sum(
            times for (name, _key), (_units, times) in all_budgets().items() if name.endswith(str(staff))
        )


def test_who_has_given_enough_today_gives_nothing_more_to_anybody(world):
    with_rules(world.aroma, gives(world, "gift", 20, quotas=TWICE))
    sam = new_id()
    for member in (world.noah, world.mia, world.noah):
        tell(world, member=member)
    assert (points_of(world.aroma, world.noah), points_of(world.aroma, world.mia)) == (70, 1220)
    tell(world, actor=sam)
    assert points_of(world.aroma, world.noah) == 90
    assert (given_by(world, OLIVIA), given_by(world, sam)) == (2, 1)


def test_what_is_taken_back_may_be_given_again(world):
    with_rules(world.aroma, gives(world, "gift", 20, quotas=TWICE))
    tell(world)
    take_back(world, tell(world))
    assert given_by(world, OLIVIA) == 1
    tell(world)
    assert points_of(world.aroma, world.noah) == 90


def test_what_happens_by_itself_is_nobodys_to_give(world):
    with_rules(world.aroma, gives(world, "birthday", 20, quotas=TWICE))
    for _year in range(3):
        tell(world, "birthday", actor=None)
    assert points_of(world.aroma, world.noah) == 110
