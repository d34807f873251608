"""Versions of the programme, read and kept in this process: a published version never changes."""

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
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
_unsettled: set[tuple[UUID, int]] = set()
_VERSIONS_KEPT = 512


def in_force() -> Case:
    """Of a programme's row, the number of the version in force: the one to come, from its moment on."""
    return Case(When(next_at__lte=timezone.now(), then=F("next_version")), default=F("version"))


@dataclass(frozen=True)
class Planned:
    """The version to come, and from when."""

    number: int
    at: dt.datetime


def planned_version() -> Planned | None:
    """The version of the current merchant that waits for its moment, if there is one."""
    return now_and_next()[1]


def now_and_next() -> tuple[int, Planned | None]:
    """The number in force, and the version of the current merchant that waits for its moment. One query."""
    row = Programme.objects.get()
    if row.next_version is None or row.next_at is None:
        return row.version, None
    if row.next_at <= timezone.now():
        return row.next_version, None
    return row.version, Planned(row.next_version, row.next_at)


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
    settling = (current_merchant_id(), number)
    _unsettled.add(settling)
    transaction.on_commit(lambda: _unsettled.discard(settling))


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
    if (merchant_id, version.number) in _unsettled:
        return
    with _versions_lock:
        _versions[(merchant_id, version.number)] = version
        while len(_versions) > _VERSIONS_KEPT:
            _versions.popitem(last=False)


def forget_versions() -> None:
    """Empty this process's cache: for tests that change databases under it."""
    with _versions_lock:
        _versions.clear()
