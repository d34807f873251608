"""A letter to a member, in words: for the desk and for the file of the member's own data."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.notifications.models import Message

LETTERS: dict[str, object] = {
    "points": gettext_lazy("E-mail about new points"),
    "confirmation": gettext_lazy("E-mail to prove the address"),
    "moved": gettext_lazy("E-mail to the address before"),
    "tier_warning": gettext_lazy("E-mail about a tier in danger"),
    "voucher": gettext_lazy("E-mail with a voucher"),
}


def say_letter(message: Message) -> str:
    """What it is about."""
    return str(LETTERS[message.kind])


def say_sending(message: Message) -> str:
    """What became of it."""
    if message.dropped_at:
        return _("Not sent: there was no reason to any more.")
    return _("Sent.") if message.sent_at else _("Waits to be sent.")
