"""Amounts of money: whole minor units inside, decimal text outside. Never a float.

Exponents and formats come from CLDR through Babel.
"""

from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel.core import Locale
from babel.numbers import format_currency, get_currency_precision
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

# Ten million euros. A café's largest bill is far below; a misplaced decimal point in a till's export is above.
LARGEST_MINOR = 10**9
CURRENCIES = (
    "EUR",
    "USD",
    "GBP",
    "CHF",
    "CAD",
    "AUD",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "MAD",
    "TND",
    "XOF",
    "JPY",
)


class AmountUnreadable(DomainError):
    """Not a decimal number."""

    code = "amount_unreadable"
    message = _("Write the amount as a number, such as %(example)s.")
    field = "amount"


class AmountOutOfRange(DomainError):
    """Zero, negative or absurdly large."""

    code = "amount_out_of_range"
    message = _("The amount must be more than zero and at most %(largest)s.")
    field = "amount"


class TooManyDecimals(DomainError):
    """More decimals than the currency has."""

    code = "amount_too_precise"
    message = _("%(currency)s has %(decimals)d decimals; the amount has more.")
    field = "amount"


class CurrencyMismatch(DomainError):
    """A purchase in another currency than the merchant's."""

    code = "currency_mismatch"
    message = _("This programme counts in %(expected)s; the amount is in %(given)s.")
    field = "currency"


@lru_cache
def exponent(currency: str) -> int:
    """How many decimals the currency has: 2 for EUR, 0 for JPY, 3 for TND."""
    return int(get_currency_precision(currency))


def read_amount(text: str, currency: str) -> int:
    """Decimal text with a point, such as "12.50", as minor units.

    Raises AmountUnreadable, TooManyDecimals, AmountOutOfRange.
    """
    decimals = exponent(currency)
    plain = text.strip()
    if len(plain.partition(".")[2]) > decimals and plain.replace(".", "", 1).isdigit():
        # Counted as written: "1.500" is a thousand and a half to some and one and a half to others.
        raise TooManyDecimals(currency=currency, decimals=decimals)
    if not plain.isascii() or len(plain) > 30 or not plain.lstrip("-").replace(".", "", 1).isdigit():
        raise AmountUnreadable(example=decimal_text(1250, currency))
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise AmountUnreadable(example=decimal_text(1250, currency)) from None
    minor = value.scaleb(decimals)
    if minor <= 0 or minor > LARGEST_MINOR:
        raise AmountOutOfRange(largest=decimal_text(LARGEST_MINOR, currency))
    return int(minor)


def read_typed_amount(text: str, currency: str) -> int:
    """As `read_amount`, for people: a decimal comma, spaces and the currency's sign are welcome too."""
    plain = "".join(text.split()).replace("\u202f", "").strip("€$£").removesuffix(currency)
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    return read_amount(plain, currency)


def decimal_text(minor: int, currency: str) -> str:
    """Minor units as decimal text with a point: 1250 EUR → "12.50"."""
    decimals = exponent(currency)
    if decimals == 0:
        return str(minor)
    sign, digits = ("-", str(-minor)) if minor < 0 else ("", str(minor))
    digits = digits.rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


@lru_cache(maxsize=8192)
def say_money(minor: int, currency: str, language: str, *, short: bool = False) -> str:
    """Money as the reader writes it: "€12.50", "12,50 €". `short` drops empty decimals: "€12"."""
    whole = short and minor % (10 ** exponent(currency)) == 0
    return format_currency(
        Decimal(minor).scaleb(-exponent(currency)),
        currency,
        format=_whole_pattern(language) if whole else None,
        currency_digits=not whole,
        locale=language,
    )


@lru_cache
def _whole_pattern(language: str) -> str:
    pattern = Locale.parse(language).currency_formats["standard"].pattern
    return pattern.replace(".00", "")
