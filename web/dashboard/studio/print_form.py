"""What is chosen on the page of a link's printed matter: a format, a language, the pixels; and the shop's own words, if it wants others."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from merchants.models import Merchant
from studio.drawing.png import MOST_SIDE
from studio.models import Link
from studio.posters.formats import FORMATS, Format
from studio.posters.promises import LONGEST, unwritable
from studio.posters.wording import LONGEST_HEADLINE, OwnWords

LEAST_WIDTH = 200  # pixels: in less no phone finds the code
DPI = {"300": _("300 dpi, for printing"), "150": _("150 dpi, for sending")}
NAMES = {
    "a4": _("Poster A4"),
    "a5": _("Poster A5"),
    "a6": _("Leaflet A6"),
    "till_card": _("Till card"),
    "table_tent": _("Table tent"),
    "stickers": _("Stickers"),
    "window": _("Window cling"),
    "strip_80": _("Receipt strip, 80 mm"),
    "strip_58": _("Receipt strip, 58 mm"),
    "story": _("Story"),
}
LANGUAGES = (("en", "English"), ("fr", "Français"))  # each in its own: it is the paper's, not the reader's


def usual_format(link: Link) -> Format:
    """What most shops print of a link of this kind."""
    return FORMATS["table_tent" if link.kind == Link.Kind.TABLE else "a5"]


def _can_be_written(text: str) -> None:
    missing = unwritable(text)
    if missing:
        raise ValidationError(
            _("The fonts of our posters have no %(letters)s."),
            params={"letters": " ".join(dict.fromkeys(missing))},
        )


class PrintForm(forms.Form):
    """By GET: a page's address says what it shows. What the address leaves out is as it usually is."""

    format = forms.ChoiceField(label=_("Format"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    headline = forms.CharField(
        label=_("Headline"),
        max_length=LONGEST_HEADLINE,
        required=False,
        validators=[_can_be_written],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    promise = forms.CharField(
        label=_("Promise"),
        max_length=LONGEST,
        required=False,
        validators=[_can_be_written],
        help_text=_("Left empty, it says what your programme offers today."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    mirrored = forms.BooleanField(
        label=_("Mirrored, for clear film that sticks inside the glass"), required=False
    )
    dpi = forms.ChoiceField(label=_("Pixels of the PNG"), choices=list(DPI.items()))
    width = forms.IntegerField(
        label=_("Or exactly so many across"), min_value=LEAST_WIDTH, max_value=MOST_SIDE, required=False
    )

    def __init__(self, merchant: Merchant, link: Link, said: dict[str, Any]) -> None:
        """`said` by the address; the rest is as it is for this shop and this link."""
        usual = {"format": usual_format(link).name, "language": merchant.locale[:2], "dpi": "300"}
        super().__init__(usual | {name: value for name, value in said.items() if value}, auto_id="print_%s")
        self.fields["format"].choices = [(name, NAMES[name]) for name in FORMATS]  # type: ignore[attr-defined]

    @property
    def format_chosen(self) -> Format:
        """Of a valid form; the usual one of a form that is wrong elsewhere."""
        return FORMATS[self.cleaned_data.get("format", "a5")]

    @property
    def own_words(self) -> OwnWords:
        """Of a valid form."""
        return OwnWords(self.cleaned_data["headline"], self.cleaned_data["promise"])
