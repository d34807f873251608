"""allauth's hooks: a user's language, and where one lands after signing in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import get_language

from merchants.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Users sign up with an e-mail address and a password; the page's language becomes theirs."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:  # noqa: FBT001, FBT002  allauth's signature
        """Keep the language the person was reading when signing up."""
        user.locale = (get_language() or "en")[:2]
        saved: User = super().save_user(request, user, form, commit)
        return saved
