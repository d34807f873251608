"""Who asks: an API key in the Authorization header, and nothing else. Cookies are never looked at.

A key is *claimed* here without a query for its row: it names its merchant. It is *proven* in the statement that reads
the member (the hot path), or by `prove` in the merchant's scope. Every bad key is refused in the same words.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from api import throttling
from api.refusals import KeyScopeMissing
from core import tenancy
from loyalty.meeting import meet_merchant
from loyalty.purchases.reading import CredentialRefused
from merchants.access import Scope
from merchants.api_keys import read_key
from merchants.models import ApiKey, Merchant


@dataclass(frozen=True, slots=True)
class Claim:
    """A well-formed key of a merchant that exists: not yet proven."""

    merchant: Merchant
    secret_hash: bytes


def read_claim(request: HttpRequest) -> Claim:
    """What the request's key claims. Counts the request. Raises CredentialRefused, RateExceeded."""
    scheme, _space, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    key = read_key(text.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        raise CredentialRefused
    throttling.take(key.secret_hash)
    merchant = meet_merchant(key.merchant_id)
    if merchant is None:
        raise CredentialRefused
    return Claim(merchant, key.secret_hash)


def prove(claim: Claim) -> ApiKey:
    """The key's row, in the merchant's scope. Raises CredentialRefused."""
    key = ApiKey.objects.filter(secret_hash=claim.secret_hash, revoked_at=None).first()
    if key is None:
        raise CredentialRefused
    return key


def require(key: ApiKey, scope: Scope) -> None:
    """Raises KeyScopeMissing."""
    if scope not in key.scopes:
        raise KeyScopeMissing(scope=scope)


def prove_alone(claim: Claim, scope: Scope) -> None:
    """Prove a key outside any scope: before a bad body is explained. Raises CredentialRefused, KeyScopeMissing."""
    with tenancy.scope(claim.merchant.id):
        require(prove(claim), scope)


class KeyAuthentication(BaseAuthentication):
    """For REST framework's views: proves the claim that `views.Endpoint` read, in the scope that it opened."""

    def authenticate(self, request: Request) -> tuple[Merchant, ApiKey]:
        """The merchant as `request.user`, the key as `request.auth`."""
        claim: Claim = request._request.claim  # type: ignore[attr-defined]
        return claim.merchant, prove(claim)

    def authenticate_header(self, request: Request) -> str:
        """How one signs in here."""
        return "Bearer"
