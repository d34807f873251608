"""Versions of the programme, read and kept in this process: a published version never changes."""

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import Case, F, When
from django.utils import timezone

from core.tenancy import current_merchant_id, refuse_another
from loyalty.models import Programme, ProgrammeVersion
from loyalty.rules import types
from loyalty.rules.definition import read_definition

_versions: "OrderedDict[tuple[UUID, int], types.Version]" = OrderedDict()
_versions_lock = Lock()
_VERSIONS_KEPT = 512
PATIENCE = dt.timedelta(
    minutes=5
)  # workers look each minute: a version not in force by then will not come by itself


@dataclass(frozen=True)
class Settling:
    """A number that is given out and not yet committed. It waits among the transaction's hooks: they go with the commit, and
    with a rollback, of a savepoint too."""

    merchant_id: UUID
    number: int

    def __call__(self) -> None:
        """Settled: there is nothing to do."""


def in_force() -> Case:
    """Of a programme's row, the number of the version in force: the one to come, from its moment on."""
    return Case(When(next_at__lte=timezone.now(), then=F("next_version")), default=F("version"))


@dataclass(frozen=True)
class Planned:
    """The version to come, and from when."""

    number: int
    at: dt.datetime


class NowAndNext(NamedTuple):
    """The number in force, the version that waits for its moment, and one whose moment is over and which nobody could put in
    force: it counts for who reads, and whoever writes is refused until it is taken back.
    """

    number: int
    planned: Planned | None = None
    stuck: Planned | None = None


def now_and_next() -> NowAndNext:
    """Of the current merchant. One query."""
    row, now = Programme.objects.get(), timezone.now()
    if row.next_version is None or row.next_at is None:
        return NowAndNext(row.version)
    following = Planned(row.next_version, row.next_at)
    if row.next_at > now:
        return NowAndNext(row.version, planned=following)
    return NowAndNext(row.next_version, stuck=following if row.next_at < now - PATIENCE else None)


def version_in_force(number: int | None = None) -> types.Version:
    """A version of the current merchant, the one in force by default. Cached: a published version never changes."""
    merchant_id = current_merchant_id()
    if number is None:
        number = Programme.objects.values_list(in_force(), flat=True).get()
    known = cached_version(merchant_id, number)
    if known is None:
        known = read_definition(number, ProgrammeVersion.objects.get(number=number).definition)
        remember_version(merchant_id, known)
    return known


def remember_not_yet(number: int) -> None:
    """Until this transaction commits, the number may yet be given to other rules: no process may remember it."""
    transaction.on_commit(Settling(current_merchant_id(), number))


def cached_version(merchant_id: UUID, number: int) -> types.Version | None:
    """The version if this process has it already. No query."""
    return _versions.get((merchant_id, number))


def load_version(merchant_id: UUID, number: int) -> types.Version:
    """The version by one statement that brings its own scope: for the hot path, on a cache miss."""
    refuse_another(merchant_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT loyalty_read_version(%s, %s)", [merchant_id, number])
        row = cursor.fetchone()
    definition = row[0] if isinstance(row[0], dict) else orjson.loads(row[0])
    version = read_definition(number, definition)
    remember_version(merchant_id, version)
    return version


def remember_version(merchant_id: UUID, version: types.Version) -> None:
    """Keep the version in this process, dropping the oldest; not one whose publishing has not committed here."""
    settling = Settling(merchant_id, version.number)
    if any(settling == waiting[1] for waiting in connection.run_on_commit):
        return
    with _versions_lock:
        _versions[(merchant_id, version.number)] = version
        while len(_versions) > _VERSIONS_KEPT:
            _versions.popitem(last=False)


def forget_versions() -> None:
    """Empty this process's cache: for tests that change databases under it."""
    with _versions_lock:
        _versions.clear()
