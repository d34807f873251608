"""Text from outside: what may be kept, and how it is folded for searching."""

import unicodedata

from django.utils.translation import gettext_lazy as _

from core.errors import ValueUnreadable


class TextTooLong(ValueUnreadable):
    """Longer than its field."""

    code = "text_too_long"
    message = _("This is too long: %(limit)d characters at most.")


class TextForbidden(ValueUnreadable):
    """Characters that PostgreSQL cannot keep or that lie to the reader."""

    code = "text_forbidden"
    message = _("This holds characters that cannot be kept.")


# Direction marks can make "refund" read as something else on a till's screen.
_DIRECTION_MARKS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# A real name stacks two or three marks on a letter; thirty are an attack on the layout.
_MARKS_IN_A_ROW = 4


def read_text(value: str, *, limit: int, field: str | None = None) -> str:
    """The text, trimmed and in NFC. Raises TextForbidden, TextTooLong."""
    if (
        value.isascii() and value.isprintable()
    ):  # most text by far: nothing to fold, nothing to refuse but its length
        text = value.strip()
        if len(text) > limit:
            raise TextTooLong(field=field, limit=limit)
        return text
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise TextForbidden(field=field)
    text = unicodedata.normalize("NFC", value).strip()
    marks = 0
    for char in text:
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if char in _DIRECTION_MARKS or kind == "Cc" or marks > _MARKS_IN_A_ROW:
            raise TextForbidden(field=field)
    if len(text) > limit:
        raise TextTooLong(field=field, limit=limit)
    return text


def fold(value: str) -> str:
    """Lower case without accents, for searching: "Hélène" and "helene" are one."""
    decomposed = unicodedata.normalize("NFKD", value.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
