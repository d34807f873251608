"""All templates, as they stand on the shelf: what suits a trade first."""

from loyalty.gallery.acts import ACTS
from loyalty.gallery.counters import COUNTERS
from loyalty.gallery.ladders import LADDERS
from loyalty.gallery.shops import SHOPS
from loyalty.gallery.templates import Template

TEMPLATES: tuple[Template, ...] = (*COUNTERS, *SHOPS, *LADDERS, *ACTS)


def template(code: str) -> Template | None:
    """The template of that code, if there is one."""
    return next((one for one in TEMPLATES if one.code == code), None)


def templates_for(trade: str) -> list[Template]:
    """Every template, those for this trade (a value of `Merchant.Trade`) first."""
    return sorted(TEMPLATES, key=lambda one: trade not in one.trades)
