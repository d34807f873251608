"""The tables could be distributed by merchant, so that one database is no limit: nothing in them reaches across merchants.

Asked of the catalogue. A *tenant table* is one with a `merchant_id`; a partition is asked like its table.
"""

import psycopg
import pytest
from django.db import connection

# Rows that a distributed database keeps whole on every node: merchants themselves, and who may sign in.
EVERYWHERE = {"merchants_merchant", "merchants_user"}
TENANT_TABLES = """
SELECT c.oid, c.relname, c.relkind, c.relispartition FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'merchant_id' AND NOT a.attisdropped
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
"""


def rows(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def tenant_tables():
    return {name for _oid, name, *_rest in rows(TENANT_TABLES)}


def test_there_are_tenant_tables_to_ask(db):
    assert {"members_member", "loyalty_purchase", "ledger_movement", "core_answer"} <= tenant_tables()


def test_whatever_is_unique_is_unique_within_its_merchant(db):
    """Primary keys, unique constraints and unique indexes begin with `merchant_id`, and not with an expression of it."""
    assert (
        rows(
            f"""WITH tenant AS ({TENANT_TABLES})
            SELECT t.relname, i.indexrelid::regclass::text FROM tenant t JOIN pg_index i ON i.indrelid = t.oid
            LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
            WHERE (i.indisunique OR i.indisprimary OR i.indisexclusion) AND a.attname IS DISTINCT FROM 'merchant_id'"""
        )
        == []
    )
    assert (
        rows(
            f"WITH tenant AS ({TENANT_TABLES}) SELECT relname FROM tenant WHERE NOT relispartition AND NOT EXISTS "
            "(SELECT FROM pg_index WHERE indrelid = oid AND indisprimary)"
        )
        == []
    )


def test_a_reference_stays_within_its_merchant(db):
    """Between tenant tables a foreign key carries `merchant_id` on both sides; others lead to what every node has."""
    tenants = tenant_tables()
    wrong = []
    for name, table, target, columns, targets in rows(
        """SELECT k.conname, f.relname, t.relname,
                  ARRAY(SELECT attname::text FROM unnest(k.conkey) WITH ORDINALITY n (num, place)
                        JOIN pg_attribute ON attrelid = f.oid AND attnum = num ORDER BY place),
                  ARRAY(SELECT attname::text FROM unnest(k.confkey) WITH ORDINALITY n (num, place)
                        JOIN pg_attribute ON attrelid = t.oid AND attnum = num ORDER BY place)
           FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
           WHERE k.contype = 'f'"""
    ):
        if table in tenants and target in tenants:
            fine = (columns[0], targets[0]) == ("merchant_id", "merchant_id")
        else:
            fine = (table not in tenants and target not in tenants) or target in EVERYWHERE
        wrong += [] if fine else [name]
    assert wrong == []


def test_no_sequence_numbers_rows_of_several_merchants(db):
    """Not by a default, not by an identity, not as what a column owns."""
    assert (
        rows(
            f"""WITH tenant AS ({TENANT_TABLES})
            SELECT tenant.relname, attname FROM tenant JOIN pg_attribute ON attrelid = tenant.oid AND attidentity <> ''
            UNION ALL
            SELECT tenant.relname, pg_get_expr(adbin, adrelid) FROM tenant JOIN pg_attrdef ON adrelid = tenant.oid
            WHERE pg_get_expr(adbin, adrelid) ~* '(nextval|currval|lastval)'
            UNION ALL
            SELECT tenant.relname, s.relname FROM tenant JOIN pg_depend ON refobjid = tenant.oid
            JOIN pg_class s ON s.oid = objid AND s.relkind = 'S'"""
        )
        == []
    )


def test_no_view_and_no_rule_stands_between_the_tables(db):
    """Either could join what the policies of its tables keep apart: a view asks as its owner."""
    assert rows("SELECT viewname FROM pg_views WHERE schemaname = 'public'") == []
    assert rows("SELECT matviewname FROM pg_matviews WHERE schemaname = 'public'") == []
    assert rows("SELECT tablename, rulename FROM pg_rules WHERE schemaname = 'public'") == []


STATEMENTS = """
SELECT p.proname, statement FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,
    regexp_split_to_table(regexp_replace(coalesce(pg_get_function_sqlbody(p.oid), p.prosrc), '--[^\n]*', '', 'g'), ';') statement
WHERE n.nspname = 'public' AND statement ~ %s
"""


def test_every_statement_of_our_functions_says_which_merchant_it_means(db):
    """As many times as it names tenant tables: a join that forgets one would reach into the others' rows."""
    names = "|".join(sorted(tenant_tables()))
    wrong = []
    for function, statement in rows(STATEMENTS, rf"\m({names})\M"):
        reads = rows(
            r"SELECT count(*) FROM regexp_matches(%s, %s, 'g')",
            statement,
            rf"(FROM|JOIN|UPDATE|INTO)\s+({names})\M",
        )
        keyed = rows(r"SELECT count(*) FROM regexp_matches(%s, '\mmerchant_id\M', 'g')", statement)
        if keyed < reads:
            wrong.append(f"{function}: {' '.join(statement.split())[:200]}")
    assert wrong == []


CUT = "CREATE TABLE cut_{} (LIKE {} INCLUDING ALL) PARTITION BY HASH (merchant_id)"


def test_postgresql_would_cut_every_table_by_merchant(committed_db, servers_of_this_run):
    """Its own word for it: it keeps no key on such a table that does not hold within one merchant."""
    names = sorted(tenant_tables())
    with servers_of_this_run.administrator(connection.settings_dict["NAME"]) as session:
        for name in names:
            session.execute(CUT.format(name, name))
        session.execute("CREATE UNIQUE INDEX ON members_member (id)")
        with pytest.raises(psycopg.errors.FeatureNotSupported, match="must include all partitioning columns"):
            session.execute(CUT.format("again", "members_member"))
