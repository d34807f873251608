"""Refusals: what a verb raises when it will not do what was asked.

A DomainError carries a stable `code` for programs and a sentence for people. It becomes a status once, in
`api/errors.py`, and a page or a fragment once, in `web/errors.py`. It never carries a secret or another merchant's data.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """Base of all refusals. `message` is a translatable sentence; keyword arguments fill its blanks."""

    code = "refused"
    message: Any = _("This cannot be done.")
    field: str | None = None

    def __init__(self, *, field: str | None = None, **params: Any) -> None:
        super().__init__(self.code)
        self.params = params
        if field is not None:
            self.field = field

    @property
    def detail(self) -> str:
        """The sentence in the reader's language."""
        return str(self.message) % self.params if self.params else str(self.message)

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class NotAllowed(DomainError):
    """The caller is known, and may not."""

    code = "not_allowed"
    message = _("Your role does not allow this. Ask the owner.")


class ValueUnreadable(DomainError):
    """A value that cannot be stored or read: NUL, half a surrogate pair, too long, wrong kind."""

    code = "value_unreadable"
    message = _("This value cannot be read.")
