"""Designs to begin with: one from the shop's own colour, and six by season or trade.

Every one of them passes `checking` without a warning and reads back under all conditions; a test holds them to it.
"""

from studio.drawing.checking import GOOD_RATIO
from studio.drawing.colours import darkened_until
from studio.drawing.designs import Design, Frame, Logo

PAPER = "#fbf7ef"  # of the join poster


def from_brand(colour: str, paper: str = PAPER) -> Design:
    """The join poster's look in a shop's colour (#rrggbb), darkened where it is too pale for a scanner."""
    return Design(
        ink=darkened_until(colour, paper, GOOD_RATIO),
        paper=paper,
        modules="rounded",
        eyes="rounded",
        logo=Logo(share=20),
        error="Q",
    )


PRESETS: dict[str, Design] = {
    "spring": Design(
        ink="#1d5638", paper="#f8faf0", style="radial", second="#2b5c1d", modules="dots", eyes="round", error="Q"
    ),
    "summer": Design(
        ink="#0c3f66", paper="#f4fafb", style="linear", second="#0c5357", angle=90, modules="bars", eyes="rounded", error="Q"
    ),
    "autumn": Design(
        ink="#5c1f14", paper="#fcf5ea", style="linear", second="#7d340a", modules="rounded", eyes="rounded", error="Q"
    ),
    "winter": Design(
        ink="#14233f", paper="#f5f7fb", style="outline", second="#1f3358", modules="rounded", eyes="round", error="M"
    ),
    "bakery": Design(
        ink="#4a2c12", paper="#fcf6ea", modules="rounded", eyes="round", logo=Logo(share=20), frame=Frame("band"), error="Q"
    ),
    "florist": Design(
        ink="#6d1f45", paper="#fdf6f6", style="radial", second="#40194f", modules="dots", eyes="rounded", error="Q"
    ),
}  # fmt: skip
