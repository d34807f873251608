"""How a shop's codes look before it designs any: in its colour, with the mark of its trade, where that scans; else plain.

What scans was read back (`drawing.preflight`); a text so long that nothing stylish is read is drawn in black squares.
"""

from functools import lru_cache

from merchants.models import Merchant
from studio.drawing import preflight
from studio.drawing.colours import WHITE
from studio.drawing.designs import PLAIN, Design
from studio.drawing.drawings import draw
from studio.drawing.marks import Trade, silhouette
from studio.drawing.presets import from_brand
from studio.drawing.shapes import Drawing, Mark

_MARKS: dict[str, Trade] = {
    Merchant.Trade.CAFE: "cafe",
    Merchant.Trade.BAKERY: "bakery",
    Merchant.Trade.SALON: "hairdresser",
    Merchant.Trade.FLORIST: "florist",
    Merchant.Trade.BOUTIQUE: "shop",
    Merchant.Trade.OTHER: "shop",
}


def mark_of(merchant: Merchant, design: Design) -> Mark:
    """What stands in the middle of the shop's codes, in the inks of a design."""
    return _mark(design, _MARKS[merchant.trade])


def drawing_of(merchant: Merchant, text: str) -> Drawing:
    """A code of `text` for white paper. Proving it takes a tenth of a second, the first time. Raises TextTooLong."""
    design = from_brand(merchant.brand_colour.lower(), WHITE)
    trade = _MARKS[merchant.trade]
    if not _scans(design, trade, text):
        return draw(PLAIN, text)
    return draw(design, text, _mark(design, trade))


@lru_cache(maxsize=4096)
def _scans(design: Design, trade: Trade, text: str) -> bool:
    """The verdict is kept, the drawing is not: it is a megabyte, and made in milliseconds."""
    return preflight.passes(design, text, _mark(design, trade), preflight.LIVE)


def _mark(design: Design, trade: Trade) -> Mark:
    shape = design.logo.shape if design.logo else "round"
    return silhouette(trade, ink=design.ink, paper=design.paper, shape=shape)
