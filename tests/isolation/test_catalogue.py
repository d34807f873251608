"""Every table, key, view and function there is: of a merchant's own, or named with the reason why not."""

import pytest
from django.db import connection

from core import tenancy
from members.models import Card
from tests.isolation import canaries, catalogue


def test_every_table_key_view_and_function_keeps_merchants_apart(committed_db):
    assert "\n".join(catalogue.findings()) == ""


@pytest.mark.parametrize(
    "breakage",
    [
        "CREATE TABLE forgotten (id uuid)",
        "CREATE UNIQUE INDEX forgotten ON members_card (serial)",
        "CREATE VIEW forgotten AS SELECT name FROM members_member",
        "CREATE MATERIALIZED VIEW forgotten AS SELECT 1 AS one",
        "ALTER TABLE members_card ADD forgotten uuid",
        "ALTER TABLE loyalty_tier ADD CONSTRAINT forgotten UNIQUE (id); "
        "ALTER TABLE loyalty_standing ADD CONSTRAINT forgotten FOREIGN KEY (tier_id) REFERENCES loyalty_tier (id) NOT VALID",
        "CREATE FUNCTION forgotten() RETURNS int SECURITY DEFINER LANGUAGE sql RETURN 1",
        "CREATE FUNCTION forgotten() RETURNS text LANGUAGE sql "
        "AS $$SELECT set_config('app.merchant_id', '01', false)$$",
        "GRANT EXECUTE ON FUNCTION ledger_lock TO habitue_jobs",
        "GRANT TRUNCATE ON members_consent TO habitue_app",
        "GRANT SELECT ON members_member TO habitue_jobs",
        "CREATE TABLE forgotten (LIKE ledger_movement) PARTITION BY HASH (merchant_id); "
        "CREATE TABLE forgotten_0 PARTITION OF forgotten FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
    ],
)
def test_what_was_forgotten_is_found(committed_db, administrator, breakage):
    administrator.execute("SET ROLE habitue_owner")
    administrator.execute(breakage)
    assert catalogue.findings() != []


def test_every_text_of_a_shop_holds_a_canary(stage, administrator):
    for shop in (stage.aroma, stage.bloom):
        assert canaries.silent_texts(administrator, shop.merchant.id, shop.merchant.slug) == []


def test_no_reason_is_given_for_what_is_not_there(committed_db, administrator):
    """A list of exceptions that outlives them hides the next one."""
    there = {f"{table}.{column}" for table, column, _kind in canaries.texts(administrator)}
    assert (canaries.MUTE.keys() | canaries.PUBLIC | canaries.SHAPED.keys()) - there == set()
    every = {f"{table}.{column}" for table, column in catalogue.ask(
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relkind IN ('r', 'p')"
    )}  # fmt: skip
    assert catalogue.LOOSE.keys() - every == set()
    assert catalogue.PLATFORM.keys() - {name.partition(".")[0] for name in every} == set()
    assert connection.settings_dict["USER"] == "habitue_app"


def test_a_spoken_code_is_heard_but_no_random_token_that_begins_like_one(stage):
    with tenancy.scope(stage.bloom.merchant.id):
        card = Card.objects.get(member_id=stage.bloom.member.id)
    assert canaries.heard(f"<b>{card.spoken_code}</b>".encode(), "bloom") == [card.spoken_code]
    assert canaries.heard(b'value="aXKANB32z" csrftoken=KANBxq7', "bloom") == []
