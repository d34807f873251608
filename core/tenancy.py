"""The scope: which merchant's data this piece of work may see. Without one, nothing.

Three locks hold each other up: the queryset below (raises without a scope), row-level security in PostgreSQL
(`core/rls.py`; raises without a scope) and composite keys. The scope is set with `set_config(…, true)` inside a
transaction only, so neither a pooled connection nor a thread can carry it into the next piece of work.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL

from core.errors import Decline
from core.ids import new_id


class ScopeMissing(RuntimeError):
    """Tenant data was asked for outside any scope: a bug, never a user's mistake."""


class ScopeMismatch(RuntimeError):
    """A second merchant's scope was opened inside the first one's: a bug."""


_current: ContextVar[UUID | None] = ContextVar("merchant scope", default=None)


def current_merchant_id() -> UUID:
    """The merchant in whose scope this runs. Raises ScopeMissing."""
    merchant_id = _current.get()
    if merchant_id is None:
        raise ScopeMissing("tenant data needs `with tenancy.scope(merchant_id):`")
    return merchant_id


def refuse_another(merchant_id: UUID) -> UUID | None:
    """The scope that is open, if any. For statements that bring their own. Raises ScopeMismatch inside another's scope."""
    outer = _current.get()
    if outer is not None and outer != merchant_id:
        raise ScopeMismatch(f"in the scope of {outer}, asked for {merchant_id}")
    return outer


@contextmanager
def scope(merchant_id: UUID) -> Iterator[None]:
    """One transaction in which only this merchant's rows exist. May be nested for the same merchant.

    Whatever is raised inside undoes it, and goes on to the caller; but not a decline that was kept under its key.
    """
    outer = refuse_another(merchant_id)
    outermost = not connection.in_atomic_block
    token = _current.set(merchant_id)
    declined: Decline | None = None
    try:
        with transaction.atomic():
            if outer is None:
                _tell_database(str(merchant_id))
            try:
                yield
            except Decline as decline:
                if decline.answered is None:
                    raise
                declined = decline
            if outer is None and not outermost and not connection.needs_rollback:
                _tell_database("")  # a surrounding transaction goes on, without our scope
        if declined is not None:
            raise declined
    finally:
        _current.reset(token)


def _tell_database(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.merchant_id', %s, true)", [value])


M = TypeVar("M", bound=models.Model)


class TenantManager(models.Manager[M]):
    """The only way to a tenant table's rows: already filtered, and raising without a scope."""

    def get_queryset(self) -> models.QuerySet[M]:
        return super().get_queryset().filter(merchant_id=current_merchant_id())


Q = TypeVar("Q", bound=models.QuerySet[Any])


def all_rows(queryset: Q, **same: UUID) -> Q:
    """The same rows, and of them those whose columns are `same`, for a query that reads most of a merchant's: it says so
    in its text.

    A prepared statement is planned without its parameters from its sixth run on, so for an average merchant: of a large
    one's rows it then fetches each by an index, ten times as slow as reading the table.
    """
    values = {"merchant_id": current_merchant_id(), **same}
    # Written into the statement, and safe there: each is a UUID.
    said = {name: RawSQL(f"'{UUID(str(value))}'::uuid", []) for name, value in values.items()}  # noqa: S611
    return queryset.filter(**said)


class TenantKey(models.ForeignKey):
    """A reference inside one merchant. The database's own key is composite: see `rls.tenant_table`."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)


class TenantModel(models.Model):
    """A row that belongs to one merchant. Its table is declared with `rls.tenant_table` in the migration."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(
        "merchants.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        default=current_merchant_id,
        editable=False,
    )

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
