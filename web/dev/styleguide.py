"""The drawer: every component in every state, in both themes and both languages, from the samples in `templates/dev`."""

import json
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import override
from django.views.decorators.http import require_safe

from core import qr
from merchants.branding import palette_of
from web.card.theme import write_css

THEMES, LANGUAGES = ("light", "dark"), ("en", "fr")
PARTS = [
    "buttons",
    "fields",
    "lists",
    "badges",
    "figures",
    "progress",
    "steps",
    "tiers",
    "points",
    "stamps",
    "ticket",
    "dialog",
    "notices",
    "objects",
    "colours",
    "long",
]
GROUNDS = {"light": "Paper", "dark": "Night"}
# Five shops of difficult colours: deep, pale, loud, strong, none.
SHOPS = {
    "aroma": "#1f4d3a",
    "bloom": "#f6c9d0",
    "soleil": "#ffd400",
    "maree": "#1d4ed8",
    "zinc": "#777777",
}
NAMES = {"aroma": "Aroma", "bloom": "Bloom", "soleil": "Soleil", "maree": "Marée", "zinc": "Zinc"}


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Paper in English beside night in French; `?theme=dark&lang=en` shows one of the four alone."""
    wanted = (request.GET.get("theme", ""), request.GET.get("lang", ""))
    alone = wanted[0] in THEMES and wanted[1] in LANGUAGES
    panes = [_pane(*wanted)] if alone else [_pane("light", "en"), _pane("dark", "fr")]
    choices = [
        {"label": f"{GROUNDS[theme]}, {language}", "theme": theme, "lang": language}
        for theme in THEMES
        for language in LANGUAGES
    ]
    context = {"panes": panes, "choices": choices, "wanted": wanted if alone else None, "parts": PARTS}
    return render(request, "dev/styleguide.html", context)


@require_safe
def colours(request: HttpRequest) -> HttpResponse:
    """The palettes of the five shops, each under a class of its own; Aroma's is the drawer's."""
    sheets = [write_css(palette_of(SHOPS["aroma"]))]
    sheets += [
        write_css(palette_of(colour)).replace(":root", f".shop--{name}") for name, colour in SHOPS.items()
    ]
    return HttpResponse("".join(sheets), content_type="text/css; charset=utf-8")


def _pane(theme: str, language: str) -> dict[str, Any]:
    said = _said(language)
    with override(language):
        form = _sample_form(said, prefix=f"{theme}-{language}")
        form.is_valid()
    stamps = [{"number": number, "inked": number <= 7} for number in range(1, 11)]
    return {
        "theme": theme,
        "language": language,
        "key": f"{theme}-{language}",
        "said": said,
        "form": form,
        "stamps": stamps,
        "spark": {"points": "2,19 12,16 22,16.5 32,13 42,12 52,13.5 62,9 69,3", "x": 69, "y": 3},
        "pages": [{"number": number, "href": "#", "current": number == 1} for number in (1, 2, 3)],
        "shops": [{"key": key, "name": NAMES[key], "colour": colour} for key, colour in SHOPS.items()],
        "qr": mark_safe(qr.svg(settings.BASE_URL, border=0)),  # noqa: S308  drawn by us
    }


def _said(language: str) -> dict[str, Any]:
    path = Path(settings.BASE_DIR, f"templates/dev/styleguide.{language}.json")
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return said


def _sample_form(said: dict[str, Any], *, prefix: str) -> forms.Form:
    """Fields of a real form, as `field.html` shows them: one in error, one with help, choices, a box to tick."""
    words = said["form"]

    class SampleForm(forms.Form):
        reward = forms.CharField(label=said["fields"]["reward"], help_text=said["fields"]["reward_help"])
        birthday = forms.DateField(label=words["birthday"], help_text=words["birthday_help"], required=False)
        visits = forms.ChoiceField(
            label=words["visits"], choices=words["visits_choices"], widget=forms.RadioSelect
        )
        agree = forms.BooleanField(label=words["agree"], required=False)

    return SampleForm({f"{prefix}-visits": "new"}, prefix=prefix, auto_id=f"{prefix}-%s")
