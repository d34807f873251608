"""The laws of rewards see what was written past the guards."""

import json

from django.db import connection

from core import tenancy
from core.ids import new_id, read_id
from loyalty.ledger import statements
from loyalty.models import Unit
from rewards.handing import hand_over
from rewards.models import Redemption
from tests.rewards.offering import offered
from tests.world import buy

OTHER = "a reward was used on the purchase that the books say, in whose member's account they have it"
WHOLE = "a reward that came back with a purchase was used on one of which nothing is left"
WAITS = "only what was handed over was used on a purchase"
WRONG = {
    "purchase_id = NULL": OTHER,
    "purchase_id = %(second)s": OTHER,
    "purchase_id = %(mias)s": OTHER,
    "status = 'voided', void_reason = 'refunded'": WHOLE,
    "captured_at = NULL": WAITS,
}
AS_IT_WAS = "purchase_id = %(first)s, status = 'captured', void_reason = '', captured_at = %(at)s"


def bought(world, member):
    return read_id("pur", json.loads(buy(world.aroma, member, 1000))["id"])


def test_a_reward_that_was_used_on_a_purchase_says_so_as_the_books_do(
    committed_db, world, servers_of_this_run
):
    first, second, mias = (bought(world, one) for one in (world.noah, world.noah, world.mia))
    with tenancy.scope(world.aroma.id):
        cake = offered(name="Cake", unit_id=Unit.objects.get(code="points").id, cost=5)
        asked = {"merchant": world.aroma, "actor_id": None, "member_id": world.noah.id}
        hand_over(reward_id=cake.id, key=new_id(), purchase_id=first, **asked)
        hand_over(reward_id=cake.id, key=new_id(), **asked)
        taken = Redemption.objects.get(purchase=first)
    values = {"id": taken.id, "at": taken.captured_at, "first": first, "second": second, "mias": mias}
    database = connection.settings_dict["NAME"]

    def broken_by(said):
        with servers_of_this_run.administrator(database) as session:
            session.execute("SET session_replication_role = replica")
            session.execute(f"UPDATE rewards_redemption SET {said} WHERE id = %(id)s", values)
        with tenancy.scope(world.aroma.id):
            return {problem.law for problem in statements.prove()}

    for said, law in WRONG.items():
        assert broken_by(AS_IT_WAS) == set()
        assert law in broken_by(said), said
