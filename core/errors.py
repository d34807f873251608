"""Refusals: what a verb raises when it will not do what was asked.

Most leave nothing behind, and a corrected request under the same key is welcome. A Decline is an answer: it is kept.
A DomainError carries a stable `code` for programs and a sentence for people. It becomes a status once, in
`api/errors.py`, and a page or a fragment once, in `web/errors.py`. It never carries a secret or another merchant's data.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

import orjson
from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from core.idempotency import Answered

K = TypeVar("K", bound="Decline")


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

    @property
    def fields(self) -> list[str]:
        """The fields of the request that it is about."""
        return [self.field] if self.field else []

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class Decline(DomainError):
    """A refusal that answers how things stood: these units are spent, that purchase is cancelled, this code was used.

    Subclass it for what the same request could be told otherwise tomorrow. `core.idempotency` keeps it under the
    request's key for ever, so that a retry never turns a no into a yes; its status is 409. What is wrong with the request
    itself stays a DomainError: a value, an id of nothing, a permission, a limit, a moment that was too busy.
    `member_id`: whom it is about, so that erasing a member blanks it.
    """

    answered: Answered | None = None  # once it is kept: what was kept, and whether it was before

    def __init__(self, *, member_id: UUID | None = None, **params: Any) -> None:
        super().__init__(**params)
        self.member_id = member_id

    @classmethod
    def again(cls, answered: Answered) -> Self:
        """The decline that was kept, of its own class, in the words of then."""
        said = orjson.loads(answered.body)
        kind = next((kind for kind in _kinds(cls) if kind.code == said["code"]), cls)
        decline = kind.__new__(
            kind
        )  # not as its class is made: what it took to say so then is not known any more
        Decline.__init__(decline, field=next((error["field"] for error in said["errors"]), None))
        decline.code, decline.message, decline.answered = said["code"], said["detail"], answered
        return decline


def _kinds(of: type[K]) -> list[type[K]]:
    return [kind for direct in of.__subclasses__() for kind in (direct, *_kinds(direct))]


def as_problem(refusal: DomainError, status: int) -> dict[str, Any]:
    """A refusal as problem+json (RFC 9457) says it, in the reader's language: how the API sends it, and how it is kept."""
    detail = refusal.detail
    return {
        "type": f"{settings.BASE_URL}/api/v1/problems#{refusal.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": refusal.code,
        "errors": [{"field": field, "code": refusal.code, "detail": detail} for field in refusal.fields],
    }


class NotAllowed(DomainError):
    """The caller is known, and may not."""

    code = "not_allowed"
    message = _("Your role does not allow this. Ask the owner.")


class ValueUnreadable(DomainError):
    """A value that cannot be stored or read: NUL, half a surrogate pair, too long, wrong kind."""

    code = "value_unreadable"
    message = _("This value cannot be read.")
