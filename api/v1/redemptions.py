"""What becomes of a reward that was taken: handed over, let go, given back.

Handing over is a plain view and not REST framework's, as recording a purchase is: two statements. `Captures.post` stands for
it in the OpenAPI document.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from api import authentication
from api.errors import repeat
from api.fields import Fields, query_fields
from api.parsing import read_optional
from api.refusals import KeyScopeMissing
from api.v1 import document_rewards as document
from api.views import Endpoint, answer, read_idempotency_key
from core.errors import DomainError, NotAllowed
from core.ids import IdUnreadable, read_id
from loyalty.purchases.reading import Credential
from loyalty.purchases.undoing import PurchaseUnknown
from merchants.access import Scope
from rewards.handing import capture_redemption
from rewards.redemption import RedemptionUnknown, find_with_owner, release_redemption
from rewards.saying import say_redemption
from rewards.voiding import LONGEST_NOTE, void_redemption

CAPTURE = frozenset({"location", "purchase"})
VOID = frozenset({"reason", "note"})


def capture(request: HttpRequest, redemption_id: str) -> HttpResponse:
    """POST /redemptions/{id}/capture. The key is proven by the statement that does it."""
    claim = authentication.read_claim(request)
    try:
        query_fields(request, frozenset())
        key = read_idempotency_key(request)
        asked = _read_capture(redemption_id, Fields(read_optional(request), CAPTURE))
    except DomainError:
        authentication.prove_alone(
            claim, Scope.WRITE_REDEMPTIONS
        )  # our grammar is not explained to strangers
        raise
    credential = Credential(claim.secret_hash, Scope.WRITE_REDEMPTIONS)
    try:
        return repeat(capture_redemption(merchant=claim.merchant, key=key, credential=credential, **asked))
    except NotAllowed:
        raise KeyScopeMissing(scope=Scope.WRITE_REDEMPTIONS) from None


def _read_capture(redemption_id: str, body: Fields) -> dict[str, Any]:
    try:
        purchase_id = body.id("purchase", "pur")
    except IdUnreadable:
        raise PurchaseUnknown(field="purchase") from None
    return {
        "redemption_id": _redemption_id(redemption_id),
        "location_id": body.id("location", "loc"),
        "purchase_id": purchase_id,
    }


class OneRedemption(Endpoint):
    """One reward that was taken."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.WRITE_REDEMPTIONS}  # whoever takes is told the same

    @document.redemption_read
    def get(self, request: HttpRequest, redemption_id: str) -> HttpResponse:
        """As it is now."""
        self.query()
        found, owner = find_with_owner(_redemption_id(redemption_id))
        return answer(say_redemption(found, owner, self.merchant))


class Captures(Endpoint):
    """The reward is handed over."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_REDEMPTIONS}

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:  # type: ignore[override]
        """POST goes straight to `capture`."""
        others = super().as_view(**initkwargs)

        @wraps(others)
        def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return (
                capture(request, *args, **kwargs)
                if request.method == "POST"
                else others(request, *args, **kwargs)
            )

        return view

    @document.redemption_capture
    def post(self, request: HttpRequest, redemption_id: str) -> HttpResponse:
        """Never called: see `as_view`."""
        return capture(self.request._request, redemption_id)


class Releases(Endpoint):
    """The member does without."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_REDEMPTIONS}

    @document.redemption_release
    def post(self, request: HttpRequest, redemption_id: str) -> HttpResponse:
        """Its units are available again."""
        self.query()
        key = read_idempotency_key(self.request._request)
        wanted = _redemption_id(redemption_id)
        return repeat(
            release_redemption(merchant=self.merchant, redemption_id=wanted, key=key, actor_id=self.key.id)
        )


class Voids(Endpoint):
    """What was handed over comes back."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_REDEMPTIONS}

    @document.redemption_void
    def post(self, request: HttpRequest, redemption_id: str) -> HttpResponse:
        """Its units come back to the lots they came from."""
        self.query()
        key = read_idempotency_key(self.request._request)
        wanted = _redemption_id(redemption_id)
        body = Fields(read_optional(self.request._request), VOID)
        return repeat(
            void_redemption(
                merchant=self.merchant,
                redemption_id=wanted,
                key=key,
                actor_id=self.key.id,
                reason=body.text("reason", limit=20, default="other"),
                note=body.text("note", limit=LONGEST_NOTE),
            )
        )


def _redemption_id(text: str) -> UUID:
    try:
        return read_id("red", text)
    except IdUnreadable:
        raise RedemptionUnknown from None
