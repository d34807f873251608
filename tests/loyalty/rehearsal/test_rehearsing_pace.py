"""A rehearsal of a busy quarter: what it asks of the database grows by the page, not by the purchase. Its seconds are the bench's."""

import dataclasses

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import tenancy
from loyalty.programme import drafting
from loyalty.rehearsal import rehearsing
from loyalty.rules.tiers import Ladder
from loyalty.rules.types import Condition, Goal, Quota, Rule
from tests.loyalty.ruled import per_euro, rule_id
from tests.world import make_world

PURCHASES, MEMBERS, MOST_STATEMENTS = 20_000, 1_000, 500

PEOPLE = """
INSERT INTO members_member (merchant_id, id, name, phone, email, locale, search, joined_at, gave)
SELECT %(merchant)s, ('0190aaaa-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Member ' || n,
       '+336' || lpad(n::text, 8, '0'), '', 'en', '', now() - interval '200 days', '{}'
FROM generate_series(1, %(members)s) n
"""
STANDINGS = """
INSERT INTO loyalty_standing (merchant_id, id, member_id, progress_minor, purchases, version)
SELECT merchant_id, id, id, 0, 0, 0 FROM members_member WHERE name LIKE 'Member %%'
"""
BOUGHT = """
INSERT INTO loyalty_purchase (merchant_id, id, member_id, amount_minor, currency, reference, items, channel,
                              programme_version, awarded, reasons, occurred_at, recorded_at)
SELECT %(merchant)s, ('0190bbbb-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
       ('0190aaaa-0000-7000-8000-' || lpad((n * 7919 %% %(members)s + 1)::text, 12, '0'))::uuid,
       300 + n * 37 %% 4000, 'EUR', '', '[]', 'scanner', 1, 12,
       jsonb_build_array(jsonb_build_object('code', 'per_amount', 'rule', %(unit)s::text, 'unit', %(unit)s::text, 'units', 12)),
       now() - interval '89 days' + n * interval '75 seconds', now()
FROM generate_series(1, %(purchases)s) n
"""


def a_whole_programme(version, merchant):
    """Ten rules with something of everything, and a ladder whose years are counted."""
    unit = version.units[0].id
    morning = (Condition("hours", {"from": "06:00", "to": "11:00"}),)
    rules = [
        per_euro(merchant, "spending", keeps_change=True),
        Rule(rule_id("morning"), "purchase", unit, gives="multiplier", percent=200, conditions=morning),
        Rule(rule_id("goal"), "visit", unit, 20, gives="flat", goal=Goal(5, "month")),
        Rule(rule_id("row"), "visit", unit, 20, gives="flat", goal=Goal(4, "week", in_a_row=True)),
    ]
    for number in range(6):
        big = (
            Condition("spend", {"minor": 1000 * number + 500}),
            Condition("weekday", {"any": [number + 1]}),
        )
        quota = (Quota(60, "units", "month"),)
        rules.append(
            Rule(rule_id(f"big {number}"), "purchase", unit, 10, gives="flat", conditions=big, quotas=quota)
        )
    ladder = Ladder(window="calendar_year", downgrade="by_standing", grace_days=30, warn_days=30)
    return dataclasses.replace(version, rules=tuple(rules), ladder=ladder)


def test_a_busy_quarter_is_rehearsed_by_few_statements(committed_db, servers_of_this_run):
    bloom = make_world().bloom
    with tenancy.scope(bloom.id):
        drafting.change_draft(
            merchant=bloom, change=lambda version: a_whole_programme(version, bloom), actor=None
        )
        unit = drafting.edited_version().units[0].id
    said = {"merchant": bloom.id, "members": MEMBERS, "purchases": PURCHASES, "unit": unit}
    with servers_of_this_run.administrator(connection.settings_dict["NAME"]) as session:
        session.execute("SELECT set_config('app.merchant_id', %s, false)", [str(bloom.id)])
        for statement in (PEOPLE, STANDINGS, BOUGHT):
            session.execute(statement, said)
        session.commit()
    with tenancy.scope(bloom.id):
        asked = rehearsing.begin_rehearsal(merchant=bloom, actor=None)
    with CaptureQueriesContext(connection) as statements:
        rehearsing.rehearse(merchant=bloom, rehearsal_id=asked.id, prizes={})
    with tenancy.scope(bloom.id):
        found = rehearsing.newest_rehearsal()
    assert found is not None
    assert (found.status, found.result["purchases"]) == ("done", PURCHASES)
    assert len(statements) < MOST_STATEMENTS  # one a purchase, or one a member, would be far more
