"""System checks of the building: a tenant table without its locks is an error, not a surprise.

They read the catalogue of the real database, so run them with `manage.py check --database default`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  Django's name
from django.db import connections, models
from django.db.backends.utils import CursorWrapper

from core.rls import OTHER_POLICIES, TENANT_POLICIES, Policy

Cursor = CursorWrapper | psycopg.Cursor[Any]  # Django's, or one in a database that Django does not know

# A partition is asked all that its parent is asked: whoever owns it could read it by its own name.
LOCKS = """
SELECT c.relname, coalesce(whole.relname, c.relname),
       c.relrowsecurity AND c.relforcerowsecurity,
       (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = c.oid AND i.indisprimary) = 'merchant_id',
       pg_get_userbyid(c.relowner) <> coalesce(%s::name, current_user),
       NOT c.relispartition OR NOT EXISTS (
           SELECT FROM aclexplode(c.relacl) WHERE grantee <> c.relowner
           UNION ALL
           SELECT FROM pg_attribute a, aclexplode(a.attacl) WHERE a.attrelid = c.oid AND grantee <> c.relowner)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_inherits part ON part.inhrelid = c.oid LEFT JOIN pg_class whole ON whole.oid = part.inhparent
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'merchant_id' AND NOT a.attisdropped)
"""
QUESTIONS = (
    ("core.E001", "row-level security is not enabled and forced"),
    ("core.E003", "its primary key does not begin with merchant_id"),
    ("core.E004", "the app role owns it, and an owner may switch its policy off"),
    ("core.E007", "it is a partition, and somebody has rights on it that pass by the table's own policies"),
)
POLICIES = """
SELECT tablename, policyname, roles::text[], cmd, qual, with_check, permissive = 'PERMISSIVE'
FROM pg_policies WHERE schemaname = 'public'
"""
# Who we are to the database: the login, and the role it acts as.
SELVES = """
SELECT r.rolname, r.rolsuper, r.rolbypassrls, coalesce(pg_has_role(r.oid, o.oid, 'MEMBER'), false)
FROM pg_roles r LEFT JOIN pg_roles o ON o.rolname = %s
WHERE r.rolname IN (session_user, current_user) ORDER BY r.rolname
"""
POWERS = ("is a superuser", "has BYPASSRLS", "is a member of the tables' owner")


@register(Tags.database)
def tenant_tables_are_locked(
    app_configs: Sequence[Any] | None = None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Every table with a merchant_id column has its three locks; every tenant model has its table among them."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            found += missing_locks(cursor)
    return found


def missing_locks(cursor: Cursor, app_role: str | None = None) -> list[CheckMessage]:
    """The same of any database, through a cursor of the app or, with its role named, of another login.

    A restore asks before it puts a database in its place.
    """
    found: list[CheckMessage] = []
    cursor.execute(LOCKS, [app_role])
    asked = cursor.fetchall()
    policies = _policies(cursor)
    rows = {table: answers for table, _whole, *answers in asked}
    wholes = {table: whole for table, whole, *_answers in asked}
    for table, answers in sorted(rows.items()):
        found += [
            Error(f"Tenant table {table}: {words}.", hint="Use rls.tenant_table in its migration.", id=code)
            for (code, words), fine in zip(QUESTIONS, answers, strict=True)
            if not fine
        ]
    tables = {name: name for name in {*OTHER_POLICIES, *policies}} | wholes
    found += _wrong_policies(tables, policies)
    found += _models_without_table(set(rows))
    return found


@register(Tags.database)
def we_are_nobody_special(
    app_configs: Sequence[Any] | None = None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Row-level security binds neither a superuser nor BYPASSRLS, and an owner may switch it off."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(SELVES, [settings.OWNER_ROLE])
            for role, *powers in cursor.fetchall():
                had = [words for words, power in zip(POWERS, powers, strict=True) if power]
                if had:
                    what = f"The app's database role {role} {' and '.join(had)}: policies do not bind it."
                    hint = "Give DATABASE_URL the login habitue_app."
                    found.append(
                        Error(what, hint=hint, id="core.E006")
                        if settings.PRODUCTION
                        else Warning(what, hint=hint, id="core.W001")
                    )
    return found


def _policies(cursor: Cursor) -> dict[str, set[Policy]]:
    """All policies there are, by table."""
    cursor.execute(POLICIES)
    found: dict[str, set[Policy]] = {}
    for table, name, roles, *rest in cursor.fetchall():
        found.setdefault(table, set()).add(Policy(name, tuple(roles), *rest))
    return found


def _wrong_policies(tables: dict[str, str], found: dict[str, set[Policy]]) -> Iterator[CheckMessage]:
    """Policies add up: one more than expected may open what the others close. A partition has those of its table."""
    for table, whole in sorted(tables.items()):
        expected, there = OTHER_POLICIES.get(whole, TENANT_POLICIES), found.get(table, set())
        names = sorted({policy.name for policy in expected ^ there})
        if names:
            yield Error(
                f"Table {table}: missing, changed or one too many: policy {', '.join(names)}.",
                hint="Use rls.tenant_table in its migration, and name others in rls.OTHER_POLICIES.",
                id="core.E002",
            )


def _models_without_table(tables: set[str]) -> Iterator[CheckMessage]:
    for model in tenant_models():
        if model._meta.db_table not in tables:
            yield Error(
                f"{model._meta.label} has no tenant table.", hint="Run the migrations.", id="core.E005"
            )


def tenant_models() -> list[type[models.Model]]:
    """All models whose rows belong to one merchant."""
    return [
        model
        for model in apps.get_models()
        if any(field.attname == "merchant_id" for field in model._meta.local_concrete_fields)
    ]
