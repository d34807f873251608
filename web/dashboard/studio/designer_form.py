"""All knobs of a design as one form, and back. It reads what was turned; whether that is any good says `studio.drawing.checking`."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from studio.drawing.designs import LEAST_SHARE, MOST_CLEAR, MOST_QUIET, MOST_SHARE, Design, Frame, Logo

FREE = "free"  # the swatch that takes any colour
NO_LOGO = LEAST_SHARE - 2  # where the logo's slider ends
LEAST_MM, MOST_MM = 15, 300
WIDTH_MM, DPI = 43, "300"  # of the join poster's code
LEAST_PIXELS, MOST_PIXELS = 100, 6000
EXACT = "exact"

Values = dict[str, str]


class DesignForm(forms.Form):
    """A knob each; parts of the logo and the frame by their names in the design, with an underscore for the dot."""

    ink = forms.CharField(label=_("Ink"), max_length=20)
    ink_free = forms.CharField(label=_("Another ink"), max_length=20)
    paper = forms.CharField(label=_("Paper"), max_length=20)
    paper_free = forms.CharField(label=_("Another paper"), max_length=20)
    style = forms.CharField(label=_("Style"), max_length=20)
    second = forms.CharField(label=_("Second ink"), max_length=20)
    second_free = forms.CharField(label=_("Another second ink"), max_length=20)
    angle = forms.IntegerField(label=_("Direction"))
    modules = forms.CharField(label=_("Dots"), max_length=20)
    eyes = forms.CharField(label=_("Corners"), max_length=20)
    logo_share = forms.IntegerField(label=_("Size"))
    logo_clear = forms.FloatField(label=_("Clear zone"))
    logo_shape = forms.CharField(label=_("Shape"), max_length=20)
    frame_kind = forms.CharField(label=_("Frame"), max_length=20)
    frame_words = forms.CharField(label=_("Call to action"), max_length=200, required=False)
    frame_below = forms.CharField(label=_("Second line"), max_length=200, required=False)
    quiet = forms.IntegerField(label=_("Quiet zone"))
    error = forms.CharField(label=_("Repair"), max_length=20)
    width_mm = forms.IntegerField(label=_("Width in print"), min_value=LEAST_MM, max_value=MOST_MM)
    dpi = forms.ChoiceField(label=_("PNG"), choices=[(dpi, dpi) for dpi in ("150", "300", "600", EXACT)])
    pixels = forms.IntegerField(label=_("Pixels"), min_value=LEAST_PIXELS, max_value=MOST_PIXELS)

    @property
    def design(self) -> Design:
        """What the knobs say, once they could be read."""
        data = self.cleaned_data
        logo = Logo(data["logo_share"], data["logo_clear"], data["logo_shape"])
        frame = Frame(data["frame_kind"], data["frame_words"], data["frame_below"])
        return Design(
            ink=self._colour("ink"),
            paper=self._colour("paper"),
            style=data["style"],
            second="" if data["style"] == "solid" else self._colour("second"),
            angle=data["angle"],
            modules=data["modules"],
            eyes=data["eyes"],
            logo=logo if logo.share > NO_LOGO else None,
            frame=frame if frame.kind != "none" else Frame(),
            quiet=data["quiet"],
            error=data["error"],
        )

    def _colour(self, knob: str) -> str:
        chosen = self.cleaned_data[knob]
        return str(self.cleaned_data[f"{knob}_free"] if chosen == FREE else chosen).strip().lower()


# Of the sliders: the least, the most, the step.
SPANS: Mapping[str, tuple[float, float, float]] = {
    "angle": (0, 345, 15),
    "logo_share": (NO_LOGO, MOST_SHARE, 2),
    "logo_clear": (0, MOST_CLEAR, 0.5),
    "quiet": (0, MOST_QUIET, 1),
    "width_mm": (LEAST_MM, MOST_MM, 1),
}


def values_of(design: Design, swatches: Mapping[str, Collection[str]], words: str) -> Values:
    """A design as somebody would have turned it. `swatches`: the colours that each knob offers; `words`: where there are none."""
    logo = design.logo or Logo(share=NO_LOGO)
    second = design.second or design.ink
    values: dict[str, Any] = {
        "style": design.style,
        "angle": design.angle,
        "modules": design.modules,
        "eyes": design.eyes,
        "logo_share": logo.share,
        "logo_clear": logo.clear,
        "logo_shape": logo.shape,
        "frame_kind": design.frame.kind,
        "frame_words": design.frame.words or words,
        "frame_below": design.frame.below,
        "quiet": design.quiet,
        "error": design.error,
    }
    for knob, colour in (("ink", design.ink), ("paper", design.paper), ("second", second)):
        values |= {knob: colour if colour in swatches[knob] else FREE, f"{knob}_free": colour}
    return {name: str(value) for name, value in values.items()}


PRINT: Values = {"width_mm": str(WIDTH_MM), "dpi": DPI, "pixels": "1080"}  # what is no part of a design
