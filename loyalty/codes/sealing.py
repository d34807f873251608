"""A number as letters that nobody can guess and from which nothing can be read: with a MAC, behind which it is hidden.

The key is the merchant's, derived from the service's card secret, which never changes: what is printed stays good. No table
holds such a text, so none can be stolen from one.
"""

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from members.cards import SPOKEN_ALPHABET

ALPHABET = SPOKEN_ALPHABET  # no look-alikes: copied from the inside of a crisp packet
_DIGITS = {letter: digit for digit, letter in enumerate(ALPHABET)}


@dataclass(frozen=True, slots=True)
class Seal:
    """One kind of such texts: `length` letters for a number of `bits`, and a MAC of `mac_bits`, at most 64 each. `purpose`
    keeps its keys apart from those of any other kind."""

    purpose: bytes
    length: int
    bits: int
    mac_bits: int

    def write(self, merchant_id: UUID, number: int) -> str:
        """The letters of a number, ungrouped."""
        mac = self._part(merchant_id, b"mac", number, self.mac_bits)
        value = mac << self.bits | number ^ self._part(merchant_id, b"mask", mac, self.bits)
        letters = ""
        for _letter in range(self.length):
            value, digit = divmod(value, len(ALPHABET))
            letters = ALPHABET[digit] + letters
        return letters

    def read(self, merchant_id: UUID, letters: str) -> int | None:
        """The number, or None where these letters are none of this merchant's."""
        if len(letters) != self.length or any(letter not in _DIGITS for letter in letters):
            return None
        value = 0
        for letter in letters:
            value = value * len(ALPHABET) + _DIGITS[letter]
        mac, masked = divmod(value, 2**self.bits)
        if mac >= 2**self.mac_bits:
            return None
        number = masked ^ self._part(merchant_id, b"mask", mac, self.bits)
        expected = self._part(merchant_id, b"mac", number, self.mac_bits)
        return number if hmac.compare_digest(mac.to_bytes(8, "big"), expected.to_bytes(8, "big")) else None

    def _part(self, merchant_id: UUID, what: bytes, value: int, bits: int) -> int:
        key = _key(settings.CARD_SECRET, self.purpose, merchant_id)
        digest = hmac.digest(key, what + value.to_bytes(8, "big"), "sha256")
        return int.from_bytes(digest[:8], "big") >> 64 - bits


@lru_cache(maxsize=256)
def _key(secret: str, purpose: bytes, merchant_id: UUID) -> bytes:
    return hmac.digest(hashlib.sha256(secret.encode()).digest(), purpose + merchant_id.bytes, "sha256")
