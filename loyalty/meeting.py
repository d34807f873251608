"""Meeting a merchant by its id alone, as an API key names it: the row and its programme in one statement, kept a while.

So that the first purchase of a process takes three statements, and the next ones two. It proves nothing: whether the
key is genuine is checked where the member is read.
"""

import time
from collections import OrderedDict
from threading import Lock
from uuid import UUID

import orjson

from loyalty.programme.versions import remember_version
from loyalty.rules.definition import read_definition
from merchants.models import Merchant

KEPT_SECONDS = 60  # a new name or time zone may be this late; a new programme version is seen at once
_MOST_KEPT = 2048

_known: "OrderedDict[UUID, tuple[float, Merchant]]" = OrderedDict()
_lock = Lock()

# Named one by one: `*` would break each prepared statement of each process when a migration adds a column.
MEET = """
SELECT m.id, m.number, m.slug, m.name, m.trade, m.currency, m.time_zone, m.locale, m.brand_colour, m.created_at,
       v.number AS version_number, v.definition::text AS version_definition
FROM merchants_merchant m LEFT JOIN LATERAL loyalty_newest_version(m.id) v ON true
WHERE m.id = %s
"""


def meet_merchant(merchant_id: UUID) -> Merchant | None:
    """The merchant of that id. Needs no scope. One statement at most, and none while it is known."""
    known = _known.get(merchant_id)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    merchant = next(iter(Merchant.objects.raw(MEET, [merchant_id])), None)
    if merchant is not None:
        _remember(merchant)
    return merchant


def _remember(merchant: Merchant) -> None:
    number, definition = merchant.__dict__.pop("version_number"), merchant.__dict__.pop("version_definition")
    if number is not None:
        remember_version(merchant.id, read_definition(number, orjson.loads(definition)))
    with _lock:
        _known[merchant.id] = (time.monotonic() + KEPT_SECONDS, merchant)
        _known.move_to_end(merchant.id)
        while len(_known) > _MOST_KEPT:
            _known.popitem(last=False)


def forget_merchants() -> None:
    """Empty this process's memory: for tests."""
    with _lock:
        _known.clear()
