"""What lies or stands across: the seal on the left, words on the right. A tent is two of them, back to back over its fold.

In units of which it is 1311 wide and 924 high, as the poster on its side.
"""

from studio.drawing.outlines import box
from studio.drawing.setting import fitted
from studio.drawing.shapes import Drawing, placed
from studio.posters.contents import Content
from studio.posters.sheets import Sheet, first_of

WIDTH, HEIGHT = 1311.0, 924.0
LEFT, RIGHT = 60.0, 1251.0
_MIDDLE, _SEAL = (418.0, 416.0), 1.04  # where the seal lies, and how large
_WORDS = 836.0  # where words begin
_ROOM = RIGHT - _WORDS
_SHOUT, _LEADING, _TRACKING = 128.0, 0.95, -0.008
_MARK = (30.0, 14.0)  # units: how far from the edge a fold is marked, and in how long strokes


def panel(content: Content, code: Drawing, ink: str) -> Sheet:
    """A card that stands at the till."""
    sheet = Sheet(ink, code.paper)
    sheet.seal(content, code, *_MIDDLE, _SEAL)
    _shop(sheet, content)
    shout = fitted(
        content.headline,
        width=_ROOM,
        size=_SHOUT,
        font="shout",
        least=2,
        most=4,
        tracking=_TRACKING,
        height=330,
        leading=_LEADING,
    )
    sheet.words(
        shout, _WORDS - 3, first_of(shout, 345, _LEADING), "shout", leading=_LEADING, tracking=_TRACKING
    )
    promise = fitted(content.promise, width=_ROOM, size=46, font="display", most=4, height=170, leading=1.08)
    sheet.words(
        promise, _WORDS, first_of(promise, 602 if content.circles else 640, 1.08), "display", leading=1.08
    )
    sheet.circles(content, _WORDS + _ROOM, 738, _ROOM, 42)
    _foot(sheet, content)
    return sheet


def tent(content: Content, code: Drawing, ink: str) -> Sheet:
    """Both sides on one sheet: the upper one is upside down until the sheet is folded. The lower one's code is its code."""
    side = panel(content, code, ink)
    whole = Sheet(ink, code.paper)
    whole.shapes += placed(tuple(side.shapes), WIDTH, HEIGHT, -1.0)
    whole.shapes += placed(tuple(side.shapes), 0, HEIGHT, 1.0)
    left, top, width = side.code
    whole.code = (left, top + HEIGHT, width)
    inset, stroke = _MARK
    marks = [box(inset + number * 1.7 * stroke, HEIGHT - 0.75, stroke, 1.5) for number in range(3)]
    whole.print(
        (*marks, *(box(WIDTH - mark.start[0] - stroke, HEIGHT - 0.75, stroke, 1.5) for mark in marks))
    )
    return whole


def _shop(sheet: Sheet, content: Content) -> None:
    sheet.initial(content, _WORDS + 27, 92, 27)
    room = _ROOM - 73
    name = fitted(content.shop, width=room, size=38, font="display", most=3, height=74, leading=1.05)
    sheet.words(name, _WORDS + 73, first_of(name, 92, 1.05), "display", leading=1.05)


def _foot(sheet: Sheet, content: Content) -> None:
    """Who has no telephone reads this, at one end; what nobody needs is at the other."""
    sheet.rule(LEFT, 808, RIGHT - LEFT)
    left, right = (fitted(text, width=RIGHT - LEFT, size=24) for text in (content.no_app, content.no_phone))
    total = left.width + right.width + 40
    if total * 0.85 <= RIGHT - LEFT:
        size = min(24.0, 24 * (RIGHT - LEFT) / total)
        sheet.words(fitted(content.no_app, width=RIGHT, size=size), LEFT, 852)
        sheet.words(fitted(content.no_phone, width=RIGHT, size=size), RIGHT, 852, side="right")
    else:
        sheet.words(fitted(content.no_app, width=RIGHT - LEFT, size=22), LEFT, 840)
        sheet.words(fitted(content.no_phone, width=RIGHT - LEFT, size=22), LEFT, 872)
