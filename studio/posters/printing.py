"""A link on a format: the drawing that is printed, read back as a whole before anybody has it."""

from merchants.models import Merchant
from studio.drawing import conditions, preflight
from studio.drawing.conditions import Scene
from studio.drawing.designs import PLAIN
from studio.drawing.drawings import draw
from studio.drawing.png import View
from studio.drawing.shapes import Drawing
from studio.links import link_address
from studio.looks import drawing_of
from studio.models import Link
from studio.posters.composing import poster
from studio.posters.content import OURS, OwnWords, content_of
from studio.posters.formats import Format

# The look was read in all that is promised; what is read here is that nothing around the code came too near.
_SCENES = (Scene("clean", "sticker"), Scene("side", "card"))


def sheet_of(merchant: Merchant, link: Link, format_: Format, language: str, own: OwnWords = OURS) -> Drawing:
    """What is printed of a link. Where the code is not read back in the shop's look, it is drawn in plain black squares.

    In the merchant's scope.
    """
    text = link_address(link, merchant)
    content = content_of(merchant, link, language, own)
    drawn = poster(
        content, format_, drawing_of(merchant, text, framed=False), ink=merchant.brand_colour.lower()
    )
    return (
        drawn
        if is_read_back(drawn)
        else poster(content, format_, draw(PLAIN, text), ink=merchant.brand_colour.lower())
    )


def is_read_back(drawn: Drawing) -> bool:
    """Whether the code is read with all that stands around it."""
    view = View(drawn, conditions.FINEST)
    return all(
        preflight.read(conditions.spoilt(view, scene, preflight.HARD)) == drawn.said for scene in _SCENES
    )
