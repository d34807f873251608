"""Past purchases in bulk: judged by the same rules and written by the same function as at the till, many in one trip.

Each stays its own purchase, entry, lot and event. It asks nobody whether a card was shown, and it looks at no clock.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.utils import timezone

from core.idempotency import fingerprint_of
from core.ids import id_at
from loyalty import answers
from loyalty.ledger import postings, statements
from loyalty.models import Purchase, Standing
from loyalty.programme.versions import version_in_force
from loyalty.purchases import recording
from loyalty.purchases.budgets import after, all_budgets, has_budgets
from loyalty.purchases.earning import NewPurchase
from loyalty.purchases.reading import State
from loyalty.purchases.recording import Judged
from loyalty.purchases.telling import purchase_facts
from loyalty.rules.calendar import local, local_day
from loyalty.rules.climb import first_day
from loyalty.rules.engine import judge
from loyalty.rules.expiring import FOR_EVER, Lasting, lastings_of
from loyalty.rules.types import Version
from loyalty.rules.verdicts import Verdict
from loyalty.standings.climbing import climbs_of
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
    run = _Run(merchant, channel)
    waiting = iter(purchases)
    with connection.cursor() as cursor, ThreadPoolExecutor(max_workers=1) as writer:
        written: Future[int] | None = None
        while chunk := list(islice(waiting, CHUNK)):
            # While the database writes one chunk, the next is judged.
            rows = [run.judged(purchase) for purchase in chunk]
            if written is not None:
                yield written.result()
            written = writer.submit(_write, cursor.cursor, rows)
        if written is not None:
            yield written.result()


class _Run:
    """Where every member stands, and every budget: each purchase moves them on to what will be true once it is written."""

    def __init__(self, merchant: Merchant, channel: str) -> None:
        self.merchant, self.channel = merchant, channel
        self.version = version_in_force()
        self.states = _states(self.version)
        self.budgets = all_budgets() if has_budgets(self.version) else {}
        is_kept = self.version.ladder.counts_all_spend
        self.climbs = {} if is_kept else climbs_of(self.states, self.version, merchant.time_zone)

    def judged(self, purchase: PastPurchase) -> list[Any]:
        """The values to write."""
        state, zone = self.states[purchase.member_id], self.merchant.time_zone
        bought, purchase_id = self._bought(purchase), id_at(purchase.occurred_at)
        state = replace(state, climbed=self._climbed(state, purchase.occurred_at))
        verdict = self._verdict(state, bought, purchase.occurred_at, purchase_id)
        lives = lastings_of(self.version, purchase.occurred_at, zone, timezone.now())
        answer = answers.purchase_answer(
            purchase_id,
            state,
            verdict,
            self.version,
            zone,
            occurred_at=purchase.occurred_at,
            lives=lives,
        )
        self.states[purchase.member_id] = _after(state, purchase, verdict, lives)
        if self.climbs:
            added = verdict.progress_minor - state.climbed
            self.climbs[purchase.member_id].add(local_day(purchase.occurred_at, zone), added)
        if verdict.budgets:
            self.budgets = after(self.budgets, verdict.budgets)
        return recording.values(
            Judged(
                merchant=self.merchant,
                bought=bought,
                key=id_at(purchase.occurred_at),
                fingerprint=fingerprint_of("history", purchase_id),
                body=orjson.dumps(answer).decode(),
                purchase_id=purchase_id,
                state=state,
                version=self.version,
                verdict=verdict,
                occurred_at=purchase.occurred_at,
                lives=lives,
                make_id=lambda: id_at(purchase.occurred_at),
            )
        )

    def _climbed(self, state: State, occurred_at: dt.datetime) -> int:
        """What the ladder counts on the day of a purchase, those before it in this run included."""
        assert state.member_id is not None  # all of them are
        if not self.climbs:
            return state.progress_minor
        zone = self.merchant.time_zone
        day, joined_on = local_day(occurred_at, zone), local_day(state.joined_at, zone)
        first = first_day(self.version.ladder.window, day, joined_on)
        return self.climbs[state.member_id].between(first, day if first else dt.date.max)

    def _verdict(
        self, state: State, bought: NewPurchase, occurred_at: dt.datetime, purchase_id: UUID
    ) -> Verdict:
        zone = self.merchant.time_zone
        facts = purchase_facts(
            state,
            bought,
            moment=local(occurred_at, zone),
            zone=zone,
            currency=self.merchant.currency,
            draw=purchase_id,
            budgets=self.budgets,
        )
        return judge(facts, self.version)

    def _bought(self, purchase: PastPurchase) -> NewPurchase:
        return NewPurchase(
            who=Scanned(member_id=purchase.member_id),
            amount_minor=purchase.amount_minor,
            channel=self.channel,
            asked=None,
            location_id=purchase.location_id,
            reference=purchase.reference,
            items=purchase.items,
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


def _after(state: State, purchase: PastPurchase, verdict: Verdict, lives: Mapping[str, Lasting]) -> State:
    accounts = state.accounts
    for award in verdict.awards:
        account = next(account for account in accounts if account["unit"] == award.unit)
        recording.credit(account, award.amount, lives.get(award.unit, FOR_EVER))
    return replace(
        state,
        tier_id=UUID(verdict.tier.id) if verdict.tier else None,
        progress_minor=state.progress_minor + purchase.amount_minor,
        purchases=state.purchases + 1,
        standing_version=state.standing_version + 1,
        memory_json=orjson.dumps({**state.memory, **verdict.memory}).decode()
        if verdict.memory
        else state.memory_json,
        accounts_json=orjson.dumps(accounts).decode(),
    )


def _states(version: Version) -> dict[UUID, State]:
    """Every member of the current merchant as `loyalty_read_scan` would tell it, each with an account in every unit."""
    found = Member.objects.only("id", "name", "joined_at", "birthday", "tags")
    members = {member.id: member for member in found}
    accounts = _accounts_in(version, members)
    return {
        standing.member_id: State(
            key_id=None,
            key_scopes=None,
            key_revoked=None,
            known_fingerprint=None,
            known_status=0,
            known_body="",
            member_id=standing.member_id,
            member_name=members[standing.member_id].name,
            card_id=None,
            card_generation=None,
            card_last_step=None,
            programme_version=version.number,
            due_version=None,
            budgets_json=None,
            tier_id=standing.tier_id,
            progress_minor=standing.progress_minor,
            climbed=standing.progress_minor,
            review_on=standing.review_on,
            purchases=standing.purchases,
            standing_version=standing.version,
            last_purchase_at=standing.last_purchase_at,
            counted_on=standing.counted_on,
            counted=standing.counted,
            counted_static=standing.counted_static,
            visits=standing.visits,
            memory_json=orjson.dumps(standing.memory).decode(),
            ordinal=standing.ordinal,
            joined_at=members[standing.member_id].joined_at,
            birthday=members[standing.member_id].birthday,
            tags_json=orjson.dumps(members[standing.member_id].tags).decode(),
            accounts_json=orjson.dumps(accounts[standing.member_id]).decode(),
            location_known=True,
        )
        for standing in Standing.objects.all()
    }


def _accounts_in(version: Version, member_ids: Iterable[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The accounts of these members, opened where one has none in a unit of this version."""
    known = _accounts()
    there = {(member_id, account["unit"]) for member_id, mine in known.items() for account in mine}
    lacking = {
        unit.id: [member_id for member_id in member_ids if (member_id, unit.id) not in there]
        for unit in version.units
    }
    if not any(lacking.values()):
        return known
    for unit_id, ids in lacking.items():
        postings.open_accounts(member_ids=ids, unit_id=UUID(unit_id))
    return _accounts()


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
