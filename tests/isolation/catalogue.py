"""What the database says of itself: every table, key, view and function, whoever made it. Findings are sentences.

It asks the catalogue and no list of ours, so that what is forgotten is found; what may differ is named here, with why.
"""

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import connection

from core.checks import tenant_models, tenant_tables_are_locked
from core.tenancy import TenantKey

# Tables of the service itself: nothing in them is a merchant's.
PLATFORM = {
    "account_emailaddress": "a login's addresses",
    "account_emailconfirmation": "a login's addresses",
    "auth_group": "Django's, unused",
    "auth_group_permissions": "Django's, unused",
    "auth_permission": "Django's, unused",
    "django_content_type": "Django's list of models",
    "django_migrations": "what was migrated",
    "django_session": "who is signed in",
    "merchants_merchant": "the tenant itself: its policies are in rls.OTHER_POLICIES",
    "merchants_user": "a login, which may be staff at several merchants",
}
# Ids of a tenant's table that no key guards, and why that opens nothing.
LOOSE = {
    "core_answer.member_id": "says whose answer is blanked by an erasure; read inside the scope",
    "core_auditrow.member_id": "says of whom a fact tells, for ever; read inside the scope",
    "ledger_entry.account_id": "written by the ledger's functions alone, from the account that they hold locked",
    "ledger_entry.actor_id": "a staff member or an API key",
    "ledger_entry.cause_id": "a purchase, a member or nothing of ours",
    "ledger_entry.refers_to": "as its account",
    "ledger_hold.account_id": "as the entry's",
    "ledger_hold.closed_by": "as the entry's",
    "ledger_lot.account_id": "as the entry's",
    "ledger_lot.came_from": "as the entry's; in another account of the same merchant's",
    "ledger_lot.entry_id": "as the entry's",
    "ledger_movement.account_id": "as the entry's",
    "ledger_movement.entry_id": "as the entry's",
    "ledger_movement.lot_id": "as the entry's",
    "loyalty_codebatch.made_by": "a staff member or an API key",
    "loyalty_happening.actor_id": "a staff member or an API key",
    "loyalty_happening.location_id": "asked for by `loyalty.happenings.happening`, in the scope",
    "loyalty_merge.actor_id": "a staff member",
    "loyalty_merge.tier_before": "what was, for the record: the tier may be gone",
    "loyalty_merge.undone_by": "a staff member",
    "loyalty_purchase.actor_id": "a staff member or an API key",
    "loyalty_purchase.location_id": "asked for by loyalty_read_scan, in the scope; a lock on the shop's row would show",
    "loyalty_purchase.tier_id": "what was, for the record: the tier may be gone",
    "loyalty_refund.actor_id": "a staff member or an API key",
    "loyalty_standing.tier_id": "asked for by loyalty_record_purchase, in the scope",
    "members_card.spent_by": "a staff member or an API key",
    "rewards_redemption.actor_id": "a staff member or an API key",
    "rewards_redemption.captured_by": "a staff member or an API key",
    "rewards_redemption.closed_by": "a staff member or an API key",
    "rewards_redemption.location_id": "where it was handed over, which staff and keys of this shop say",
    "studio_design.made_by": "a staff member or an API key",
    "studio_designversion.made_by": "a staff member or an API key",
    "studio_labelfile.asked_by": "a staff member",
    "studio_link.made_by": "a staff member or an API key",
    "notifications_message.event_id": "an event, which the outbox forgets",
}
APP_MAY = {"SELECT", "INSERT", "UPDATE", "DELETE"}  # TRUNCATE, REFERENCES and TRIGGER know no policy
DEFINERS_FOR = {"habitue_owner", "habitue_app"}
SEARCH_PATH = "search_path=pg_catalog, public, pg_temp"
TENANT = """
SELECT c.oid, c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f') AND EXISTS (
    SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'merchant_id' AND NOT a.attisdropped)
"""


def findings() -> list[str]:
    """Everything that is wrong. In Django's current connection and transaction."""
    checks = [f"{error.id}: {error.msg}" for error in tenant_tables_are_locked(databases=["default"])]
    return [*checks, *tables(), *unique_keys(), *references(), *models(), *views(), *functions(), *rights()]


def ask(statement: str) -> list[tuple]:
    """Rows of the catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def tables() -> Iterator[str]:
    """Each is a tenant's or says why not."""
    every = ask("""SELECT relname, relkind FROM pg_class
                   WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'f')""")
    mine = {name for _oid, name in ask(TENANT)}
    for name, kind in every:
        if name not in mine and name not in PLATFORM:
            yield f"{name} has no merchant_id and is not named in PLATFORM"
        if kind == "f":
            yield f"{name} is a foreign table: no policy guards what is behind it"


def unique_keys() -> Iterator[str]:
    """Whatever is unique is unique within its merchant: else one learns from a refusal what another has."""
    for table, index, first in ask(f"""
        SELECT t.relname, x.relname, a.attname FROM pg_index i JOIN ({TENANT}) t ON t.oid = i.indrelid
        JOIN pg_class x ON x.oid = i.indexrelid
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indisunique OR i.indisprimary OR i.indisexclusion"""):
        if first != "merchant_id":
            yield f"{table}: {index} does not begin with merchant_id"


def references() -> Iterator[str]:
    """Each key to a tenant's table takes the merchant along; each id of a tenant's table has a key or a reason."""
    mine = {name for _oid, name in ask(TENANT)}
    guarded: set[str] = set()
    for table, target, columns, keys in ask("""
        SELECT conrelid::regclass::text, confrelid::regclass::text,
               ARRAY(SELECT a.attname::text FROM unnest(conkey) WITH ORDINALITY k (n, o)
                     JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.n ORDER BY o),
               ARRAY(SELECT a.attname::text FROM unnest(confkey) WITH ORDINALITY k (n, o)
                     JOIN pg_attribute a ON a.attrelid = confrelid AND a.attnum = k.n ORDER BY o)
        FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace"""):
        together = set(zip(columns, keys, strict=True))
        if target in mine and ("merchant_id", "merchant_id") not in together:
            yield f"{table} ({', '.join(columns)}) refers to {target} without the merchant"
        elif table not in mine and target in mine:
            yield f"{table} refers to {target} and is no tenant's table"
        else:
            guarded |= {f"{table}.{column}" for column in columns}
    for table, column in ask(f"""
        SELECT t.relname, a.attname FROM ({TENANT}) t JOIN pg_class c ON c.oid = t.oid
        JOIN pg_attribute a ON a.attrelid = t.oid
        WHERE a.atttypid = 'uuid'::regtype AND a.attnum > 0 AND NOT a.attisdropped AND NOT c.relispartition
          AND a.attname NOT IN ('merchant_id', 'id', 'key')"""):
        if f"{table}.{column}" not in guarded | LOOSE.keys():
            yield f"{table}.{column} has no key to what it names, and no reason in LOOSE"
    yield from (f"{name} has a key by now: strike it from LOOSE" for name in LOOSE.keys() & guarded)


def expected_references() -> list[tuple[str, str, str]]:
    """(table, column, target) of each composite key that must be there: the models say so, and the books' own tables."""
    said = [
        (model._meta.db_table, field.column, field.related_model._meta.db_table)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, TenantKey) and f"{model._meta.db_table}.{field.column}" not in LOOSE
    ]
    return [
        *said,
        ("ledger_account", "member_id", "members_member"),
        ("ledger_account", "unit_id", "loyalty_unit"),
    ]


def models() -> Iterator[str]:
    """What Django believes to be a reference has its composite key."""
    there = set(
        ask("""SELECT conrelid::regclass::text, a.attname::text, confrelid::regclass::text FROM pg_constraint
               JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = ANY (conkey) AND a.attname <> 'merchant_id'
               WHERE contype = 'f' AND cardinality(conkey) = 2""")
    )
    yield from (
        f"{table}.{column} has no composite key to {target}"
        for table, column, target in expected_references()
        if (table, column, target) not in there
    )
    mine = {name for _oid, name in ask(TENANT)}
    yield from (
        f"{m._meta.label} has no tenant table" for m in tenant_models() if m._meta.db_table not in mine
    )


def views() -> Iterator[str]:
    """A view runs as who asks. A stored one would hold everybody's rows, and knows no policy."""
    for (
        name,
        kind,
        options,
    ) in ask("""SELECT relname, relkind, coalesce(reloptions, '{}')::text[] FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')"""):
        if kind == "m":
            yield f"{name} is a materialised view"
        elif not {"security_invoker=true", "security_invoker=on", "security_invoker=1"} & set(options):
            yield f"{name} does not run as its caller (security_invoker)"


def functions() -> Iterator[str]:
    """Who acts as the owner says where names are looked up, and is called by the app alone; nobody opens a lasting scope."""
    for name, definer, config, owner, callers, body in ask("""
        SELECT p.proname, p.prosecdef, coalesce(p.proconfig, '{}')::text[], pg_get_userbyid(p.proowner),
               ARRAY(SELECT coalesce(g.rolname, 'PUBLIC')::text
                     FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
                     LEFT JOIN pg_roles g ON g.oid = x.grantee), p.prosrc
        FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"""):
        if definer and SEARCH_PATH not in config:
            yield f"{name} acts as {owner} and does not pin its search_path"
        if definer and owner != "habitue_owner":
            yield f"{name} acts as {owner}"
        if definer and not set(callers) <= DEFINERS_FOR:
            yield f"{name} acts as {owner} and may be called by {', '.join(callers)}"
        for said in re.findall(r"set_config\('app\.merchant_id',([^;]*?)\)", body or ""):
            if not said.strip().endswith("true"):
                yield f"{name} sets a scope that outlives its transaction"


def rights() -> Iterator[str]:
    """The app's role may not do to a tenant's table what policies do not see; nobody else but the audit reads it."""
    for table, grantee, right in ask(f"""
        SELECT t.relname, coalesce(g.rolname, 'PUBLIC')::text, x.privilege_type
        FROM ({TENANT}) t JOIN pg_class c ON c.oid = t.oid
        CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) x
        LEFT JOIN pg_roles g ON g.oid = x.grantee
        WHERE x.grantee <> c.relowner"""):
        allowed = {"habitue_app": APP_MAY, "habitue_audit": {"SELECT"}}.get(grantee, set())
        if right not in allowed:
            yield f"{grantee} may {right} {table}"
    for (
        role,
        power,
    ) in ask("""SELECT rolname, CASE WHEN rolsuper THEN 'is a superuser' ELSE 'has BYPASSRLS' END
                              FROM pg_roles WHERE rolname LIKE 'habitue%' AND (rolsuper OR rolbypassrls)"""):
        yield f"{role} {power}"
