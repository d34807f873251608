"""What a voucher's code looks like, and how one that was typed or scanned is read back: without a query.

A code is sixteen letters and digits without look-alikes, "K7QX-3MPD-9WEA-22RT", made of

    serial 40 bits · MAC 38 bits

where the MAC hides the serial, as in codes of batches (ADR 0022), which are shorter: none is ever taken for the other. The
key is the merchant's, derived from the service's card secret; no table and no stored answer holds a code.
"""

import secrets
from uuid import UUID

from loyalty.codes.sealing import Seal
from loyalty.codes.texts import bare, grouped

LENGTH = 16
SERIAL_BITS, MAC_BITS = 40, 38
_SEAL = Seal(b"habitue vouchers", LENGTH, SERIAL_BITS, MAC_BITS)


def new_serial() -> int:
    """A serial by chance: of a million vouchers of a shop, a new one meets an old one once in a million times."""
    return secrets.randbits(SERIAL_BITS)


def code_of(merchant_id: UUID, serial: int) -> str:
    """The text of a voucher, as it is printed and as its QR says it: four groups of four."""
    return grouped(_SEAL.write(merchant_id, serial))


def serial_of(merchant_id: UUID, typed: str) -> int | None:
    """The serial of what was typed or scanned, or None if it is no voucher of this merchant's."""
    return _SEAL.read(merchant_id, bare(typed))
