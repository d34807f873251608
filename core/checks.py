"""System checks of the building: a tenant table without its locks is an error, not a surprise.

They read the catalogue of the real database, so run them with `manage.py check --database default`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections, models

LOCKS = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
       EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname
               AND p.policyname = 'tenant' AND p.cmd = 'ALL'
               AND p.qual LIKE '%%current_merchant_id()%%' AND p.with_check LIKE '%%current_merchant_id()%%'),
       (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = c.oid AND i.indisprimary) = 'merchant_id',
       pg_get_userbyid(c.relowner) <> current_user
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'merchant_id' AND NOT a.attisdropped)
"""
QUESTIONS = (
    ("core.E001", "row-level security is not enabled and forced"),
    ("core.E002", "it has no policy named `tenant` on current_merchant_id()"),
    ("core.E003", "its primary key does not begin with merchant_id"),
    ("core.E004", "the app role owns it, and an owner may switch its policy off"),
)


@register(Tags.database)
def tenant_tables_are_locked(
    app_configs: Sequence[Any] | None = None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Every table with a merchant_id column has its three locks; every tenant model has its table among them."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(LOCKS)
            rows = {table: answers for table, *answers in cursor.fetchall()}
        for table, answers in sorted(rows.items()):
            found += [
                Error(
                    f"Tenant table {table}: {words}.", hint="Use rls.tenant_table in its migration.", id=code
                )
                for (code, words), fine in zip(QUESTIONS, answers, strict=True)
                if not fine
            ]
        found += _models_without_table(set(rows))
    return found


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
