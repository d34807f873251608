"""allauth's hooks: a user's language, and links in e-mails that lead to us and nowhere else."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from core.languages import reader_language
from integrations.notifications.letters import look_of
from merchants.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Users sign up with an e-mail address and a password; the page's language becomes theirs."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:  # noqa: FBT001, FBT002  allauth's signature
        """Keep the language the person was reading when signing up."""
        user.locale = reader_language()
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every e-mail passes here. allauth builds its links from the Host header, which is the sender's to choose."""
        super().send_mail(
            template_prefix,
            email,
            {
                name: on_our_address(value) if name.endswith("_url") else value
                for name, value in context.items()
            }
            | {"look": look_of(None), "language": reader_language()},
        )


def on_our_address(url: str) -> str:
    """The same page at BASE_URL."""
    return settings.BASE_URL + urlunsplit(("", "", *urlsplit(url)[2:]))
