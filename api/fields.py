"""Reading an object field by field: each is of the right kind and known, or it is refused by name.

An unknown field is an error and not ignored: a misspelt "refrence" would be lost, and `dryrun=true` would be a sale.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from api.refusals import (
    AmountIsNumber,
    FieldMissing,
    FieldUnknown,
    MomentUnreadable,
    ValueOfWrongKind,
    ValueOutOfRange,
)
from core.errors import DomainError
from core.ids import read_id
from core.text import TextTooLong, read_text

# RFC 3339, which is stricter than what Python reads: no week dates, no missing seconds, never without an offset.
_MOMENT = re.compile(r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")


class Fields:
    """The fields of one object. `where` is its place in the body, such as "items.3."."""

    __slots__ = ("values", "where")

    def __init__(self, values: Mapping[str, Any], known: frozenset[str], *, where: str = "") -> None:
        """Raises FieldUnknown."""
        self.values = values
        self.where = where
        unknown = values.keys() - known
        if unknown:
            raise FieldUnknown([where + name[:60] for name in sorted(unknown)[:10]])

    def require(self, *names: str) -> None:
        """Raises FieldMissing."""
        missing = [self.where + name for name in names if name not in self.values]
        if missing:
            raise FieldMissing(missing)

    def text(self, name: str, *, limit: int, default: str = "") -> str:
        """Trimmed text. Raises ValueOfWrongKind, TextForbidden, TextTooLong."""
        value = self.values.get(name, default)
        if type(value) is not str:
            raise ValueOfWrongKind(field=self.where + name, kind=_("text"))
        return read_text(value, limit=limit, field=self.where + name)

    def code(self, name: str, *, limit: int) -> str:
        """Text that its reader takes apart, whatever it holds. Raises ValueOfWrongKind, TextTooLong."""
        value = self.values[name]
        if type(value) is not str:
            raise ValueOfWrongKind(field=self.where + name, kind=_("text"))
        if len(value) > limit:
            raise TextTooLong(field=self.where + name, limit=limit)
        return value

    def amount(self, name: str) -> str:
        """Decimal text, not yet read. Raises AmountIsNumber, ValueOfWrongKind."""
        value = self.values[name]
        if type(value) is str:
            return value
        if type(value) in (int, float):
            raise AmountIsNumber(field=self.where + name, example="12.50")
        raise ValueOfWrongKind(field=self.where + name, kind=_("text"))

    def whole(self, name: str, *, least: int, most: int, default: int) -> int:
        """A whole number. Raises ValueOfWrongKind, ValueOutOfRange."""
        value = self.values.get(name, default)
        if type(value) is not int:
            raise ValueOfWrongKind(field=self.where + name, kind=_("a whole number"))
        if not least <= value <= most:
            raise ValueOutOfRange(field=self.where + name, least=least, most=most)
        return value

    def flags(self, name: str, known: frozenset[str]) -> dict[str, bool]:
        """An object of true and false. Raises ValueOfWrongKind, FieldUnknown."""
        value = self.values.get(name, {})
        if type(value) is not dict:
            raise ValueOfWrongKind(field=self.where + name, kind=_("an object"))
        inner = Fields(value, known, where=f"{self.where}{name}.")
        for flag, given in value.items():
            if type(given) is not bool:
                raise ValueOfWrongKind(field=inner.where + flag, kind=_("true or false"))
        return dict(value)

    def objects(self, name: str, *, most: int) -> Sequence[dict[str, Any]]:
        """A list of objects. Raises ValueOfWrongKind, ValueOutOfRange."""
        value = self.values.get(name, [])
        if type(value) is not list or not all(type(part) is dict for part in value):
            raise ValueOfWrongKind(field=self.where + name, kind=_("a list of objects"))
        if len(value) > most:
            raise ValueOutOfRange(field=self.where + name, least=0, most=most)
        return value

    def words(self, name: str, *, most: int) -> list[str]:
        """A list of texts. Raises ValueOfWrongKind, ValueOutOfRange."""
        value = self.values.get(name, [])
        if type(value) is not list or not all(type(part) is str for part in value):
            raise ValueOfWrongKind(field=self.where + name, kind=_("a list of texts"))
        if len(value) > most:
            raise ValueOutOfRange(field=self.where + name, least=0, most=most)
        return value

    def id(self, name: str, prefix: str) -> UUID | None:
        """A public id, or None when it is absent. Raises ValueOfWrongKind, IdUnreadable."""
        if name not in self.values:
            return None
        try:
            return read_id(prefix, self.text(name, limit=80))
        except DomainError as refusal:
            refusal.field = self.where + name
            raise

    def moment(self, name: str) -> dt.datetime | None:
        """A moment with its offset, or None when it is absent. Raises ValueOfWrongKind, MomentUnreadable."""
        if name not in self.values:
            return None
        text = self.text(name, limit=80)
        try:
            if _MOMENT.fullmatch(text):
                return dt.datetime.fromisoformat(text)
        except ValueError:
            pass
        raise MomentUnreadable(field=self.where + name)

    def truth(self, name: str) -> bool | None:
        """True or false in a body, or None when it is absent. Raises ValueOfWrongKind."""
        if name not in self.values:
            return None
        value = self.values[name]
        if type(value) is not bool:
            raise ValueOfWrongKind(field=self.where + name, kind=_("true or false"))
        return value

    def flag(self, name: str) -> bool:
        """`true` or `false` in an address; absent is false. Raises ValueOfWrongKind."""
        value = self.values.get(name, "false")
        if value not in ("true", "false"):
            raise ValueOfWrongKind(field=self.where + name, kind=_("true or false"))
        return bool(value == "true")


def query_fields(request: HttpRequest, known: frozenset[str]) -> Fields:
    """The fields of the address's query. A field given twice counts as unknown. Raises FieldUnknown."""
    if not request.META.get("QUERY_STRING"):
        return Fields({}, known)
    twice = [name for name, values in request.GET.lists() if len(values) > 1]
    return Fields(request.GET.dict(), known - set(twice))
