"""API keys: made, read and revoked. The secret is shown once; only its digest is kept.

A key reads `hb_live_<merchant><secret>`: 32 hex digits of the merchant's id, then 43 characters of secret. So the
key itself says whose data it opens, and nothing is looked up across merchants.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import DomainError
from core.tenancy import current_merchant_id
from core.text import read_text
from merchants.access import Scope
from merchants.models import ApiKey, StaffMember
from merchants.onboarding import NameMissing

PATTERN = re.compile(r"hb_live_([0-9a-f]{32})([A-Za-z0-9_-]{43})")


class ScopeUnknown(DomainError):
    """A key needs at least one scope, each of the list."""

    code = "scope_unknown"
    message = _("Choose at least one thing that this key may do.")
    field = "scopes"


@dataclass(frozen=True)
class KeyText:
    """A well-formed key: whose it claims to be, and the digest of its secret. Not yet proven."""

    merchant_id: UUID
    secret_hash: bytes


@lru_cache(maxsize=1024)
def read_key(text: str) -> KeyText | None:
    """What a key claims, or None if it is not one. No query."""
    match = PATTERN.fullmatch(text)
    if match is None:
        return None
    # The secret is 256 random bits: a plain digest is as safe as a slow one, and a thousand times quicker.
    return KeyText(UUID(hex=match[1]), hashlib.sha256(match[2].encode()).digest())


def make_key(*, name: str, scopes: list[str], actor: StaffMember | None) -> tuple[ApiKey, str]:
    """A new key of the current merchant, and its text, which cannot be had again. Raises NameMissing, ScopeUnknown."""
    name = read_text(name, limit=60, field="name")
    if not name:
        raise NameMissing
    if not scopes or not set(scopes) <= set(Scope):
        raise ScopeUnknown
    secret = secrets.token_urlsafe(32)
    key = ApiKey(name=name, hint=f"…{secret[-4:]}", scopes=sorted(set(scopes)), created_by=actor)
    key.secret_hash = hashlib.sha256(secret.encode()).digest()
    key.save(force_insert=True)
    events.record("api_key.made", {"key": str(key.id), "actor": str(actor.id) if actor else None})
    return key, f"hb_live_{current_merchant_id().hex}{secret}"


def revoke_key(*, key: ApiKey, actor: StaffMember) -> None:
    """From now on the key opens nothing. Revoking twice changes nothing."""
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        events.record("api_key.revoked", {"key": str(key.id), "actor": str(actor.id)})
