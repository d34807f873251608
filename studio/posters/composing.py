"""A content and a code become a drawing on a format: in millimetres, a story in pixels. Pure: nothing is looked up."""

from studio.drawing.checking import GOOD_RATIO
from studio.drawing.colours import darkened_until
from studio.drawing.shapes import Drawing, placed
from studio.posters import uprights
from studio.posters.contents import Content
from studio.posters.formats import Format


def poster(content: Content, format_: Format, code: Drawing, *, ink: str) -> Drawing:
    """The sheet as it is cut, on the code's paper, its `code` where it lies on the sheet.

    `code`: drawn without a frame. `ink`: the shop's colour; one that is too pale for the paper is darkened.
    """
    sheet, seal = uprights.upright(content, code, darkened_until(ink, code.paper, GOOD_RATIO))
    scale = min(format_.width / uprights.WIDTH, format_.height / uprights.HEIGHT)
    x = (format_.width - uprights.WIDTH * scale) / 2
    y = (format_.height - uprights.HEIGHT * scale) / 2
    left, top, side = seal.code
    at = (x + left * scale, y + top * scale, side * scale)
    shapes = placed(tuple(sheet.shapes), x, y, scale)
    return Drawing(format_.width, format_.height, code.paper, shapes, at, code.said)
