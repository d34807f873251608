"""Purchases: the till's main job, and reading what was recorded.

Recording is a plain view and not REST framework's, which would double its processor time; `Purchases.post` stands for
it in the OpenAPI document.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from api import authentication
from api.authentication import Claim
from api.errors import repeat
from api.fields import query_fields
from api.pagination import PARAMETERS, cursor_at, cut, read_cursor, read_limit
from api.parsing import read_object
from api.refusals import KeyScopeMissing
from api.v1 import document
from api.v1.members import read_member_id
from api.v1.new_purchases import read_new_purchase
from api.v1.paying import read_proof
from api.v1.said import say_purchase
from api.views import Endpoint, answer, read_idempotency_key
from core.errors import DomainError, NotAllowed
from core.ids import IdUnreadable, read_id
from loyalty.purchases import queries
from loyalty.purchases.earning import NewPurchase, preview_purchase, record_purchase
from loyalty.purchases.reading import Credential
from loyalty.purchases.undoing import PurchaseUnknown
from merchants.access import Scope
from rewards.paying import with_proof

_QUERY = frozenset({"dry_run"})


def record(request: HttpRequest) -> HttpResponse:
    """POST /purchases. Two statements; the key is proven by the first of them."""
    claim = authentication.read_claim(request)
    try:
        dry_run, key, bought, proof = _read(request, claim)
    except DomainError:
        authentication.prove_alone(claim, Scope.WRITE_PURCHASES)  # our grammar is not explained to strangers
        raise
    spends = (
        (Scope.WRITE_REDEMPTIONS,) if bought.pay else ()
    )  # whoever may only record gets nothing of the units
    credential = Credential(claim.secret_hash, Scope.WRITE_PURCHASES, spends)
    try:
        return _record(claim, bought, None if dry_run else key, credential, proof)
    except NotAllowed:
        raise _scope_missing(claim) from None


def _scope_missing(claim: Claim) -> KeyScopeMissing:
    """Which of the two it is. Raises it, or returns it."""
    authentication.prove_alone(claim, Scope.WRITE_PURCHASES)
    return KeyScopeMissing(scope=Scope.WRITE_REDEMPTIONS)


def _record(
    claim: Claim, bought: NewPurchase, key: UUID | None, credential: Credential, proof: str
) -> HttpResponse:
    def record(bought: NewPurchase) -> HttpResponse:
        if key is None:
            return answer(preview_purchase(merchant=claim.merchant, bought=bought, credential=credential))
        return repeat(record_purchase(merchant=claim.merchant, bought=bought, key=key, credential=credential))

    return with_proof(
        record,
        bought,
        merchant=claim.merchant,
        actor_id=lambda: authentication.prove(claim).id,
        key=key,
        given=proof,
        channel="api",
    )


def _read(request: HttpRequest, claim: Claim) -> tuple[bool, UUID | None, NewPurchase, str]:
    dry_run = query_fields(request, _QUERY).flag("dry_run")
    key = None if dry_run else read_idempotency_key(request)
    values = read_object(request)
    proof = read_proof(values)
    return dry_run, key, read_new_purchase(values, claim.merchant), proof


class Purchases(Endpoint):
    """The purchases of a merchant."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.READ_PURCHASES}

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:  # type: ignore[override]
        """POST goes straight to `record`."""
        others = super().as_view(**initkwargs)

        @wraps(others)
        def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return record(request) if request.method == "POST" else others(request, *args, **kwargs)

        return view

    @document.purchases_list
    def get(self, request: HttpRequest) -> HttpResponse:
        """Newest first, as recorded."""
        query = self.query("member", "since", *PARAMETERS)
        limit, after = read_limit(query), read_cursor(query, UUID)
        member_id = read_member_id(query.text("member", limit=80)) if "member" in query.values else None
        found = queries.purchases(member_id=member_id, since=query.moment("since"))
        if after is not None:
            found = found.filter(id__lt=after[0])
        page, following = cut(queries.with_refunds(found), limit, lambda purchase: cursor_at(purchase.id))
        return answer({"items": [say_purchase(row, self.merchant) for row in page], "next": following})

    @document.purchases_record
    def post(self, request: HttpRequest) -> HttpResponse:
        """Never called: see `as_view`."""
        return record(self.request._request)


class OnePurchase(Endpoint):
    """One purchase."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.READ_PURCHASES}

    @document.purchase_read
    def get(self, request: HttpRequest, purchase_id: str) -> HttpResponse:
        """As it was recorded."""
        self.query()
        wanted = read_purchase_id(purchase_id)
        found = queries.with_refunds(queries.purchases().filter(id=wanted)).first()
        if found is None:
            raise PurchaseUnknown
        return answer(say_purchase(found, self.merchant))


def read_purchase_id(text: str) -> UUID:
    """A purchase's id in an address. Raises PurchaseUnknown: a text that is no id names none."""
    try:
        return read_id("pur", text)
    except IdUnreadable:
        raise PurchaseUnknown from None
