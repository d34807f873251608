"""What a turn of the knobs makes: a design, its drawing, and whether it was read on six hard days. Nothing is kept."""

import json
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import BadRequest
from django.http import Http404, QueryDict

from merchants import queries
from merchants.models import Merchant
from studio.drawing import preflight
from studio.drawing.designs import Design
from studio.drawing.drawings import draw
from studio.drawing.fixing import Fix, fixes
from studio.drawing.keeping import DesignUnreadable, from_json
from studio.drawing.preflight import Result, is_drawable
from studio.drawing.presets import from_brand
from studio.drawing.shapes import Drawing, Mark
from studio.looks import mark_of
from web.dashboard.poster import poster_address
from web.dashboard.studio.designer_choices import begun_with, swatches_of, words_of
from web.dashboard.studio.designer_form import PRINT, WIDTH_MM, DesignForm, Values, values_of
from web.dashboard.studio.designer_stage import CODE


@dataclass(frozen=True)
class Turned:
    """The knobs as they stand. `text`: what the code says. `view`: what it is shown on."""

    merchant: Merchant
    form: DesignForm
    text: str
    view: str

    @cached_property
    def design(self) -> Design | None:
        """None where a knob says nothing that can be read; why stands at that knob."""
        return self.form.design if set(self.form.errors) <= set(PRINT) else None

    @property
    def width_mm(self) -> int:
        """How wide the code prints."""
        return int(self.form.cleaned_data.get("width_mm", WIDTH_MM))

    @cached_property
    def mark(self) -> Mark | None:
        """What stands in the middle; None without a logo."""
        design = self.design
        return mark_of(self.merchant, design) if design and design.logo else None

    @cached_property
    def result(self) -> Result:
        """Read on six hard days. Without a design, nothing was tried."""
        return preflight.live(self.design, self.text, self.mark) if self.design else Result((), ())

    @cached_property
    def drawing(self) -> Drawing | None:
        """None for what cannot be drawn."""
        if self.design is None or not is_drawable(self.result.problems):
            return None
        return draw(self.design, self.text, self.mark)

    @cached_property
    def fixes(self) -> list[Fix]:
        """Changes that were tried, and pass."""
        return fixes(self.result, self.design, self.text, self.mark) if self.design else []

    @property
    def is_proven(self) -> bool:
        """Whether it passes everything that is promised: half a second. What does not is never printed."""
        design = self.design
        return (
            self.form.is_valid()
            and design is not None
            and preflight.passes(design, self.text, self.mark, preflight.FULL)
        )


def turned(merchant: Merchant, values: Values, view: str = CODE) -> Turned:
    """The knobs with these values. Raises Http404 where there is no location that a code could lead to."""
    location = queries.locations().first()
    if location is None:
        raise Http404
    form = DesignForm(values, auto_id="knob_%s")
    form.is_valid()
    return Turned(merchant, form, poster_address(merchant, location), view)


def begun(merchant: Merchant) -> Values:
    """The knobs before anybody turned one: the shop's own look."""
    return _values(merchant, from_brand(merchant.brand_colour.lower())) | PRINT


def posted(merchant: Merchant, asked: QueryDict) -> Values:
    """The knobs as they were sent; with a preset or a fix pressed, as that has them. Raises BadRequest for a fix of nobody's."""
    sent = begun(merchant) | {
        name: str(value) for name, value in asked.items() if name in DesignForm.base_fields
    }
    chosen = _taken(merchant, asked)
    if chosen is None:
        return sent
    return sent | _values(merchant, chosen, sent["frame_words"])


def is_replaced(asked: QueryDict) -> bool:
    """Whether what was pressed turns knobs by itself, so that they have to be shown anew."""
    return "preset" in asked or "take" in asked


def _taken(merchant: Merchant, asked: QueryDict) -> Design | None:
    if "take" not in asked:
        return begun_with(merchant, asked.get("preset", ""))
    try:
        return from_json(json.loads(asked.get("take", "")))
    except (ValueError, TypeError, DesignUnreadable):
        raise BadRequest from None


def _values(merchant: Merchant, design: Design, words: str = "") -> Values:
    return values_of(design, swatches_of(merchant), words or words_of(merchant))
