"""What a turn of the knobs makes: a design, its drawing, and whether it was read on six hard days. Nothing is kept."""

from dataclasses import dataclass
from functools import cached_property

import orjson
from django.core.exceptions import BadRequest
from django.http import QueryDict

from merchants import queries
from merchants.models import Merchant
from studio.drawing import preflight
from studio.drawing.conditions import Scene
from studio.drawing.designs import Design
from studio.drawing.drawings import draw
from studio.drawing.fixing import Fix, fixes
from studio.drawing.keeping import DesignUnreadable, from_json
from studio.drawing.preflight import Result, is_drawable
from studio.drawing.presets import from_brand
from studio.drawing.shapes import Drawing, Mark
from studio.looks import longest_link, look_with, other_links
from web.dashboard.poster import poster_address
from web.dashboard.studio.designer_choices import begun_with, swatches_of, words_of
from web.dashboard.studio.designer_form import PRINT, WIDTH_MM, DesignForm, Values, values_of
from web.dashboard.studio.designer_stage import CODE


@dataclass(frozen=True)
class Turned:
    """The knobs as they stand. `address`: what the code says that is drawn; `text`: what the one says that is tried, and `also` more that are.

    `view`: what it is shown on. `scenes`: what it is tried in.
    """

    merchant: Merchant
    form: DesignForm
    address: str
    text: str
    also: tuple[str, ...]
    view: str
    scenes: tuple[Scene, ...] = preflight.LIVE

    @cached_property
    def design(self) -> Design | None:
        """None where a knob says nothing that can be read; why stands at that knob."""
        return self.form.design if set(self.form.errors) <= set(PRINT) else None

    @property
    def width_mm(self) -> int:
        """How wide the code prints."""
        return int(self.form.cleaned_data.get("width_mm", WIDTH_MM))

    @property
    def is_full(self) -> bool:
        """Whether it is tried in all that is promised."""
        return self.scenes == preflight.FULL

    @cached_property
    def mark(self) -> Mark | None:
        """What stands in the middle; None without a logo."""
        return look_with(self.merchant, self.design).mark if self.design else None

    @cached_property
    def result(self) -> Result:
        """Read in all scenes. Without a design, nothing was tried."""
        if self.design is None:
            return Result((), ())
        return preflight.run(self.design, self.text, self.mark, self.scenes, also=self.also)

    @cached_property
    def drawing(self) -> Drawing | None:
        """None for what cannot be drawn."""
        if self.design is None or not is_drawable(self.result.problems):
            return None
        return draw(self.design, self.address, self.mark)

    @cached_property
    def fixes(self) -> list[Fix]:
        """Changes that were tried, and pass."""
        if self.design is None:
            return []
        return fixes(self.result, self.design, self.text, self.mark, also=self.also)


def turned(
    merchant: Merchant, values: Values, view: str = CODE, scenes: tuple[Scene, ...] = preflight.LIVE
) -> Turned:
    """The knobs with these values, in the merchant's scope. The code leads where the poster of the first location does.

    Turns are tried with what saved designs are proven with; the code itself is tried before it is given out, so in all scenes.
    """
    form = DesignForm(values, auto_id="knob_%s")
    form.is_valid()
    location, proven = queries.locations().first(), longest_link(merchant)
    address = poster_address(merchant, location) if location else proven
    text, also = (address, ()) if scenes == preflight.FULL else (proven, other_links(merchant))
    return Turned(merchant, form, address, text, also, view, scenes)


def begun(merchant: Merchant) -> Values:
    """The knobs before anybody turned one: the shop's own look."""
    return values_with(merchant, from_brand(merchant.brand_colour.lower()))


def values_with(merchant: Merchant, design: Design) -> Values:
    """The knobs as a design has them."""
    return _values(merchant, design) | PRINT


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
        return from_json(orjson.loads(asked.get("take", "")))
    except (ValueError, TypeError, DesignUnreadable):
        raise BadRequest from None


def _values(merchant: Merchant, design: Design, words: str = "") -> Values:
    return values_of(design, swatches_of(merchant), words or words_of(merchant))
