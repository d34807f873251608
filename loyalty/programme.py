"""The programme: started, changed and published. Each change publishes a new version; older ones stay for ever."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import DomainError
from core.money import LARGEST_MINOR, exponent
from core.tenancy import current_merchant_id, refuse_another
from core.text import read_text
from loyalty.models import EarnRule, Programme, ProgrammeVersion, Tier, Unit
from loyalty.rules import types
from loyalty.rules.definition import read_definition
from merchants.models import Merchant, StaffMember
from merchants.onboarding import NameMissing

POINTS = {"en": ["point", "points"], "fr": ["point", "points"]}
# More units for one rule, and for the largest purchase, than anyone means; keeps every balance far inside 64 bits
# and every figure exact in the numbers of JavaScript.
LARGEST_AWARD = 1_000_000
LARGEST_TOTAL = 10**12

_versions: "OrderedDict[tuple[UUID, int], types.Version]" = OrderedDict()
_versions_lock = Lock()
_unsettled: set[tuple[UUID, int]] = set()
_VERSIONS_KEPT = 512


class AwardOutOfRange(DomainError):
    """An award of nothing, or of more than anyone means."""

    code = "award_out_of_range"
    message = _("Give between 1 and %(largest)d.")
    field = "amount"


class BasisOutOfRange(DomainError):
    """Points per nothing."""

    code = "basis_out_of_range"
    message = _("Write for how much money the points are given: more than zero.")
    field = "per_minor"


def start_programme(*, merchant: Merchant, name: str, welcome: int = 0) -> Programme:
    """The first programme of the current merchant: points, one for each unit of its currency. Published at once."""
    with transaction.atomic():
        programme = Programme.objects.create(name=read_text(name, limit=80, field="name"))
        unit = Unit.objects.create(code="points", names=POINTS)
        EarnRule.objects.create(
            trigger=EarnRule.Trigger.PURCHASE,
            unit=unit,
            amount=1,
            per_minor=10 ** exponent(merchant.currency),
        )
        if welcome:
            EarnRule.objects.create(trigger=EarnRule.Trigger.JOINING, unit=unit, amount=welcome)
        publish(merchant=merchant, actor=None)
    return programme


@contextmanager
def changing() -> Iterator[None]:
    """One transaction in which nobody else changes this programme: two taps on one button come one after the other."""
    with transaction.atomic():
        Programme.objects.select_for_update().get()
        yield


def change_earning(
    *, merchant: Merchant, amount: int, per_minor: int, welcome: int, actor: StaffMember | None
) -> ProgrammeVersion:
    """Set "`amount` units for each `per_minor` spent" and the welcome award (0 for none).

    Raises AwardOutOfRange, BasisOutOfRange.
    """
    if not 1 <= amount <= LARGEST_AWARD:
        raise AwardOutOfRange(largest=LARGEST_AWARD)
    if not 0 <= welcome <= LARGEST_AWARD:
        raise AwardOutOfRange(largest=LARGEST_AWARD, field="welcome")
    if not 1 <= per_minor <= LARGEST_MINOR:
        raise BasisOutOfRange
    if amount * (LARGEST_MINOR // per_minor) > LARGEST_TOTAL:
        raise AwardOutOfRange(largest=max(1, LARGEST_TOTAL * per_minor // LARGEST_MINOR))
    with changing():
        EarnRule.objects.filter(trigger=EarnRule.Trigger.PURCHASE).update(amount=amount, per_minor=per_minor)
        joining = EarnRule.objects.filter(trigger=EarnRule.Trigger.JOINING)
        if not welcome:
            joining.delete()
        elif not joining.update(amount=welcome):
            unit = Unit.objects.order_by("position")[0]
            EarnRule.objects.create(trigger=EarnRule.Trigger.JOINING, unit=unit, amount=welcome)
        return publish(merchant=merchant, actor=actor)


def rename_programme(*, merchant: Merchant, name: str, actor: StaffMember | None) -> ProgrammeVersion:
    """Raises NameMissing, TextTooLong."""
    name = read_text(name, limit=80, field="name")
    if not name:
        raise NameMissing
    with changing():
        Programme.objects.update(name=name)
        return publish(merchant=merchant, actor=actor)


def publish(*, merchant: Merchant, actor: StaffMember | None) -> ProgrammeVersion:
    """Put what the tables say in force, as a new version. Standings follow: see `tiers.lift_standings`."""
    Programme.objects.update(version=F("version") + 1)  # the row's lock makes publishing one at a time
    programme = Programme.objects.get()
    version = ProgrammeVersion.objects.create(
        number=programme.version, definition=_define(programme, merchant), published_by=actor
    )
    # Until this transaction commits, the number may yet be given to other rules: no process may remember it.
    settling = (merchant.id, version.number)
    _unsettled.add(settling)
    transaction.on_commit(lambda: _unsettled.discard(settling))
    events.record(
        "programme.published", {"version": version.number, "actor": str(actor.id) if actor else None}
    )
    return version


def version_in_force(number: int | None = None) -> types.Version:
    """A version of the current merchant, the one in force by default. Cached: a published version never changes."""
    merchant_id = current_merchant_id()
    if number is None:
        number = Programme.objects.values_list("version", flat=True).get()
    known = cached_version(merchant_id, number)
    if known is None:
        known = read_definition(number, ProgrammeVersion.objects.get(number=number).definition)
        remember_version(merchant_id, known)
    return known


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


def _define(programme: Programme, merchant: Merchant) -> dict[str, Any]:
    return {
        "name": programme.name,
        "currency": merchant.currency,
        "limits": {
            "cool_down_minutes": programme.cool_down_minutes,
            "purchases_a_day": programme.purchases_a_day,
            "static_a_day": programme.static_a_day,
        },
        "units": [
            {"id": str(unit.id), "code": unit.code, "names": unit.names}
            for unit in Unit.objects.order_by("position")
        ],
        "rules": [
            {
                "id": str(rule.id),
                "trigger": rule.trigger,
                "unit": str(rule.unit_id),
                "amount": rule.amount,
                "per_minor": rule.per_minor,
            }
            for rule in EarnRule.objects.filter(active=True).order_by("trigger", "id")
        ],
        "tiers": [
            {
                "id": str(tier.id),
                "name": tier.name,
                "threshold_minor": tier.threshold_minor,
                "multiplier_percent": tier.multiplier_percent,
            }
            for tier in Tier.objects.order_by("threshold_minor")
        ],
    }
