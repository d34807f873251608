"""Fields that read what people type: money, multipliers, points. They check shapes; what is allowed, the verbs decide."""

from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import get_currency_symbol
from django import forms

from core.errors import DomainError
from core.languages import reader_language
from core.money import decimal_text, exponent, read_typed_amount
from loyalty.programme.tiers import MultiplierOutOfRange, ThresholdOutOfRange

MOST_DIGITS = 9  # of a number somebody types; beyond, Python itself would rather not convert


def read_number(text: str) -> int | None:
    """The whole number that an address or a hidden field says; None for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def typed_money(minor: int, currency: str) -> str:
    """An amount as somebody would type it: "250", "12.50", in French "12,50"."""
    text = decimal_text(minor, currency)
    whole, point, decimals = text.partition(".")
    if not decimals.strip("0"):
        return whole
    return text.replace(point, ",") if reader_language() == "fr" else text


def typed_multiplier(percent: int) -> str:
    """150 as "1.5", in French "1,5"."""
    text = f"{Decimal(percent) / 100:f}"
    return text.replace(".", ",") if reader_language() == "fr" else text


def currency_sign(currency: str) -> dict[str, str]:
    """The currency's sign, before or after the figure as the reader writes it."""
    language = reader_language()
    sign = get_currency_symbol(currency, locale=language)
    return {"after": sign} if language == "fr" else {"before": sign}


class MoneyField(forms.CharField):
    """An amount of money in minor units. With `zero`, nothing at all is an amount too."""

    def __init__(self, *, currency: str, zero: bool = False, **kwargs: Any) -> None:
        self.currency, self.zero = currency, zero
        super().__init__(max_length=30, **kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal" if exponent(currency) else "numeric")
        self.widget.attrs.setdefault("autocomplete", "off")

    def clean(self, value: Any) -> Any:
        """Minor units. A refusal of the money's becomes this field's error."""
        text = super().clean(value)
        if self.zero and text and not set(text) - set("0.,"):
            return 0
        try:
            return read_typed_amount(text, self.currency)
        except DomainError as refusal:
            out_of_range = self.zero and refusal.code == "amount_out_of_range"
            raise forms.ValidationError(
                ThresholdOutOfRange().detail if out_of_range else refusal.detail
            ) from None


class MultiplierField(forms.CharField):
    """ "1.5" or "1,5" as 150 percent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=12, **kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")

    def clean(self, value: Any) -> Any:
        """Whole percent."""
        text = super().clean(value).lstrip("×x ").replace(",", ".")
        try:
            percent = Decimal(text) * 100 if text.isascii() else Decimal("NaN")
        except InvalidOperation:
            percent = Decimal("NaN")
        if (
            not percent.is_finite()
            or percent != percent.to_integral_value()
            or not 0 <= percent <= 10**MOST_DIGITS
        ):
            raise forms.ValidationError(MultiplierOutOfRange().detail)
        return int(percent)


class UnitsField(forms.IntegerField):
    """A whole number of units."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_value=10**MOST_DIGITS, min_value=0, **kwargs)
        self.widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 12})

    def to_python(self, value: Any) -> int | None:
        """Spaces between thousands are how people write."""
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)
