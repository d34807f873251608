"""Trying again: what was judged on what is not true any more is judged anew, so often and no more."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

TRIES_UNDER_LOCK = (
    5  # under the lock only publishing can still come in between, and who takes the first of a budget
)


class TooBusy(DomainError):
    """The programme changed under every try. Nothing was written; the same key may try again."""

    code = "busy"
    message = _("This could not be done just now. Try again in a moment.")
