"""The proof of a saved design: everything that is promised, tried by a worker while a page shows how far it is.

What is asked for is a version's row, and so is what came of it: a worker that dies is replaced by another. The same design, with
the same mark and text, is not proven twice. What is proven are links of the shop's, `looks.longest_link` and `other_links`;
other codes are read back each by itself before they are printed.
"""

import datetime as dt
import logging
from uuid import UUID

from django.utils import timezone

from core import events, jobs, tenancy
from core.models import Event
from merchants.models import Merchant
from studio.drawing import preflight
from studio.drawing.preflight import Result
from studio.looks import Look, longest_link, look_with, other_links
from studio.models import DesignVersion

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=60)  # a proof takes a second or two: a worker that is not done by then is gone
MOST_AT_ONCE = 2  # in the whole house: the other workers are for what cannot wait
STEP = 8  # trials between two signs of progress


def ask_proof(version: DesignVersion, merchant: Merchant) -> None:
    """Have it proven with the mark that the shop has now, or take what came of the same before. The caller saves it.

    In the merchant's scope. The default stays what it is meanwhile.
    """
    version.digest = look_with(merchant, version.look).proof_digest(longest_link(merchant))
    version.seen_at = version.finished_at = version.score = None
    version.done = version.total = 0
    known = DesignVersion.objects.filter(digest=version.digest, score__isnull=False).first()
    if known is not None:
        _take(version, known.score or 0, known.failures, passed=known.passed)


def ask_again(*, merchant: Merchant, version_id: UUID) -> None:
    """Have a version proven whose proof broke off. Of any other, nothing changes. In the merchant's scope."""
    mine = DesignVersion.objects.select_for_update().filter(id=version_id)
    version = mine.filter(score__isnull=True, finished_at__isnull=False).first()
    if version is not None:
        ask_proof(version, merchant)
        version.save()


def ask_if_changed(version: DesignVersion, merchant: Merchant) -> None:
    """Have it proven anew where the mark is another one since. The caller has locked it; in the merchant's scope."""
    if look_with(merchant, version.look).proof_digest(longest_link(merchant)) != version.digest:
        ask_proof(version, merchant)
        version.save()


def follow_mark(event: Event) -> None:
    """A subscriber: another logo or trade changes the mark, so the default is proven once more."""
    version = DesignVersion.objects.select_for_update().filter(is_default=True).first()
    if version is not None:
        ask_if_changed(version, Merchant.objects.get(id=tenancy.current_merchant_id()))


def lease_waiting(most: int = MOST_AT_ONCE) -> list[tuple[UUID, UUID, dt.datetime]]:
    """Merchant, version and when it was leased, of those that nobody proves: so many as make `most` under way."""
    return jobs.lease_waiting(DesignVersion._meta.db_table, lease=LEASE, most=most)


def prove(*, merchant: Merchant, version_id: UUID, leased_at: dt.datetime | None = None) -> None:
    """Prove it and keep what came of it, if it is still as it was leased. Repeating does nothing. Outside any scope."""
    claimed_at = timezone.now()
    with tenancy.scope(merchant.id):
        look = _claim(merchant, version_id, leased_at, claimed_at)
    if look is None:
        return

    def show(done: int, _total: int) -> None:
        if done % STEP == 0:
            with tenancy.scope(merchant.id):
                DesignVersion.objects.filter(id=version_id, seen_at=claimed_at).update(done=done)

    result: Result | None = None
    try:
        text, others = longest_link(merchant), other_links(merchant)
        result = preflight.full(look.design, text, look.mark, show, also=others)
    except Exception:  # the edge: whoever waits for it is told, and the worker goes on
        logger.exception("the proof of design version %s broke off", version_id)
    with tenancy.scope(merchant.id):
        _finish(version_id, claimed_at, result)


def _claim(
    merchant: Merchant, version_id: UUID, leased_at: dt.datetime | None, claimed_at: dt.datetime
) -> Look | None:
    """What is to be proven, with the mark of this moment; None where it is not the caller's, once for each lease."""
    mine = DesignVersion.objects.filter(id=version_id, finished_at=None, seen_at=leased_at)
    if not mine.update(seen_at=claimed_at, done=0, total=len(preflight.FULL)):
        return None
    version = DesignVersion.objects.get(id=version_id)
    look = look_with(merchant, version.look)
    version.digest = look.proof_digest(longest_link(merchant))
    version.save(update_fields=["digest"])
    return look


def _finish(version_id: UUID, claimed_at: dt.datetime, result: Result | None) -> None:
    mine = DesignVersion.objects.select_for_update().filter(finished_at=None, seen_at=claimed_at)
    version = mine.filter(id=version_id).first()
    if version is None:
        return
    if result is None:
        version.finished_at = timezone.now()
    else:
        failures: list[list[str]] = [[scene.name, scene.size] for scene in result.failed]
        _take(version, result.score, failures, passed=result.passed)
    version.save()


def _take(version: DesignVersion, score: int, failures: list[list[str]], *, passed: bool) -> None:
    """What came of the proof. A default that is not read any more is none."""
    version.finished_at = timezone.now()
    version.done = version.total = len(preflight.FULL)
    version.score, version.passed, version.failures = score, passed, failures
    if version.is_default and not passed:
        version.is_default = False
        events.record(
            "design.default_failed",
            {"design": str(version.design_id), "version": version.number, "score": score, "actor": None},
        )
