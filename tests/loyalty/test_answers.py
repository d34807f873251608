"""What is answered about units that end: on the day of the shop's calendar, not of Greenwich's."""

import datetime as dt
import json
from uuid import UUID

from core import tenancy
from core.ids import new_id
from loyalty import queries
from loyalty.ledger import postings
from loyalty.programme.versions import version_in_force
from tests.world import buy

# Half past midnight on New Year's Day in Lyon; still December in UTC.
ENDS = dt.datetime(2099, 12, 31, 23, 30, tzinfo=dt.UTC)


def test_units_end_on_the_shops_day(world):
    with tenancy.scope(world.aroma.id):
        unit = UUID(version_in_force().units[0].id)
        account = postings.open_account(member_id=world.mia.id, unit_id=unit)
        postings.award(
            account_id=account,
            amount=5,
            key=new_id(),
            reasons={"code": "welcome", "version": 1},
            cause_id=world.mia.id,
            actor_id=None,
            occurred_at=ENDS - dt.timedelta(days=30000),
            expires_at=ENDS,
        )
        expiring = queries.standing_of(world.mia.id).balances["points"]["expiring"]
    assert expiring == [{"amount": 5, "on": "2100-01-01"}]
    answer = json.loads(buy(world.aroma, world.mia, 1000))
    assert answer["balances"]["points"]["expiring"] == expiring
