"""Figures as the reader writes them: money, numbers, gains and multipliers. It reads nothing and decides nothing."""

import datetime as dt
from decimal import Decimal

from babel.dates import format_date
from django import template
from django.utils import timezone

from core.dates import say_date
from core.languages import reader_language
from core.money import say_money
from loyalty.wording import say_multiplier, say_number
from merchants.logos import logo_path
from merchants.models import Merchant

register = template.Library()

MINUS = "\u2212"


@register.filter
def logo(merchant: Merchant) -> str:
    """The address of a merchant's logo for pages; empty without one."""
    return logo_path(merchant)


@register.filter
def money(minor: int, currency: str) -> str:
    """ "€12.00": an amount in minor units."""
    return say_money(minor, currency, reader_language())


@register.filter
def short_money(minor: int, currency: str) -> str:
    """ "€12", and "€12.50": without decimals that say nothing."""
    return say_money(minor, currency, reader_language(), short=True)


@register.filter
def number(value: int | Decimal) -> str:
    """ "1,218"."""
    return say_number(value, reader_language())


@register.filter
def signed(value: int) -> str:
    """ "+18", "−300" with a real minus sign, and "0"."""
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return sign + say_number(abs(value), reader_language())


@register.filter
def times(percent: int) -> str:
    """ "× 1.5" for 150."""
    return f"× {say_multiplier(percent, reader_language())}"


@register.filter
def ratio(contrast: float) -> str:
    """ "9.3 : 1", rounded down, for a promise must not be rounded up."""
    return f"{say_number(Decimal(int(contrast * 10)) / 10, reader_language())} : 1"


@register.filter
def brief(moment: dt.datetime) -> str:
    """When, as short as it stays clear: "09:41" today, "Thu" this week, "14 Nov" this year, "14 Nov 2025"."""
    local = timezone.localtime(moment)
    same_year = local.year == timezone.localtime().year
    return brief_in_year(moment) if same_year else say_date(local, "d MMM y", reader_language())


def brief_in_year(moment: dt.datetime) -> str:
    """The same under a heading that says the year."""
    local = timezone.localtime(moment)
    days = (timezone.localtime().date() - local.date()).days
    if days == 0:
        return f"{local:%H:%M}"
    return weekday(local) if 0 < days < 7 else short_date(local)


def short_date(day: dt.date) -> str:
    """ "14 Nov", "14 nov."."""
    return say_date(day, "d MMM", reader_language())


def weekday(day: dt.date) -> str:
    """ "Thu", "jeu."."""
    return str(format_date(day, "EEE", locale=reader_language()))


def day_of_year(day: dt.date) -> str:
    """ "14 March", "14 mars"."""
    return say_date(day, "d MMMM", reader_language())


@register.filter
def day_in_words(day: dt.date) -> str:
    """ "Saturday 14 March 2026", "samedi 14 mars 2026"."""
    return say_date(day, "EEEE d MMMM y", reader_language())


@register.filter
def full_date(moment: dt.date) -> str:
    """ "14 March 2024", "14 mars 2024", on the calendar of who reads."""
    day = timezone.localtime(moment) if isinstance(moment, dt.datetime) else moment
    return say_date(day, "d MMMM y", reader_language())
