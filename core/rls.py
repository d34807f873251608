"""Row-level security and composite keys, as operations for migrations.

Every tenant table gets: a primary key that begins with `merchant_id`, composite foreign keys (row-level security does
not cover foreign keys), a forced policy, and the least rights each role needs. `core/checks.py` finds a table that
was forgotten.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.db import migrations

# As migrations make it: a query is asked when a row is met, so that keys can be added to empty tables without a scope.
POLICY = "merchant_id = (SELECT current_merchant_id())"
READ, APPEND, KEEP = "SELECT", "SELECT, INSERT", "SELECT, INSERT, UPDATE"
WRITE = "SELECT, INSERT, UPDATE, DELETE"

# The function raises rather than returning NULL: a forgotten scope is a loud bug, not an empty page.
# It is one SQL expression, with as few calls as can be; only the raising half is one of ours.
# PostgreSQL lets everybody call a new function. Ours say who may, from the first one on.
_SET = "RETURN coalesce(nullif(current_setting('app.merchant_id', true), '')::uuid, no_merchant_scope())"
CURRENT_MERCHANT = f"""
ALTER DEFAULT PRIVILEGES FOR ROLE habitue_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION no_merchant_scope() RETURNS uuid LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RAISE EXCEPTION 'no merchant scope' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION current_merchant_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
{_SET};
GRANT EXECUTE ON FUNCTION current_merchant_id, no_merchant_scope TO PUBLIC;
"""
RENEW_CURRENT_MERCHANT = f"""
CREATE OR REPLACE FUNCTION current_merchant_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
{_SET}
"""
# It still raises, and PostgreSQL says so itself: to a new connection the setting is unknown, and after a transaction that
# had a scope it is "", which is no UUID. Looking first, and saying it in words of ours, took a twenty-fifth of a posting.
BARE_CURRENT_MERCHANT = """
CREATE OR REPLACE FUNCTION current_merchant_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('app.merchant_id')::uuid;
DROP FUNCTION no_merchant_scope();
"""
# Run after all migrations. The scope is asked some thirty times in a purchase: as a query of its own in each policy that
# took a tenth of the database's time; as an expression, which each index is asked with, it takes a third of that.
QUICK_POLICIES = """
DO $$
DECLARE
    v_asking text := '( SELECT current_merchant_id() AS current_merchant_id)';
    v_row record;
BEGIN
    FOR v_row IN
        SELECT policyname, tablename, replace(qual, v_asking, 'current_merchant_id()') AS using_it,
               replace(with_check, v_asking, 'current_merchant_id()') AS checking
        FROM pg_policies
        WHERE schemaname = 'public' AND strpos(coalesce(qual, '') || coalesce(with_check, ''), v_asking) > 0
    LOOP
        EXECUTE format('ALTER POLICY %I ON %I', v_row.policyname, v_row.tablename)
            || coalesce(' USING (' || v_row.using_it || ')', '') || coalesce(' WITH CHECK (' || v_row.checking || ')', '');
    END LOOP;
END $$;
"""


class Policy(NamedTuple):
    """A policy as the catalogue tells it (pg_policies)."""

    name: str
    roles: tuple[str, ...]
    command: str
    using: str | None
    check: str | None
    permissive: bool = True


_SCOPE = "current_merchant_id()"
_OURS = f"(merchant_id = {_SCOPE})"
TENANT_POLICIES = frozenset(
    {
        Policy("tenant", ("public",), "ALL", _OURS, _OURS),
        Policy("audit", ("habitue_audit",), "SELECT", "true", None),
    }
)
# Where migrations make others: the complete set of each such table.
OTHER_POLICIES: Mapping[str, frozenset[Policy]] = {
    **{
        table: TENANT_POLICIES
        | {
            Policy("jobs_read", ("habitue_jobs",), "SELECT", "true", None),
            Policy("jobs_lease", ("habitue_jobs",), "UPDATE", "true", None),
        }
        for table in ("core_event", "loyalty_rehearsal", "studio_designversion", "studio_labelfile")
    },
    **{
        table: TENANT_POLICIES | {Policy("jobs_due", ("habitue_jobs",), "SELECT", "true", None)}
        for table in (
            "ledger_lot",
            "ledger_hold",
            "loyalty_programme",
            "loyalty_standing",
            "rewards_redemption",
            "studio_visit",
        )
    },
    "merchants_merchant": frozenset(
        {
            Policy("reading", ("public",), "SELECT", "true", None),
            Policy("opening", ("public",), "INSERT", None, f"(id = {_SCOPE})"),
            Policy("changing", ("public",), "UPDATE", f"(id = {_SCOPE})", None),
        }
    ),
}


def tenant_table(
    table: str,
    *,
    key: str = "id",
    references: Mapping[str, str] | None = None,
    rights: str = WRITE,
    merchant_reference: bool = True,
    user_column: str | None = None,
) -> migrations.RunSQL:
    """Make a table that Django created a tenant table.

    `references` maps a column to the tenant table whose `id` it holds. `rights` is what the app role may do.
    `user_column` holds a login, which belongs to the service and not to a merchant.
    `merchant_reference=False` leaves out the key to the merchant's row, on tables so hot that locking it would show.
    """
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey",
            f"ALTER TABLE {table} ADD PRIMARY KEY (merchant_id, {key})",
            *_plain_key(table, "merchant_id" if merchant_reference else None, "merchants_merchant"),
            *_plain_key(table, user_column, "merchants_user"),
            *(
                line
                for column, target in (references or {}).items()
                for line in _composite_key(table, column, target)
            ),
            *lock_statements(table, rights),
        ],
        reverse_sql=migrations.RunSQL.noop,
    )


def tenant_reference(table: str, column: str, target: str) -> migrations.RunSQL:
    """A key of a column that came later to a tenant table."""
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            *_composite_key(table, column, target),
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        ],
        reverse_sql=migrations.RunSQL.noop,
    )


def lock_statements(table: str, rights: str) -> list[str]:
    """Policy and rights of one tenant table."""
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {table} USING ({POLICY}) WITH CHECK ({POLICY})",
        f"CREATE POLICY audit ON {table} FOR SELECT TO habitue_audit USING (true)",
        f"REVOKE ALL ON {table} FROM PUBLIC",
        f"GRANT {rights} ON {table} TO habitue_app",
        f"GRANT SELECT ON {table} TO habitue_audit",
    ]


def platform_table(table: str, rights: str = WRITE, *, audit: str = READ) -> migrations.RunSQL:
    """Rights on a table that belongs to the service itself and holds nothing of a merchant's.

    `audit` is what the audit role may read: columns in brackets where a column is secret, empty where every row is.
    """
    return migrations.RunSQL(
        [
            f"GRANT {rights} ON {table} TO habitue_app",
            *([f"GRANT {audit} ON {table} TO habitue_audit"] if audit else []),
        ],
        reverse_sql=migrations.RunSQL.noop,
    )


def _plain_key(table: str, column: str | None, target: str) -> list[str]:
    if column is None:
        return []
    return [
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_fk FOREIGN KEY ({column}) REFERENCES {target} (id)"
    ]


def _composite_key(table: str, column: str, target: str) -> list[str]:
    # Whoever adds a key reads both tables, and a policy that is forced on their owner too asks for a scope.
    return [
        f"ALTER TABLE {target} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_tenant_fk FOREIGN KEY (merchant_id, {column}) "
        f"REFERENCES {target} (merchant_id, id) DEFERRABLE INITIALLY IMMEDIATE",
        f"ALTER TABLE {target} FORCE ROW LEVEL SECURITY",
    ]
