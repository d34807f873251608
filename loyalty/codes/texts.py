"""What a code looks like, and how one that was typed is read back: without a query.

A code is twelve letters and digits without look-alikes, "K7QX-3MPD-9WEA", made of

    number of the batch 13 bits · place in the batch 14 bits · MAC 31 bits

where the MAC hides the other two, so that codes of one batch have nothing in common (`sealing`). No table holds a code, and all
of a batch can be written out again at any time.

Of a merchant with a million codes, one text in 300,000 million is a code: behind a limit on tries nobody guesses one.
"""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from core.text import fold
from loyalty.codes.sealing import Seal

LENGTH, GROUP = 12, 4
NUMBER_BITS, PLACE_BITS, MAC_BITS = 13, 14, 31
LARGEST_NUMBER, LARGEST_PLACE = 2**NUMBER_BITS - 1, 2**PLACE_BITS - 1
LONGEST_TYPED = 400  # an address with a code in it
_SEAL = Seal(b"habitue codes", LENGTH, NUMBER_BITS + PLACE_BITS, MAC_BITS)


class Place(NamedTuple):
    """Where a code is: the number of its batch, and which one of it, from 1."""

    number: int
    serial: int


def code_at(merchant_id: UUID, place: Place) -> str:
    """The text of a code, as it is printed: three groups of four."""
    return grouped(_SEAL.write(merchant_id, place.number << PLACE_BITS | place.serial))


def place_of(merchant_id: UUID, typed: str) -> Place | None:
    """Where the code is that a `bare` text says, or None if it is none of this merchant's: a word, or a mistake."""
    head = _SEAL.read(merchant_id, typed)
    return None if head is None else Place(*divmod(head, 2**PLACE_BITS))


def bare(typed: str) -> str:
    """What was typed or scanned, in capitals without accents, spaces and hyphens; of an address, the code that it carries.
    "" for what holds anything else: it is no code. Of what is longer than an address the rest is not read."""
    typed = typed[:LONGEST_TYPED].strip()
    if "?" in typed:
        try:
            query = urlsplit(typed).query
        except ValueError:  # an address with half of a bracket
            return ""
        typed = (parse_qs(query).get("code") or [""])[0]
    letters = re.sub(r"[\s\-–.]", "", fold(typed)).upper()
    return letters if re.fullmatch(r"[A-Z0-9]+", letters) else ""


def grouped(letters: str) -> str:
    """ "K7QX-3MPD-9WEA"."""
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))
