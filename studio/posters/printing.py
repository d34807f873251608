"""A link on a format: the drawing that is printed, read back as a whole before anybody has it."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from merchants.models import Merchant
from studio.drawing import conditions, preflight
from studio.drawing.conditions import Scene
from studio.drawing.designs import PLAIN
from studio.drawing.drawings import draw
from studio.drawing.png import View
from studio.drawing.shapes import Drawing
from studio.links import link_address
from studio.looks import drawing_in, look_of
from studio.models import Link
from studio.posters.composing import poster
from studio.posters.formats import Format
from studio.posters.wording import OURS, OwnWords, content_of

# The look was read in all that is promised; what is read here is that nothing around the code came too near.
_SCENES = (Scene("clean", "sticker"), Scene("side", "card"))


class SheetUnread(DomainError):
    """With these words around it not even the plain code is read: nobody hangs that up."""

    code = "sheet_unread"
    message = _("The code on this sheet was not read back. Choose another format or shorter words.")


def sheet_of(merchant: Merchant, link: Link, format_: Format, language: str, own: OwnWords = OURS) -> Drawing:
    """What is printed of a link, in the inks and on the paper that the shop's codes have. Where the code is not read back in that
    look, it is drawn in plain black squares. In the merchant's scope. Raises SheetUnread.
    """
    text, look = link_address(link, merchant), look_of(merchant)
    content = content_of(merchant, link, language, own)
    codes = (drawing_in(look, text, framed=False), draw(PLAIN, text))
    return first_read(poster(content, format_, code, ink=look.design.ink) for code in codes)


def first_read(sheets: Iterable[Drawing]) -> Drawing:
    """The first whose code is read with all that stands around it. Raises SheetUnread."""
    found = next(filter(is_read_back, sheets), None)
    if found is None:
        raise SheetUnread
    return found


def is_read_back(drawn: Drawing) -> bool:
    """Whether the code is read with all that stands around it."""
    view = View(drawn, conditions.FINEST)
    seen = (conditions.spoilt(view, scene, preflight.HARD) for scene in _SCENES)
    return all(preflight.read(picture) == drawn.said for picture in seen)
