"""Reading what a purchase is judged by: one call of `loyalty_read_scan`, and what it tells. It judges nothing."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext_lazy as _

from core import tenancy
from core.errors import DomainError, NotAllowed
from core.prepared import Kind, Prepared
from loyalty.purchases.budgets import Budgets, keys_at
from members.cards import Scanned
from merchants.models import Merchant


class CredentialRefused(DomainError):
    """The key does not exist or was revoked; which of the two is not said."""

    code = "key_refused"
    message = _("This API key is not valid.")


@dataclass(frozen=True)
class Credential:
    """An API key's proof and the scopes this call needs; checked in the same statement that reads the member."""

    secret_hash: bytes
    scope: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class State:
    """What `loyalty_read_scan` tells, column by column."""

    key_id: UUID | None
    key_scopes: list[str] | None
    key_revoked: bool | None
    known_fingerprint: bytes | None
    known_status: int
    known_body: str
    member_id: UUID | None
    member_name: str
    card_id: UUID | None
    card_generation: int | None
    card_last_step: int | None
    programme_version: int
    due_version: int | None  # published for a moment that has come, and not in force yet
    budgets_json: str | None
    tier_id: UUID | None
    progress_minor: int  # all that was spent
    climbed: int  # what the ladder counts
    review_on: dt.date | None
    purchases: int
    standing_version: int
    last_purchase_at: dt.datetime | None
    counted_on: dt.date | None
    counted: int
    counted_static: int
    visits: int
    memory_json: str
    ordinal: int
    joined_at: dt.datetime
    birthday: dt.date | None
    tags_json: str
    accounts_json: str
    location_known: bool

    @property
    def accounts(self) -> list[dict[str, Any]]:
        """The member's accounts: unit, account, available (usable), pending, held, debt, seq, expiring."""
        found: list[dict[str, Any]] = orjson.loads(self.accounts_json or "[]")
        return found

    @property
    def memory(self) -> dict[str, Any]:
        """As `rules/memory.py` has it."""
        found: dict[str, Any] = orjson.loads(self.memory_json or "{}")
        return found

    @property
    def tags(self) -> frozenset[str]:
        """By which the shop marks the member."""
        return frozenset(orjson.loads(self.tags_json)) if self.tags_json not in {"{}", None} else frozenset()

    @property
    def budgets(self) -> Budgets:
        """Of the periods in which the purchase lies."""
        rows = orjson.loads(self.budgets_json) if self.budgets_json else ()
        return {(rule, period): (units, times) for rule, period, units, times in rows}


_READ = Prepared(
    "loyalty_read_scan",
    "SELECT * FROM loyalty_read_scan(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
    [
        *(Kind.UUID, Kind.BYTES, Kind.UUID, Kind.UUID, Kind.BIG, Kind.TEXT, Kind.TEXT, Kind.UUID),
        *(Kind.DAY, Kind.TEXT, Kind.TEXT),
    ],
)


def read_state(
    *,
    merchant: Merchant,
    who: Scanned,
    moment: dt.datetime,
    location_id: UUID | None,
    key: UUID | None,
    credential: Credential | None,
) -> State:
    """What is known now. `moment` is by the shop's clocks. Raises CredentialRefused, NotAllowed."""
    tenancy.refuse_another(merchant.id)
    secret_hash = credential.secret_hash if credential else None
    asked = (who.member_id, who.serial, who.spoken_code, who.phone)
    periods = ",".join(keys_at(moment.date()))
    day = (moment.date(), merchant.time_zone)
    state = State(*_READ.row([merchant.id, secret_hash, key, *asked, location_id, *day, periods]))
    if credential is not None:
        if state.key_id is None or state.key_revoked:
            raise CredentialRefused
        if not {credential.scope, *credential.also} <= set(state.key_scopes or ()):
            raise NotAllowed
    return state
