"""The poster: whose shop, a headline to be read from the door, the seal, what one gets, and what to do without a telephone.

In units of which it is 924 wide and 1311 high, the join poster's grid.
"""

from studio.drawing.setting import fitted
from studio.drawing.shapes import Drawing
from studio.posters.contents import Content
from studio.posters.sheets import Sheet, first_of

WIDTH, HEIGHT = 924.0, 1311.0
LEFT, RIGHT = 68.0, 856.0
ALL = RIGHT - LEFT
GAP = 28.0  # between what stands on one line
_SHOUT, _SHOUT_LINE, _SHOUT_HEIGHT = 157.0, 0.95, 299.0
_SHOUT_TRACKING = -0.008
_MIDDLE, _SEAL = (462.0, 779.0), 1.06  # where the seal lies, and how large


def upright(content: Content, code: Drawing, ink: str) -> Sheet:
    """All of it, on the code's paper."""
    sheet = Sheet(ink, code.paper)
    _header(sheet, content)
    _headline(sheet, content)
    sheet.seal(content, code, *_MIDDLE, _SEAL)
    _promise(sheet, content)
    _foot(sheet, content)
    return sheet


def _header(sheet: Sheet, content: Content) -> None:
    sheet.initial(content, LEFT + 27, 87, 27)
    at = LEFT + 73
    address = fitted(content.address, width=ALL * 0.5, size=21, most=2)
    room = RIGHT - at - (address.width + GAP if address.lines else 0)
    name = fitted(content.shop, width=room, size=40, font="display", most=2, height=66, leading=1.05)
    sheet.words(name, at, first_of(name, 87, 1.05), "display", leading=1.05)
    sheet.words(address, RIGHT, first_of(address, 87, 1.25), side="right", leading=1.25)


def _headline(sheet: Sheet, content: Content) -> None:
    lines = fitted(
        content.headline,
        width=ALL + 4,
        size=_SHOUT,
        font="shout",
        least=2,
        most=4,
        tracking=_SHOUT_TRACKING,
        height=_SHOUT_HEIGHT,
        leading=_SHOUT_LINE,
    )
    below = (len(lines.lines) - 1) * lines.size * _SHOUT_LINE
    first = 414 - below - (_SHOUT_HEIGHT - below - lines.size * 0.95) / 2
    sheet.words(lines, LEFT - 4, first, "shout", leading=_SHOUT_LINE, tracking=_SHOUT_TRACKING)


def _promise(sheet: Sheet, content: Content) -> None:
    taken = sheet.circles(content, RIGHT, 1191, 412, 40.25)
    room = ALL - (taken + GAP if taken else 0)
    lines = fitted(content.promise, width=room, size=42, font="display", most=3, height=92, leading=1.05)
    middle = 1191 if len(lines.lines) == 1 else 1173  # one line stands beside the circles
    sheet.words(lines, LEFT, first_of(lines, middle, 1.05), "display", leading=1.05)


def _foot(sheet: Sheet, content: Content) -> None:
    """One line on the left and one on the right; under each other where they are too long for that."""
    sheet.rule(LEFT, 1239, ALL)
    left, right = (fitted(text, width=ALL, size=20) for text in (content.no_app, content.no_phone))
    total = left.width + right.width + (GAP if left.lines and right.lines else 0)
    if total * 0.85 <= ALL:
        size = min(20.0, 20 * ALL / total) if total else 20.0
        left, right = (fitted(text, width=ALL, size=size) for text in (content.no_app, content.no_phone))
        sheet.words(left, LEFT, 1272)
        sheet.words(right, RIGHT, 1272, side="right")
    else:
        sheet.words(fitted(content.no_app, width=ALL, size=16.5), LEFT, 1257)
        sheet.words(fitted(content.no_phone, width=ALL, size=16.5), LEFT, 1278)
