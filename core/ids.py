"""Identifiers: time-ordered UUIDs inside, prefixed text outside."""

import datetime as dt
import hashlib
import secrets
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from core.errors import DomainError


class IdUnreadable(DomainError):
    """The text is not an id of the wanted kind."""

    code = "id_unreadable"
    message = _("This id is not one of ours: it should look like %(example)s.")


def new_id() -> UUID:
    """A UUIDv7: ordered by time, so that indexes grow at their right edge."""
    return uuid7()


def id_at(moment: dt.datetime) -> UUID:
    """A UUIDv7 as it would have been made then, to the microsecond: history sorts where it belongs."""
    microseconds = int(moment.timestamp() * 1_000_000)
    milliseconds, rest = divmod(microseconds, 1000)
    fraction = rest * 4096 // 1000  # RFC 9562, method 3: the first random bits carry the finer time
    return UUID(int=milliseconds << 80 | 7 << 76 | fraction << 64 | 2 << 62 | secrets.randbits(62))


def first_id_at(moment: dt.datetime) -> UUID:
    """The smallest UUIDv7 of that millisecond: a bound for finding ids by their time."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)


def moment_of(value: UUID) -> dt.datetime:
    """When a UUIDv7 was made, to the millisecond."""
    return dt.datetime.fromtimestamp((value.int >> 80) / 1000, dt.UTC)


def public_id(prefix: str, value: UUID) -> str:
    """`mem_0197…`: what the API shows. Sortable, since the UUID is."""
    return f"{prefix}_{value.hex}"


def read_id(prefix: str, text: str) -> UUID:
    """The UUID inside a public id. Raises IdUnreadable."""
    head, _sep, tail = text.partition("_")
    if head == prefix and len(tail) == 32 and tail.isalnum() and tail.isascii():
        try:
            return UUID(hex=tail)
        except ValueError:
            pass
    raise IdUnreadable(example=f"{prefix}_" + "0" * 32)


def key_of(text: str) -> UUID:
    """An idempotency key as a UUID: the UUID itself if it is one, else a digest of the text.

    A client that sends UUIDv7 keys keeps the unique index ordered, which is the cheap way to have ten million of them.
    """
    if len(text) == 36:
        try:
            return UUID(text)
        except ValueError:
            pass
    return _digest(text.encode(), b"idempotency")


def key_within(key: UUID, part: str) -> UUID:
    """A key for one part of an operation that has a key: same key and part, same result."""
    return _digest(key.bytes + part.encode(), b"key part")


def _digest(content: bytes, purpose: bytes) -> UUID:
    """A UUIDv8 (RFC 9562: bits of our own making) of the content."""
    raw = bytearray(hashlib.blake2b(content, digest_size=16, person=purpose).digest())
    raw[6] = raw[6] & 0x0F | 0x80
    raw[8] = raw[8] & 0x3F | 0x80
    return UUID(bytes=bytes(raw))
