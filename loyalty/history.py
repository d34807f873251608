"""Past purchases in bulk: judged by the same rules and written by the same function as at the till, many in one trip.

Each stays its own purchase, entry, lot and event. It asks nobody whether a card was shown, and it looks at no clock.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from core.idempotency import fingerprint_of
from core.ids import id_at
from loyalty import answers, recording
from loyalty.earning import NewPurchase, State
from loyalty.ledger import statements
from loyalty.models import Purchase, Standing
from loyalty.programme import version_in_force
from loyalty.recording import Judged
from loyalty.rules.engine import judge
from loyalty.rules.facts import Facts
from loyalty.rules.types import Version
from loyalty.rules.verdicts import Verdict
from members.cards import Scanned
from members.models import Member
from merchants.models import Merchant

CHUNK = 500  # purchases in one trip: enough that the trip costs nothing, few enough for a smooth progress bar


class HistoryRefused(RuntimeError):
    """The database did not take a purchase of history: a bug, or somebody else writes to the same members now."""


@dataclass(frozen=True, slots=True)
class PastPurchase:
    """What was bought by whom, when and where."""

    member_id: UUID
    amount_minor: int
    occurred_at: dt.datetime
    location_id: UUID | None = None
    reference: str = ""
    items: Sequence[dict[str, Any]] = field(default_factory=list)


def record_history(
    *, merchant: Merchant, purchases: Iterable[PastPurchase], channel: str = Purchase.Channel.SEED
) -> Iterator[int]:
    """Record past purchases, oldest first, in the current scope and transaction. Yields how many each trip wrote.

    Judged by the version in force now. Raises HistoryRefused; then the caller's transaction must end.
    """
    version = version_in_force()
    states = _states(version)
    waiting = iter(purchases)
    with connection.cursor() as cursor, ThreadPoolExecutor(max_workers=1) as writer:
        written: Future[int] | None = None
        while chunk := list(islice(waiting, CHUNK)):
            # While the database writes one chunk, the next is judged.
            rows = [_judged(merchant, purchase, channel, states, version) for purchase in chunk]
            if written is not None:
                yield written.result()
            written = writer.submit(_write, cursor.cursor, rows)
        if written is not None:
            yield written.result()


def _judged(
    merchant: Merchant, purchase: PastPurchase, channel: str, states: dict[UUID, State], version: Version
) -> list[Any]:
    """The values to write; `states` moves on to what will be true once they are written."""
    state = states[purchase.member_id]
    tier_id = str(state.tier_id) if state.tier_id else None
    verdict = judge(Facts("purchase", purchase.amount_minor, tier_id, state.progress_minor), version)
    purchase_id = id_at(purchase.occurred_at)
    bought = NewPurchase(
        who=Scanned(member_id=purchase.member_id),
        amount_minor=purchase.amount_minor,
        channel=channel,
        asked=None,
        location_id=purchase.location_id,
        reference=purchase.reference,
        items=purchase.items,
    )
    answer = answers.purchase_answer(purchase_id, state, verdict, version, merchant.time_zone)
    states[purchase.member_id] = _after(state, verdict)
    return recording.values(
        Judged(
            merchant=merchant,
            bought=bought,
            key=id_at(purchase.occurred_at),
            fingerprint=fingerprint_of("history", purchase_id),
            body=orjson.dumps(answer).decode(),
            purchase_id=purchase_id,
            state=state,
            verdict=verdict,
            occurred_at=purchase.occurred_at,
            make_id=lambda: id_at(purchase.occurred_at),
        )
    )


def _write(cursor: Any, rows: list[list[Any]]) -> int:
    """Runs beside the judging thread, on the cursor of its transaction."""
    # Plans made while the tables were empty read them whole; nobody has counted the rows of this transaction yet.
    cursor.execute("DISCARD PLANS")
    cursor.executemany(recording.WRITE, rows, returning=True)
    for result in cursor.results():
        if not result.fetchone()[0]:
            raise HistoryRefused
    return len(rows)


def _after(state: State, verdict: Verdict) -> State:
    accounts = state.accounts
    for award in verdict.awards:
        account = next(account for account in accounts if account["unit"] == award.unit)
        recording.credit(account, award.amount)
    return replace(
        state,
        tier_id=UUID(verdict.tier.id) if verdict.tier else None,
        progress_minor=verdict.progress_minor,
        purchases=state.purchases + 1,
        standing_version=state.standing_version + 1,
        accounts_json=orjson.dumps(accounts).decode(),
    )


def _states(version: Version) -> dict[UUID, State]:
    """Every member of the current merchant as `loyalty_read_scan` would tell it, in three queries."""
    names = dict(Member.objects.values_list("id", "name"))
    accounts = _accounts()
    return {
        standing.member_id: State(
            key_id=None,
            key_scopes=None,
            key_revoked=None,
            known_fingerprint=None,
            known_status=0,
            known_body="",
            member_id=standing.member_id,
            member_name=names[standing.member_id],
            card_id=None,
            card_generation=None,
            card_last_step=None,
            programme_version=version.number,
            tier_id=standing.tier_id,
            progress_minor=standing.progress_minor,
            purchases=standing.purchases,
            standing_version=standing.version,
            last_purchase_at=standing.last_purchase_at,
            counted_on=standing.counted_on,
            counted=standing.counted,
            counted_static=standing.counted_static,
            accounts_json=orjson.dumps(accounts[standing.member_id]).decode(),
            location_known=True,
        )
        for standing in Standing.objects.all()
    }


def _accounts() -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    for account in statements.accounts():
        found.setdefault(account.member_id, []).append(
            {
                "unit": str(account.unit_id),
                "account": str(account.id),
                "available": account.available,
                "pending": account.pending,
                "held": account.held,
                "debt": account.debt,
                "seq": account.last_seq,
                "expiring": None,
            }
        )
    return found
