"""A content and a code become a drawing on a format: in millimetres, a story in pixels. Pure: nothing is looked up."""

from collections.abc import Callable
from dataclasses import dataclass

from studio.drawing.checking import GOOD_RATIO
from studio.drawing.colours import darkened_until
from studio.drawing.shapes import Drawing, placed
from studio.posters import panels, stickers, strips, uprights
from studio.posters.contents import Content
from studio.posters.formats import Format, Kind
from studio.posters.sheets import Sheet


@dataclass(frozen=True)
class Layout:
    """`width` and `height` of its grid; `filled`: the share of the format that the grid may take."""

    draw: Callable[[Content, Drawing, str], Sheet]
    width: float
    height: float
    filled: float = 1.0


LAYOUTS: dict[Kind, Layout] = {
    "upright": Layout(uprights.upright, uprights.WIDTH, uprights.HEIGHT),
    "panel": Layout(panels.panel, panels.WIDTH, panels.HEIGHT),
    "tent": Layout(panels.tent, panels.WIDTH, 2 * panels.HEIGHT),
    "stickers": Layout(stickers.stickers, stickers.WIDTH, stickers.HEIGHT),
    "window": Layout(stickers.window, stickers.WINDOW, stickers.WINDOW),
    "strip": Layout(strips.strip, strips.WIDTH, strips.HEIGHT),
    # What apps lay over a story, a seventh of it above and a fifth below, covers nothing.
    "story": Layout(uprights.upright, uprights.WIDTH, uprights.HEIGHT, 0.725),
}


def poster(content: Content, format_: Format, code: Drawing, *, ink: str) -> Drawing:
    """The sheet as it is cut, on the code's paper, its `code` where it lies on the sheet. A strip is black on white.

    `code`: drawn without a frame. `ink`: the shop's colour; one that is too pale for the paper is darkened.
    """
    layout = LAYOUTS[format_.kind]
    sheet = layout.draw(content, code, darkened_until(ink, code.paper, GOOD_RATIO))
    scale = min(format_.width / layout.width, format_.height * layout.filled / layout.height)
    x = (format_.width - layout.width * scale) / 2
    y = (format_.height - layout.height * scale) / 2
    left, top, side = sheet.code
    at = (x + left * scale, y + top * scale, side * scale)
    shapes = placed(tuple(sheet.shapes), x, y, scale)
    return Drawing(format_.width, format_.height, sheet.paper, shapes, at, code.said)
