"""When a unit's expiry changes, whoever has units of it keeps them for one full period from that day on, at least.

So a newly enabled expiry bites one period later, and nothing that was promised is taken back. It follows publishing as an
event, some accounts at a time, for a till must not wait for a hundred thousand members. It works out what holds now from the
versions that are kept: done twice, late, or after the next change, it comes to the same.
"""

import datetime as dt
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from core import events
from core.models import Event
from core.tenancy import current_merchant_id
from loyalty.ledger import postings
from loyalty.models import ProgrammeVersion
from loyalty.programme.versions import version_in_force
from loyalty.rules.calendar import local_day
from loyalty.rules.definition import read_definition
from loyalty.rules.expiring import dies_at
from loyalty.rules.types import Expiry
from merchants.models import Merchant

AT_ONCE = 500  # accounts in one transaction, at most: their tills wait for no longer than a moment


def renew_after_publishing(event: Event) -> None:
    """`programme.published`: one event for each unit whose expiry this version changed."""
    kept = ProgrammeVersion.objects.get(number=event.payload["version"])
    before = _before(kept)
    if before is None:
        return
    for unit in read_definition(kept.number, kept.definition).units:
        if _expiry(before, unit.id) not in (None, unit.expiry):
            events.record("expiry.changed", {"unit": unit.id, "after": None})


def renew_units(event: Event) -> None:
    """`expiry.changed`: the next accounts of the unit, and an event for those behind them."""
    unit_id = event.payload["unit"]
    unit, since = version_in_force().unit(unit_id), _since(unit_id)
    if unit is None or since is None:
        return  # the programme has it no more, or never had it otherwise
    zone = Merchant.objects.get(id=current_merchant_id()).time_zone
    day = local_day(since, zone)
    after = event.payload["after"]
    last = postings.renew(
        unit_id=UUID(unit_id),
        until=dies_at(unit, day, zone),
        after=UUID(after) if after else None,
        most=AT_ONCE,
    )
    if last is not None:
        events.record("expiry.changed", {"unit": unit_id, "after": str(last)})


def _since(unit_id: str) -> dt.datetime | None:
    """Since when the expiry is the one that it is; None where it never was another."""
    later: ProgrammeVersion | None = None
    for kept in _in_force_so_far().iterator(chunk_size=20):
        if later and _expiry(kept, unit_id) != _expiry(later, unit_id):
            return later.effective_at if _expiry(kept, unit_id) else None
        later = kept
    return None


def _in_force_so_far() -> QuerySet[ProgrammeVersion]:
    """The versions that are or were in force, newest first. One published while another was to come may have the lower
    number."""
    there = ProgrammeVersion.objects.filter(withdrawn_at=None, effective_at__lte=timezone.now())
    return there.order_by("-effective_at", "-number")


def _before(kept: ProgrammeVersion) -> ProgrammeVersion | None:
    """The version that was in force before this one."""
    at, number = kept.effective_at, kept.number
    earlier = Q(effective_at__lt=at) | Q(effective_at=at, number__lt=number)
    return _in_force_so_far().filter(earlier).first()


def _expiry(kept: ProgrammeVersion, unit_id: str) -> Expiry | None:
    unit = read_definition(kept.number, kept.definition).unit(unit_id)
    return unit.expiry if unit else None
