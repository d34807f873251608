"""Phone numbers and e-mail addresses as people type them."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.text import read_text

# A number without its country code is from where the merchant is, which its time zone tells.
_REGION_OF_ZONE = {
    "Europe/Paris": "FR", "Europe/Brussels": "BE", "Europe/Zurich": "CH", "Europe/Luxembourg": "LU",
    "Europe/Berlin": "DE", "Europe/Madrid": "ES", "Europe/Rome": "IT", "Europe/London": "GB", "Europe/Dublin": "IE",
    "Europe/Lisbon": "PT", "Europe/Amsterdam": "NL", "America/New_York": "US", "America/Chicago": "US",
    "America/Los_Angeles": "US", "America/Toronto": "CA", "America/Montreal": "CA", "Africa/Casablanca": "MA",
    "Africa/Tunis": "TN", "Africa/Dakar": "SN", "Africa/Abidjan": "CI",
}  # fmt: skip


def region_of(time_zone: str) -> str:
    """The country, as two letters, in which people of this time zone write numbers without a code."""
    return _REGION_OF_ZONE.get(time_zone, "FR")


class PhoneUnreadable(DomainError):
    """Not a phone number that can exist."""

    code = "phone_unreadable"
    message = _("This is not a phone number. Example: +33 6 12 34 56 78.")
    field = "phone"


class EmailUnreadable(DomainError):
    """Not an e-mail address."""

    code = "email_unreadable"
    message = _("This is not an e-mail address. Example: mia@example.org.")
    field = "email"


def read_phone(text: str, *, region: str = "FR") -> str:
    """A number as E.164, such as +33612345678; "" stays "". Raises PhoneUnreadable.

    `region` is the country of a number written without its code, as two letters.
    """
    text = read_text(text, limit=40, field="phone")
    if not text:
        return ""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise PhoneUnreadable from None
    if not phonenumbers.is_possible_number(number):
        raise PhoneUnreadable
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def read_email(text: str) -> str:
    """An address in lower case; "" stays "". Raises EmailUnreadable."""
    text = read_text(text, limit=254, field="email").lower()
    if not text:
        return ""
    try:
        validate_email(text)
    except ValidationError:
        raise EmailUnreadable from None
    return text
