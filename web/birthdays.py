"""A birthday as people type it, in the order in which they read dates, whatever order their browser would show."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.enrolment import BirthdayImpossible, read_birthday

_PARTS = re.compile(r"(\d{1,2})\D{1,3}(\d{1,2})\D{1,3}(\d{4})")


class BirthdayField(forms.CharField):
    """Day, month, year; a browser that fills in by itself writes year-month-day, which is understood too."""

    default_error_messages = {
        "impossible": _("Write it as day/month/year, in the past. Example: 24/05/1990."),
    }

    def __init__(self, **kwargs: Any) -> None:
        attributes = {
            "autocomplete": "bday",
            "inputmode": "numeric",
            "maxlength": 12,
            "placeholder": _("DD/MM/YYYY"),
        }
        super().__init__(required=False, widget=forms.TextInput(attrs=attributes), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A kept day as it is typed."""
        return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else value

    def to_python(self, value: Any) -> str:
        """The day as ISO text; empty stays empty."""
        text = super().to_python(value) or ""
        typed = _PARTS.fullmatch(text)
        if typed:
            day, month, year = (int(part) for part in typed.groups())
            text = f"{year:04d}-{month:02d}-{day:02d}"
        try:
            read = read_birthday(text)
        except BirthdayImpossible:
            raise ValidationError(self.error_messages["impossible"], code="impossible") from None
        return read.isoformat() if read else ""
