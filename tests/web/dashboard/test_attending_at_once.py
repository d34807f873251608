"""One thing told of many members while tills are open: everybody is waited for before anything is given."""

from core.ids import new_id
from loyalty.locking import lock_member
from loyalty.rules.types import Quota
from tests.loyalty.happenings.test_taking_back import gives, tell
from tests.loyalty.purchases.test_cancelling_at_once import while_uncommitted
from tests.loyalty.ruled import with_rules
from tests.web.dashboard.test_attending import PAGE
from tests.web.desk import desk_of
from tests.world import points_of


def test_a_till_in_the_midst_of_it_and_the_list_both_come_to_an_end(committed_db, world):
    """The till holds the second on the list, and needs the budget that the first takes from."""
    budget = (Quota(1_000, "units", "month", whose="programme"),)
    with_rules(world.aroma, gives(world, "attendance", 30, quotas=budget))
    tell(world, "attendance", member=world.mia)  # the budget has its row
    first, second = sorted([world.mia, world.noah], key=lambda member: member.id)
    people = "\n".join(card.spoken_code for card in (world.mia_card, world.noah_card))
    client, answers = desk_of(world), []

    def list_them():
        sent = {"act": "attendance", "key": str(new_id()), "people": people}
        answers.append(client.post(PAGE, sent).status_code)

    while_uncommitted(
        world,
        lambda: lock_member(second.id),
        list_them,
        then=lambda: tell(world, "attendance", member=second),
    )
    assert answers == [302]
    assert points_of(world.aroma, first) + points_of(world.aroma, second) == 1_250 + 4 * 30
