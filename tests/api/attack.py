"""Requests drawn at random from the API's document, sent as several callers: what fits it, what nearly fits, what does not.

Schemathesis draws them. Half of those that fit are grounded: they name members, cards and purchases that there are, so
that they come further than the first check. The short form is test_attack.py, the long one prove/attack.py.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import hypothesis
import schemathesis
from django.db import connections
from django.test import Client
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from core import tenancy
from core.idempotency import DECLINED
from core.models import Answer
from loyalty.codes.batches import NewBatch, make_batch
from loyalty.codes.texts import Place, code_at
from loyalty.ledger import statements
from loyalty.models import Purchase
from loyalty.programme.versions import version_in_force
from members import cards
from merchants import api_keys
from merchants.access import Scope
from merchants.models import StaffMember
from tests.api.conftest import public
from tests.api.rightly import Rightly
from tests.rewards.offering import offered
from tests.world import World

BASE = "http://127.0.0.1:8000"
# For everybody: no 5xx, no status, type or shape that the document does not tell.
ALWAYS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
# For the one who may do everything: what does not fit is refused, and for that reason. (What fits need not be accepted:
# a number that nobody has, a card of nobody; the document cannot say which.)
OWNERS = [*ALWAYS, checks.negative_data_rejection, checks.missing_required_header, checks.unsupported_method]
CHANGING = {"POST", "PATCH", "PUT", "DELETE"}
# Declines that are about no member: a card that was replaced may be nobody's any more, and codes are the shop's.
NOBODYS = ("card_revoked", "code_name_taken", "word_taken")
MOST_KNOWN = 300  # purchases and redemptions to name again
WHO = ("card", "member", "phone")


@dataclass(frozen=True)
class Caller:
    """Somebody with a key, or without. `may` tells which statuses are a breach when it gets them."""

    name: str
    headers: dict[str, str]
    breach: Callable[[Case, int], bool] = lambda case, status: False


@dataclass
class Attack:
    """What was sent, by operation and caller, and what came of it that must not."""

    cast: World
    application: Any
    dice: random.Random
    sent: Counter[tuple[str, str]] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    drawn: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)  # by operation, how often something came of it

    def __post_init__(self) -> None:
        load_all_checks()
        self.schema = schemathesis.openapi.from_dict(Client().get("/api/v1/openapi.json").json())
        self.operations = [found.ok() for found in self.schema.get_all_operations() if isinstance(found, Ok)]
        self.callers = _callers(self.cast)
        self.known = _known(self.cast)
        self.right = Rightly(self.cast)
        # This thread answers: it may keep its connection from one request to the next.
        connections.settings["default"]["CONN_MAX_AGE"] = None

    def problems(self) -> list[str]:
        """What broke, and what the books of both merchants break of their laws."""
        found = [f"{what} ({times} times)" for what, times in self.broken.items()]
        for merchant in (self.cast.aroma, self.cast.bloom):
            with tenancy.scope(merchant.id):
                found += [f"{merchant.name}: {problem}" for problem in statements.prove()]
                # An erasure would not find it.
                lost = Answer.objects.filter(status=DECLINED, member_id=None)
                for nobodys in NOBODYS:
                    lost = lost.exclude(body__contains=nobodys)
                found += [f"a decline names no member: {answer.body}" for answer in lost]
        return found

    @property
    def total(self) -> int:
        """How many requests were sent."""
        return sum(self.sent.values())

    def begin(self) -> list[str]:
        """To each operation that makes something a request that is right, before chance has a say; which of them failed."""
        makers = [operation for operation in self.operations if "201" in _said_of(operation)["responses"]]
        for operation in makers:
            name = _said_of(operation)["operationId"]
            case = operation.Case(
                path_parameters=self.right.ids_for(name),
                headers={"Idempotency-Key": name},
                body=self.right.body_of(name),
                media_type="application/json",
            )
            self._send_as(self.callers[0], case, OWNERS)
        return [operation.label for operation in makers if not self.made[operation.label]]

    def edges(self, operation: Any) -> None:
        """Each value at the edge of what fits, each field missing, each method that is not there."""
        for case in self.schema.iter_coverage_cases(
            operation,
            generation_modes=list(GenerationMode),
            generation_config=self.schema.config.generation_for(operation=operation),
        ):
            self.send(case)

    def draw(self, operation: Any, count: int, seed: int) -> None:
        """So many cases at random, half of which fit."""
        for mode in GenerationMode:

            @hypothesis.settings(
                max_examples=(count + 1) // 2,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @hypothesis.seed(seed)
            @hypothesis.given(operation.as_strategy(generation_mode=mode))
            def each(case: Case) -> None:
                if mode.is_positive and self.dice.random() < 0.5:  # noqa: B023 - called before the next turn
                    self._ground(case)
                self.send(case)

            try:
                each()
            except Unsatisfiable:
                continue  # nothing that could be wrong: it takes no field

    def send(self, case: Case) -> None:
        """One case as three callers: the owner's key, one of the lesser ones in turn, and nobody."""
        self.drawn += 1
        # Who asks is ours to say; a case that was wrong in this alone is right now.
        named = case.headers.pop("Authorization", None) if case.headers else None
        owner, *lesser, nobody = self.callers
        for caller in (owner, lesser[self.drawn % len(lesser)], nobody):
            strictly = caller is owner and named is None
            self._send_as(caller, case, OWNERS if strictly else ALWAYS)

    def _send_as(self, caller: Caller, case: Case, wanted: list[Any]) -> None:
        label = case.operation.label
        self.sent[label, caller.name] += 1
        try:
            response = case.call(app=self.application, base_url=BASE, headers=caller.headers)
            self.statuses[response.status_code] += 1
            self.made[label] += response.status_code == 201
            if caller.breach(case, response.status_code):
                self.broken[f"{label} as {caller.name}: answered {response.status_code}"] += 1
            case.validate_response(response, checks=wanted)
        except FailureGroup as group:
            for failure in group.exceptions:
                said = " ".join(f"{failure.title}: {failure.message}".split())[:400]
                self.broken[f"{label} as {caller.name}: {said}"] += 1
        else:
            self._learn(response)

    def _learn(self, response: Any) -> None:
        made = response.json().get("id", "") if response.status_code == 201 else ""
        for prefix, name in (("pur_", "purchase_id"), ("red_", "redemption_id"), ("evt_", "event_id")):
            if made.startswith(prefix):
                self.known[name].append(made)
                del self.known[name][:-MOST_KNOWN]

    def _ground(self, case: Case) -> None:
        """Put what there is where this case names it."""
        places: list[Any] = [case.path_parameters, case.query, case.headers, case.body]
        for container in places:
            if not hasattr(container, "keys"):
                continue
            if "amount" in container and "currency" in container:  # a purchase: of one member, by one name
                for name in set(container) - {"amount", "currency", "reference"}:
                    del container[name]
                name = self.dice.choice(WHO)
                container[name] = self.known[name][0]
            for name, value in container.items():
                there = [one for one in self.known.get(name, ()) if type(one) is type(value)]
                if there and self.dice.random() < 0.95:
                    container[name] = self.dice.choice(there)


def _said_of(operation: Any) -> dict[str, Any]:
    """What the document says of it."""
    return dict(operation.definition.raw)


def _callers(cast: World) -> list[Caller]:
    """The owner's key first, nobody last."""

    def key(text: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {text}"}

    with tenancy.scope(cast.aroma.id):
        reads = [str(scope) for scope in Scope if scope.endswith(":read")]
        _row, reading = api_keys.make_key(name="Figures", scopes=reads, actor=None)
        row, revoked = api_keys.make_key(name="Old till", scopes=list(Scope), actor=None)
        olivia = StaffMember.objects.get(user=cast.olivia)
        api_keys.revoke_key(key=row, actor=olivia)

    def unproven(case: Case, status: int) -> bool:
        return status < 400 and bool(case.operation.definition.raw.get("security"))

    return [
        Caller("every scope", key(cast.aroma_key)),
        Caller("reading only", key(reading), lambda case, status: case.method in CHANGING and status < 400),
        Caller("another merchant's", key(cast.bloom_key)),
        Caller("revoked", key(revoked), unproven),
        Caller("nobody", {}, unproven),
    ]


def _known(cast: World) -> dict[str, list[Any]]:
    """What there is, of both merchants, by the name of the field that may name it."""
    purchases = []
    for merchant in (cast.aroma, cast.bloom):
        with tenancy.scope(merchant.id):
            purchases += [public("pur", id_) for id_ in Purchase.objects.values_list("id", flat=True)]
    with tenancy.scope(cast.aroma.id):
        unit_id = UUID(version_in_force().units[0].id)
        rewards = [
            public("rwd", offered(name="Cake", unit_id=unit_id, cost=cost, stock=stock, actor=None).id)
            for cost, stock in ((1, None), (5, 3), (1_000_000, None))
        ]
        batch = make_batch(asked=NewBatch("Cartons", 20), actor_id=None)
        batches = [public("cdb", batch.id)]
        codes = [code_at(cast.aroma.id, Place(batch.number, serial)) for serial in range(1, 21)]
    members = [public("mem", member.id) for member in (cast.mia, cast.noah, cast.zoe)]
    return {
        "member": members,
        "member_id": members,
        "purchase_id": purchases,
        "reward": rewards,
        "batch_id": batches,
        "code": ["SUMMER26", *codes],
        "redemption_id": [public("red", cast.mia.id)],
        "voucher_code": ["K7QX-3MPD-9WEA-22RT"],
        "event_id": [public("evt", cast.mia.id)],
        "card": [
            cards.static_code(cast.mia_card, cast.aroma),
            cards.static_code(cast.zoe_card, cast.bloom),
            cast.noah_card.spoken_code,
        ],
        "phone": [cast.mia.phone, cast.noah.phone, "+33600000001"],
        "email": ["mia@example.org", "nobody@example.org"],
        "location": [public("loc", cast.croix_rousse.id), public("loc", cast.bloom_shop.id)],
        "amount": ["0.01", "12.50", "1000.00", 7, -7],
        "currency": ["EUR"],
        "unit": ["points"],
        "birthday": ["1990-05-24", None],
        "Idempotency-Key": [f"attack-{number}" for number in range(5000)],
        "dry_run": ["true", "false"],
        "limit": [1, 25],
    }
