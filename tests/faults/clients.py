"""Those who ask: each request has a key, and whoever got no answer asks again with the same key.

A client keeps what it asked and every answer, word for word. It knows nothing of how the answer is made.
"""

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from core import tenancy
from core.errors import DomainError
from core.ids import new_id, public_id
from loyalty.ledger import postings

TIMEOUT_SECONDS = 30
TIMED = {"spend", "hold", "capture", "release", "return_spend", "take_back", "adjust"}  # ask what time it is


@dataclass(frozen=True)
class Told:
    """What came back. A status of 0 is silence: the connection broke, and nobody knows what happened."""

    status: int
    body: bytes = b""

    @property
    def is_clear(self) -> bool:
        """Whether it says what happened. A 5xx does not."""
        return 200 <= self.status < 500

    @property
    def content(self) -> Any:
        """The JSON within."""
        return json.loads(self.body)


SILENCE = Told(0)


@dataclass
class Asked:
    """One operation: its key, what it was, how to send it (again), and all that was ever told about it."""

    key: UUID
    kind: str
    member_id: UUID
    send: Callable[[], Told]
    about: dict[str, Any] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)

    def ask(self) -> Told:
        """Once more."""
        told = self.send()
        self.told.append(told)
        return told

    @property
    def answer(self) -> Told | None:
        """The first clear answer, if there was one."""
        return next((told for told in self.told if told.is_clear), None)

    @property
    def said(self) -> Any:
        """What it says."""
        assert self.answer is not None
        return self.answer.content

    @property
    def done(self) -> bool:
        """Whether its client was told that it was done."""
        return self.answer is not None and self.answer.status < 400


@dataclass(frozen=True)
class Till:
    """A program with an API key, a connection for each request."""

    port: int
    api_key: str

    def post(self, path: str, body: dict[str, Any] | None, key: UUID) -> Told:
        """One request. Silence when the connection broke before the answer was whole."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        headers = {"Authorization": f"Bearer {self.api_key}", "Idempotency-Key": str(key)}
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            line.request("POST", f"/api/v1{path}", json.dumps(body) if body is not None else None, headers)
            response = line.getresponse()
            return Told(response.status, response.read())
        except (OSError, http.client.HTTPException):
            return SILENCE
        finally:
            line.close()

    def purchase(self, member_id: UUID, amount_minor: int) -> Asked:
        """A purchase in euros, with a receipt's number of its own."""
        key = new_id()
        body = {
            "member": public_id("mem", member_id),
            "amount": f"{amount_minor / 100:.2f}",
            "currency": "EUR",
            "reference": key.hex,
        }
        return Asked(
            key, "purchase", member_id, lambda: self.post("/purchases", body, key), {"minor": amount_minor}
        )

    def cancellation(self, purchase: Asked) -> Asked:
        """The end of a purchase that was answered."""
        return self._upon(purchase, "cancellation", None, {})

    def refund(self, purchase: Asked, amount_minor: int | None) -> Asked:
        """A part of it, or all that is left."""
        body = {"amount": f"{amount_minor / 100:.2f}", "currency": "EUR"} if amount_minor else {}
        return self._upon(purchase, "refund", "refunds", body)

    def adjustment(self, member_id: UUID, amount: int) -> Asked:
        """Units given or taken by hand."""
        key, body = new_id(), {"unit": "points", "amount": amount, "reason": "a slip"}
        path = f"/members/{public_id('mem', member_id)}/adjustments"
        return Asked(key, "adjustment", member_id, lambda: self.post(path, body, key))

    def redemption(self, member_id: UUID, reward: str) -> Asked:
        """A reward set aside. `reward` is its public id."""
        key, body = new_id(), {"reward": reward, "member": public_id("mem", member_id)}
        return Asked(
            key, "redemption", member_id, lambda: self.post("/redemptions", body, key), {"reward": reward}
        )

    def ending(self, redemption: Asked, verb: str) -> Asked:
        """`capture`, `release` or `void` of a redemption that was answered."""
        key, path = new_id(), f"/redemptions/{redemption.said['id']}/{verb}"
        return Asked(
            key, f"reward {verb}", redemption.member_id, lambda: self.post(path, None, key), redemption.about
        )

    def _upon(self, purchase: Asked, kind: str, noun: str | None, body: dict[str, Any]) -> Asked:
        key, path = new_id(), f"/purchases/{purchase.said['id']}/{noun or kind}"
        about = {"purchase": purchase.key}
        return Asked(key, kind, purchase.member_id, lambda: self.post(path, body, key), about)


@dataclass(frozen=True)
class Books:
    """A program that goes through the ledger's doors, in this process."""

    merchant_id: UUID

    def door(self, name: str, member_id: UUID, **values: Any) -> Asked:
        """One operation through `postings.<name>`, under a new key."""
        key = new_id()

        def send() -> Told:
            now = {"now": timezone.now()} if name in TIMED else {}
            return self._send(name, {**values, **now, "key": key})

        return Asked(key, name, member_id, send, values)

    def settling(self, member_id: UUID, account_id: UUID) -> Asked:
        """What a sweep does: what is due by itself. It has no key, for the state is its guard."""

        def send() -> Told:
            try:
                with tenancy.scope(self.merchant_id):
                    postings.settle(account_id=account_id, now=timezone.now())
                return Told(200, b"{}")
            except (OperationalError, InterfaceError):
                connection.close()
                return SILENCE

        return Asked(new_id(), "settling", member_id, send)

    def _send(self, name: str, values: dict[str, Any]) -> Told:
        try:
            with tenancy.scope(self.merchant_id):
                try:
                    posted = getattr(postings, name)(**values)
                except DomainError as decline:  # kept under its key: what was written of it must stay
                    return Told(409, json.dumps({"code": decline.code, **decline.params}).encode())
            kept = {part: getattr(posted, part) for part in ("amount", "available", "debt")}
            return Told(200, json.dumps(kept).encode())
        except (OperationalError, InterfaceError):
            connection.close()
            return SILENCE
