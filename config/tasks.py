"""The relay and the consumer of the outbox, as Celery tasks. A task is only another caller of a verb."""

import datetime as dt
import logging
from uuid import UUID

from config.celery import app
from config.subscriptions import SUBSCRIPTIONS
from core import outbox, tenancy
from core.jobs import one_at_a_time
from loyalty.happenings import greeting
from loyalty.programme import publishing
from loyalty.rehearsal import rehearsing
from loyalty.standings import reviewing
from loyalty.units import settling
from merchants.models import Merchant
from rewards import catalogue, redemption
from studio import counting, proving
from studio.labels import making

logger = logging.getLogger(__name__)

EVENTS_A_TASK = 50
ACCOUNTS_A_SWEEP = 1000


@app.task(name="config.tasks.relay_outbox")
def relay_outbox() -> int:
    """Hint workers at what is due. Returns how many events that was."""
    due = outbox.lease_due()
    for merchant_id, event_ids in due.items():
        for start in range(0, len(event_ids), EVENTS_A_TASK):
            part = event_ids[start : start + EVENTS_A_TASK]
            deliver_events.delay(str(merchant_id), [str(event_id) for event_id in part])
    return sum(map(len, due.values()))


@app.task(name="config.tasks.deliver_events")
def deliver_events(merchant_id: str, event_ids: list[str]) -> None:
    """Deliver these events of one merchant, each in a transaction of its own."""
    try:
        publishing.put_due_in_force(UUID(merchant_id))
    except Exception:  # the edge: most events do not ask for it, and those that do look again
        logger.exception("the next version of merchant %s did not come into force", merchant_id)
    for event_id in event_ids:
        try:
            outbox.deliver(UUID(merchant_id), UUID(event_id), SUBSCRIPTIONS)
        except Exception:  # the edge: the events behind this one must not wait for it; its lease will end
            logger.exception("event %s was not delivered", event_id)


@app.task(name="config.tasks.settle_due")
@one_at_a_time
def settle_due() -> int:
    """Settle every account in which something is due. Returns how many entries that took."""
    done = 0
    while due := settling.due_accounts(ACCOUNTS_A_SWEEP):
        settled = sum(settling.settle_accounts(merchant_id, ids) for merchant_id, ids in due.items())
        done += settled
        if not settled:  # what is left fails: the next sweep tries again
            break
    return done


@app.task(name="config.tasks.put_versions_in_force")
@one_at_a_time
def put_versions_in_force() -> int:
    """Put every version in force whose moment has come. Returns how many there were."""
    return publishing.put_all_due_in_force()


@app.task(name="config.tasks.rehearse_waiting")
def rehearse_waiting() -> int:
    """Hint workers at rehearsals that nobody plays. Returns how many."""
    waiting = rehearsing.lease_waiting()
    for merchant_id, rehearsal_id, leased_at in waiting:
        asked = (str(merchant_id), str(rehearsal_id), leased_at.isoformat())
        rehearse.apply_async(asked, expires=rehearsing.LEASE.total_seconds())
    return len(waiting)


@app.task(name="config.tasks.rehearse")
def rehearse(merchant_id: str, rehearsal_id: str, leased_at: str | None = None) -> None:
    """Play one rehearsal, with what the shop's rewards cost now. A second message for the same lease does nothing."""
    merchant = Merchant.objects.get(id=merchant_id)
    with tenancy.scope(merchant.id):
        prizes = catalogue.prizes_by_unit()
    leased = dt.datetime.fromisoformat(leased_at) if leased_at else None
    rehearsing.rehearse(merchant=merchant, rehearsal_id=UUID(rehearsal_id), prizes=prizes, leased_at=leased)


@app.task(name="config.tasks.prove_waiting")
def prove_waiting() -> int:
    """Hint workers at designs that nobody proves. Returns how many."""
    waiting = proving.lease_waiting()
    for merchant_id, version_id, leased_at in waiting:
        asked = (str(merchant_id), str(version_id), leased_at.isoformat())
        prove.apply_async(asked, expires=proving.LEASE.total_seconds())
    return len(waiting)


@app.task(name="config.tasks.prove")
def prove(merchant_id: str, version_id: str, leased_at: str) -> None:
    """Prove one saved design. A second message for the same lease does nothing."""
    merchant = Merchant.objects.get(id=merchant_id)
    leased = dt.datetime.fromisoformat(leased_at)
    proving.prove(merchant=merchant, version_id=UUID(version_id), leased_at=leased)


@app.task(name="config.tasks.make_waiting_labels")
def make_waiting_labels() -> int:
    """Hint workers at labels that nobody makes. Returns how many files."""
    waiting = making.lease_waiting()
    for merchant_id, labels_id, leased_at in waiting:
        asked = (str(merchant_id), str(labels_id), leased_at.isoformat())
        make_labels.apply_async(asked, expires=making.LEASE.total_seconds())
    return len(waiting)


@app.task(name="config.tasks.make_labels")
def make_labels(merchant_id: str, labels_id: str, leased_at: str | None = None) -> None:
    """Make one file of labels. A second message for the same lease does nothing."""
    merchant = Merchant.objects.get(id=merchant_id)
    leased = dt.datetime.fromisoformat(leased_at) if leased_at else None
    making.make_labels(merchant=merchant, labels_id=UUID(labels_id), leased_at=leased)


@app.task(name="config.tasks.forget_labels")
@one_at_a_time
def forget_labels() -> int:
    """Delete files of labels whose hour is over. Returns how many there were."""
    return making.forget_labels()


@app.task(name="config.tasks.greet_members")
@one_at_a_time
def greet_members() -> int:
    """Give what birthdays and anniversaries bring, wherever a day has begun. Returns how many members that were."""
    return greeting.greet_all()


@app.task(name="config.tasks.expire_vouchers")
@one_at_a_time
def expire_vouchers() -> int:
    """End the vouchers that no books end. Returns how many there were."""
    return redemption.expire_free()


@app.task(name="config.tasks.review_tiers")
@one_at_a_time
def review_tiers() -> int:
    """Look at tiers whose day has come, so many of each shop. Returns how many members hold another, or were warned."""
    return reviewing.review_all()


@app.task(name="config.tasks.forget_visits")
@one_at_a_time
def forget_visits() -> int:
    """Delete the digests of who scanned on a day that is over. Returns how many there were."""
    return counting.forget_visits()
