"""What was offered before there were offers: live, in the order in which it was shown, and what was taken of it is kept."""

from importlib import import_module

from django.db import connection
from psycopg.rows import dict_row

from core import tenancy
from core.ids import new_id
from loyalty.models import Unit
from rewards.models import Redemption, Reward
from rewards.taking import take_reward
from tests.rewards.offering import offered

BEFORE = """
SET session_replication_role = replica;
ALTER TABLE rewards_reward ADD name varchar(80), ADD live boolean;
UPDATE rewards_reward SET name = names ->> 'en', live = status = 'live', names = '{}', position = 0, status = 'live';
UPDATE rewards_redemption SET what = '{}';
SET session_replication_role = origin;
SET ROLE habitue_owner;
"""


def test_what_there_was_becomes_live_in_its_order_and_is_kept_where_it_was_taken(
    committed_db, world, servers_of_this_run
):
    with tenancy.scope(world.aroma.id):
        unit = Unit.objects.get(code="points").id
        cake = offered(name="Cake", unit_id=unit, cost=40, stock=2)
        offered(name="Tea", unit_id=unit, cost=10)
        offered(name="Old", unit_id=unit, cost=5, status="archived")
        take_reward(
            merchant=world.aroma, reward_id=cake.id, member_id=world.noah.id, key=new_id(), actor_id=None
        )
    with servers_of_this_run.administrator(connection.settings_dict["NAME"]) as owner:
        owner.row_factory = dict_row
        owner.execute(BEFORE)
        owner.execute(import_module("rewards.migrations.0004_offers").KEEP)
        locked = owner.execute(
            "SELECT bool_and(relforcerowsecurity) AS is_locked FROM pg_class WHERE relname ~ '^rewards_.*(ward|tion)$'"
        ).fetchone()
    with tenancy.scope(world.aroma.id):
        rows = Reward.objects.order_by("position").values_list("names", "status", "cost", "taken")
        assert list(rows) == [
            ({"en": "Old"}, "archived", 5, 0),
            ({"en": "Tea"}, "live", 10, 0),
            ({"en": "Cake"}, "live", 40, 1),
        ]
        taken = Redemption.objects.get()
        assert (taken.what["names"], taken.what["kind"], taken.status) == (
            {"en": "Cake"},
            "free_text",
            "held",
        )
    assert locked == {"is_locked": True}
