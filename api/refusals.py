"""What the API itself refuses, before any verb is asked. Refusals of the trade live with their verbs."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, ValueUnreadable
from core.money import AmountUnreadable


class NotFound(DomainError):
    """No such address."""

    code = "not_found"
    message = _("There is nothing at this address. The addresses stand in /api/v1/openapi.json.")


class MethodRefused(DomainError):
    """The address exists, and does not take this method."""

    code = "method_not_allowed"
    message = _("This address takes %(allowed)s.")

    @property
    def allowed(self) -> str:
        """The methods that it takes, as the `Allow` header says them."""
        return str(self.params["allowed"])


class RequestUnreadable(DomainError):
    """HTTP that makes no sense: a wrong host, a broken header, a body that broke off."""

    code = "request_unreadable"
    message = _("This request cannot be read.")


class BodyTooLarge(DomainError):
    """More than any honest request needs."""

    code = "body_too_large"
    message = _("The body is too large: %(limit)d bytes at most.")


class LengthRequired(DomainError):
    """A chunked body behind a server that does not mark its end."""

    code = "length_required"
    message = _("Send the body with a Content-Length.")


class ContentTypeUnsupported(DomainError):
    """A body that does not call itself JSON."""

    code = "content_type_unsupported"
    message = _("Send the body as JSON, with Content-Type: application/json.")


class JsonUnreadable(DomainError):
    """Not JSON, or JSON that two readers could read differently."""

    code = "json_unreadable"
    message = _("The body is not JSON that can be read: %(why)s.")


class KeyScopeMissing(DomainError):
    """The API key is genuine and lacks the scope."""

    code = "scope_missing"
    message = _("This API key may not do this: it lacks the scope %(scope)s.")


class RateExceeded(DomainError):
    """Too many requests under one key."""

    code = "rate_exceeded"
    message = _("Too many requests. Try again in %(seconds)d seconds.")

    @property
    def seconds(self) -> int:
        """How long to wait, as the `Retry-After` header says it."""
        return int(self.params["seconds"])


class Unavailable(DomainError):
    """The database is away: nothing was done, and the same request may be sent again."""

    code = "unavailable"
    message = _("The service is not available right now. Send the same request again.")


class Failure(DomainError):
    """A bug of ours."""

    code = "internal_error"
    message = _("Something went wrong on our side. Nothing was changed.")


class KeyMissing(DomainError):
    """A request that changes things must say how it is repeated."""

    code = "idempotency_key_missing"
    message = _("Send an Idempotency-Key header, new for each new request and the same when you repeat one.")


class KeyUnreadable(DomainError):
    """Too long, or not plain text."""

    code = "idempotency_key_unreadable"
    message = _("An Idempotency-Key has 1 to 255 printable ASCII characters.")


class CursorUnreadable(DomainError):
    """Not a cursor of this list."""

    code = "cursor_unreadable"
    message = _("This cursor is not one of this list. Take it from `next` of the page before.")
    field = "cursor"


class FieldsRefused(DomainError):
    """Several fields at once, each for the same reason."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names=", ".join(names))
        self.names = list(names)

    @property
    def fields(self) -> list[str]:
        """All of them."""
        return self.names


class FieldUnknown(FieldsRefused):
    """A misspelt field, or one that is not the caller's to set."""

    code = "field_unknown"
    message = _("These fields are not known here, or not yours to set: %(names)s.")


class FieldMissing(FieldsRefused):
    """A field that must be there."""

    code = "field_missing"
    message = _("These fields are missing: %(names)s.")


class MemberAmbiguous(DomainError):
    """A purchase names nobody, or several."""

    code = "member_ambiguous"
    message = _("Name the member by exactly one of: %(names)s.")


class ValueOfWrongKind(ValueUnreadable):
    """A number where text is expected, and the like."""

    code = "value_of_wrong_kind"
    message = _("Write this as %(kind)s.")


class ValueOutOfRange(ValueUnreadable):
    """A number or a list beyond what is kept."""

    code = "value_out_of_range"
    message = _("This must be between %(least)d and %(most)d.")


class AmountIsNumber(AmountUnreadable):
    """A JSON number: 0.1 + 0.2 is why money is text."""

    message = _('Write the amount as text, such as "%(example)s": JSON numbers may lose cents.')


class MomentUnreadable(ValueUnreadable):
    """Not a moment of RFC 3339 with an offset."""

    code = "moment_unreadable"
    message = _("Write a date and time with its offset, such as 2026-11-21T09:30:00+01:00.")
