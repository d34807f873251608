"""Lists page by page: a cursor says where the page before ended, so that rows arriving meanwhile shift nothing."""

import base64
import binascii
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import orjson
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from api.fields import Fields
from api.refusals import CursorUnreadable, ValueOfWrongKind, ValueOutOfRange

PAGE, LARGEST_PAGE = 50, 100
LONGEST_CURSOR = 600  # a statement of ten units
PARAMETERS = frozenset({"cursor", "limit"})

Row = TypeVar("Row")


def read_limit(query: Fields) -> int:
    """How many a page holds. Raises ValueOfWrongKind, ValueOutOfRange."""
    text = query.text("limit", limit=9, default=str(PAGE))
    if not (text.isascii() and text.isdigit()):
        raise ValueOfWrongKind(field="limit", kind=_("a whole number"))
    if not 1 <= int(text) <= LARGEST_PAGE:
        raise ValueOutOfRange(field="limit", least=1, most=LARGEST_PAGE)
    return int(text)


def read_cursor(query: Fields, *readers: Callable[[Any], Any]) -> list[Any] | None:
    """Where the page before ended, each part read by its reader; None at the beginning. Raises CursorUnreadable."""
    text = query.text("cursor", limit=LONGEST_CURSOR)
    if not text:
        return None
    try:
        parts = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        return [read(part) for read, part in zip(readers, parts, strict=True)]
    except (binascii.Error, ValueError, TypeError, AttributeError, OverflowError):
        raise CursorUnreadable from None


def moment(part: Any) -> dt.datetime:
    """A cursor's part that is a moment. Raises ValueError, TypeError."""
    found = dt.datetime.fromisoformat(part)
    if found.tzinfo is None:
        raise ValueError
    return found


def cursor_at(*parts: Any) -> str:
    """A cursor that says these parts."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def cut(
    rows: "QuerySet[Any, Row]", limit: int, place: Callable[[Row], str]
) -> tuple[Sequence[Row], str | None]:
    """One page of rows, and the cursor of the next page, or None at the end."""
    found = list(rows[: limit + 1])
    page = found[:limit]
    return page, place(page[-1]) if len(found) > limit else None
