"""A strip from the till's printer: black alone, no wider than its rolls are, and nothing fine.

In units of which the roll is 640 wide; of a narrow one, no more than PRINTED are reached by the printer.
"""

from studio.drawing.colours import BLACK, WHITE, reflectance
from studio.drawing.marks import silhouette
from studio.drawing.outlines import bounds, box
from studio.drawing.setting import fitted
from studio.drawing.shapes import Drawing, Paint, Shape, placed
from studio.posters import silhouettes
from studio.posters.contents import Content
from studio.posters.sheets import Sheet

PRINTED = 530.0
WIDTH, HEIGHT = 640.0, 1280.0
_MIDDLE = WIDTH / 2
_CODE = 352.0  # units: as wide as the code's squares are
_SMALL = 28.0
_HALF = 0.4  # of the light: every ink that may be printed with is darker, on paper that is lighter


def strip(content: Content, code: Drawing, ink: str) -> Sheet:
    """Whose shop, the headline, the code, what one gets. The ink is black, whatever is asked for."""
    sheet = Sheet(BLACK, WHITE)
    icon = silhouette(silhouettes.of(content.trade).icon, ink=BLACK, paper=WHITE)
    sheet.shapes += placed(icon.shapes, _MIDDLE - 44, 36, 88)
    y = _lines(sheet, content.shop, 134, 40, "display", most=3, height=96)
    y = _lines(sheet, content.headline, y + 24, 112, "shout", least=2, most=3, height=230)
    y = _lines(sheet, content.call, y + 30, 34, "strong", most=2, height=74)
    y = _code(sheet, code, y + 46)
    y = _lines(sheet, content.promise, y + 46, 42, "display", most=3, height=126)
    sheet.print(tuple(box(WIDTH / 2 - PRINTED / 2 + at * 24, y + 26, 14, 3) for at in range(22)))
    y = _lines(sheet, content.no_app, y + 48, _SMALL, "strong", most=2, height=64)
    _lines(sheet, content.no_phone, y + 12, _SMALL, "strong", most=3, height=96)
    return sheet


def _lines(
    sheet: Sheet, text: str, top: float, size: float, font: str, *, least: int = 1, most: int, height: float
) -> float:
    """About the middle, from `top` downwards; gives where they end."""
    leading = 0.95 if font == "shout" else 1.15
    lines = fitted(
        text, width=PRINTED, size=size, font=font, least=least, most=most, height=height, leading=leading
    )
    if not lines.lines:
        return top
    sheet.words(lines, _MIDDLE, top + lines.size * 0.8, font, side="middle", leading=leading)
    return top + lines.size * (0.8 + leading * (len(lines.lines) - 1) + 0.15)


def _code(sheet: Sheet, code: Drawing, top: float) -> float:
    west, north, east, south = bounds(outline for shape in code.shapes for outline in shape.outlines)
    scale = _CODE / (east - west)
    x, y = _MIDDLE - (west + east) / 2 * scale, top - north * scale
    sheet.shapes += placed(in_black(code), x, y, scale)
    left, upper, side = code.code
    sheet.code = (x + left * scale, y + upper * scale, side * scale)
    return top + (south - north) * scale


def in_black(drawing: Drawing) -> tuple[Shape, ...]:
    """Its shapes as a printer of one ink has them: what is nearer to black is black."""
    return tuple(Shape(shape.outlines, BLACK if _is_dark(shape.paint) else WHITE) for shape in drawing.shapes)


def _is_dark(paint: Paint) -> bool:
    return reflectance(paint if isinstance(paint, str) else paint.first) < _HALF
