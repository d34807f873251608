"""How a shop's codes look: as its default design has them, else in its colour with its logo or the mark of its trade.

Whatever is printed is drawn here. A look is taken only if all that is promised was read in it, and a code only if its very
text was read back in that look; a text so long that nothing stylish is read is drawn in black squares.
"""

import io
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from uuid import UUID

from PIL import Image

from merchants import logos
from merchants.models import Merchant
from studio.drawing import preflight
from studio.drawing.colours import WHITE, is_colour
from studio.drawing.designs import PLAIN, Design, Frame, LogoShape
from studio.drawing.drawings import draw
from studio.drawing.keeping import digest
from studio.drawing.marks import Trade, silhouette
from studio.drawing.presets import from_brand
from studio.drawing.shapes import Drawing, Mark
from studio.drawing.tracing import traced
from studio.links import LETTERS, address_of
from studio.models import DesignVersion

_MARKS: dict[str, Trade] = {
    Merchant.Trade.CAFE: "cafe",
    Merchant.Trade.BAKERY: "bakery",
    Merchant.Trade.SALON: "hairdresser",
    Merchant.Trade.FLORIST: "florist",
    Merchant.Trade.BOUTIQUE: "shop",
    Merchant.Trade.OTHER: "shop",
}
_OTHER_LETTERS = ("3k7x9p", "hm5t2f")  # as unlike each other as any two links


class _LogoGone(Exception):
    """Another one took its place since the merchant was read."""


@dataclass(frozen=True)
class Look:
    """A design and what stands in its middle. `marked` names the mark, so that looks are compared without it."""

    design: Design
    mark: Mark | None = field(default=None, compare=False, repr=False)
    marked: str = ""

    def proof_digest(self, text: str) -> str:
        """Names the proof of a code of `text` that looks so."""
        return digest(self.design, text, self.marked)


def look_of(merchant: Merchant) -> Look:
    """The one that the shop's codes have now: one query, and a tenth of a second the first time. In the merchant's scope."""
    text = longest_link(merchant)
    kept = DesignVersion.objects.filter(is_default=True, design__removed_at=None).first()
    if kept is not None:
        look = look_with(merchant, kept.look)
        is_read = kept.score is not None and look.proof_digest(text) == kept.digest
        if is_read or _is_proven(look, text):  # a new logo may be another matter, and its proof may wait
            return look
    brand = from_brand(merchant.brand_colour.lower(), WHITE)
    if merchant.logo_digest:
        look = look_with(merchant, brand)
        if _is_proven(look, text):
            return look
    return _with_silhouette(merchant, brand)


def look_with(merchant: Merchant, design: Design) -> Look:
    """A design with the shop's own mark: its logo, else what stands for its trade. In the merchant's scope."""
    if design.logo is None:
        return Look(design)
    if merchant.logo_digest and is_colour(design.paper):  # somebody may still be typing it
        with suppress(_LogoGone):
            mark = _traced_logo(merchant.id, merchant.logo_digest, design.paper, design.logo.shape)
            return Look(design, mark, f"logo {merchant.logo_digest}")
    return _with_silhouette(merchant, design)


def drawing_of(merchant: Merchant, text: str, *, framed: bool = True) -> Drawing:
    """A code of `text` as the shop's codes look, without its frame if not `framed`. In the merchant's scope. Raises TextTooLong."""
    return drawing_in(look_of(merchant), text, framed=framed)


def drawing_in(look: Look, text: str, *, framed: bool = True) -> Drawing:
    """The same in a look that is at hand, for many codes. Proving one takes some 30 milliseconds, the first time."""
    if not framed:
        look = replace(look, design=replace(look.design, frame=Frame()))
    if not _scans(look, text):
        return draw(PLAIN, text)
    return draw(look.design, text, look.mark)


def longest_link(merchant: Merchant) -> str:
    """What designs are proven with: a link of the shop's own. All of them are as long, so as many squares; one of another kind of
    code that says more is read back by itself before it is printed."""
    return address_of(merchant, "w" * LETTERS)


def other_links(merchant: Merchant) -> tuple[str, ...]:
    """And these as well: a design near the edge is read with some letters and not with others, and the shop prints any."""
    return tuple(address_of(merchant, letters) for letters in _OTHER_LETTERS)


@lru_cache(maxsize=4096)
def _scans(look: Look, text: str) -> bool:
    """The verdict is kept, the drawing is not: it is a megabyte, and made in milliseconds."""
    return preflight.passes(look.design, text, look.mark, preflight.LIVE)


@lru_cache(maxsize=4096)
def _is_proven(look: Look, text: str) -> bool:
    return preflight.passes(look.design, text, look.mark, preflight.FULL)


def _with_silhouette(merchant: Merchant, design: Design) -> Look:
    trade, shape = _MARKS[merchant.trade], design.logo.shape if design.logo else "round"
    mark = silhouette(trade, ink=design.ink, paper=design.paper, shape=shape)
    return Look(design, mark, f"trade {trade}")


@lru_cache(maxsize=256)
def _traced_logo(_merchant_id: UUID, logo_digest: str, paper: str, shape: LogoShape) -> Mark:
    """Tracing takes a tenth of a second. Raises _LogoGone, which is not kept."""
    kept = logos.read_logo(logos.picture_name(logo_digest, logos.LARGE))
    if kept is None:
        raise _LogoGone
    with Image.open(io.BytesIO(kept[0])) as picture:
        return traced(picture, paper=paper, shape=shape)
