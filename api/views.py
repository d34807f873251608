"""What the API's views share: the scope around them, the shape of an answer, the key of a repetition."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar, NoReturn
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from api import authentication, parsing
from api.authentication import KeyAuthentication
from api.fields import Fields, query_fields
from api.permissions import HasScope
from api.refusals import KeyMissing, KeyUnreadable, MethodRefused
from core import tenancy
from core.ids import key_of
from loyalty.programme.publishing import try_due_in_force
from loyalty.rules.calendar import local_text
from merchants.access import Scope
from merchants.models import ApiKey, Merchant


class AlwaysJson(BaseContentNegotiation):
    """JSON, whatever the Accept header says: there is nothing else to choose from."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: Any = None
    ) -> tuple[BaseRenderer, str]:
        """The only one."""
        return renderers[0], renderers[0].media_type


class PublicEndpoint(APIView):
    """A resource that needs no key."""

    authentication_classes: Sequence[type[BaseAuthentication]] = ()
    permission_classes: Sequence[Any] = ()
    content_negotiation_class = AlwaysJson
    metadata_class = None  # OPTIONS tells nothing that the document does not

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> NoReturn:
        """405 with what is allowed."""
        raise MethodRefused(allowed=", ".join(self.allowed_methods))

    @property
    def allowed_methods(self) -> list[str]:
        """The methods of this resource."""
        return [method for method in super().allowed_methods if method != "OPTIONS"]

    def query(self, *known: str) -> Fields:
        """The query's fields. Raises FieldUnknown."""
        return query_fields(self.request._request, frozenset(known))


class Endpoint(PublicEndpoint):
    """One resource of one merchant. The whole request is one transaction in the merchant's scope."""

    authentication_classes = (KeyAuthentication,)
    permission_classes = (HasScope,)
    scopes: ClassVar[dict[str, Scope]] = {}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A refusal passes through the scope, so that nothing of a refused request stays."""
        claim = authentication.read_claim(request)
        request.claim = claim  # type: ignore[attr-defined]
        if request.method not in SAFE_METHODS:
            try_due_in_force(claim.merchant.id)
        with tenancy.scope(claim.merchant.id):
            return super().dispatch(request, *args, **kwargs)

    @property
    def merchant(self) -> Merchant:
        """Whose data this request is about."""
        merchant: Merchant = self.request.user  # type: ignore[assignment]
        return merchant

    @property
    def key(self) -> ApiKey:
        """The key that asks."""
        key: ApiKey = self.request.auth  # type: ignore[assignment]
        return key

    def body(self, known: frozenset[str]) -> Fields:
        """The body's fields. Raises what `parsing.read_object` raises, FieldUnknown."""
        return Fields(parsing.read_object(self.request._request), known)


def answer(content: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A JSON answer."""
    return HttpResponse(orjson.dumps(content), content_type="application/json", status=status)


def read_idempotency_key(request: HttpRequest) -> UUID:
    """Raises KeyMissing, KeyUnreadable."""
    text = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if not text:
        raise KeyMissing
    if len(text) > 255 or not text.isascii() or not text.isprintable():
        raise KeyUnreadable
    return key_of(text)


def say_moment(moment: dt.datetime, merchant: Merchant) -> str:
    """RFC 3339 with the merchant's offset."""
    return local_text(moment, merchant.time_zone)
