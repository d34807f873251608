"""Drawing QR codes, as SVG for pages and as PNG for everything else.

It draws what it is told and never decides what a code says: see `members/cards.py`. The ground is the page's to give:
paper or white, in both themes, never inverted.
"""

import io
from functools import lru_cache
from itertools import groupby
from typing import Literal

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q

Error = Literal["L", "M", "Q", "H"]
# The standard's quiet zone (ISO/IEC 18004, 9.1). A page whose own paper surrounds the code may ask for less.
QUIET_MODULES = 4
EYE = 7  # modules of a corner's mark
EYE_CORNERS = ((0, 2), (1, 1.2), (2, 0.8))  # how far inside, and how round
_LEVELS = {"L": ERROR_CORRECT_L, "M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q, "H": ERROR_CORRECT_H}


def svg(text: str, *, border: int = QUIET_MODULES, error: Error = "M") -> str:
    """The code as one path in the colour of the text around it, scaled by whoever includes it.

    `border` is the quiet zone in modules. Decorative for readers: the page that includes it says what it is.
    """
    rows = matrix(text, error)
    side = len(rows) + 2 * border
    path = "".join(_runs(row, y=number + border, left=border) for number, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" '
        f'aria-hidden="true" focusable="false"><path fill="currentColor" d="{path}"/></svg>'
    )


def soft_svg(text: str, *, name: str) -> str:
    """As `svg`, without a quiet zone and with round eyes: for a member's card. `name` is the id of the drawing.

    `static/js/card/codes.js` draws the same on a phone.
    """
    rows = matrix(text, "M")
    far = len(rows) - EYE
    corners = [(0, 0), (far, 0), (0, far)]
    bare = [list(row) for row in rows]
    for left, top in corners:
        for y in range(top, top + EYE):
            bare[y][left : left + EYE] = [False] * EYE
    path = "".join(_runs(tuple(row), y=number, left=0) for number, row in enumerate(bare))
    eyes = "".join(_eye(x, y) for x, y in corners)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}" aria-hidden="true" '
        f'focusable="false"><g id="{name}" fill="currentColor"><path shape-rendering="crispEdges" d="{path}"/>'
        f'<path fill-rule="evenodd" d="{eyes}"/></g></svg>'
    )


def png(text: str, *, scale: int = 10, border: int = QUIET_MODULES, error: Error = "M") -> bytes:
    """The code in black on white, `scale` pixels a module."""
    rows = matrix(text, error)
    side = len(rows) + 2 * border
    picture = Image.new("1", (side, side), 1)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + border, y + border), 0)
    file = io.BytesIO()
    picture.resize((side * scale, side * scale), Image.Resampling.NEAREST).save(file, "PNG", optimize=True)
    return file.getvalue()


def _eye(x: int, y: int) -> str:
    """A ring around a dot, each with round corners, in the measures that scanners look for: 1, 1, 3, 1, 1."""
    return "".join(_rounded(x + inset, y + inset, EYE - 2 * inset, radius) for inset, radius in EYE_CORNERS)


def _rounded(x: int, y: int, side: int, radius: float) -> str:
    straight = round(side - 2 * radius, 1)
    turns = ((1, 1), (-1, 1), (-1, -1), (1, -1))
    lines = (f"h{straight}", f"v{straight}", f"h-{straight}", f"v-{straight}")
    arcs = (f"a{radius} {radius} 0 0 1 {dx * radius} {dy * radius}" for dx, dy in turns)
    return f"M{x + radius} {y}" + "".join(line + arc for line, arc in zip(lines, arcs, strict=True)) + "z"


def _runs(row: tuple[bool, ...], *, y: int, left: int) -> str:
    """One row of modules: a rectangle for each run of dark ones."""
    parts, x = [], left
    for dark, modules in groupby(row):
        width = len(list(modules))
        if dark:
            parts.append(f"M{x} {y}h{width}v1h-{width}z")
        x += width
    return "".join(parts)


@lru_cache(maxsize=256)
def matrix(text: str, error: Error) -> tuple[tuple[bool, ...], ...]:
    """The modules, row by row, dark ones true, without a quiet zone; the smallest version that holds the text."""
    code = qrcode.QRCode(error_correction=_LEVELS[error], border=0)
    code.add_data(text)
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())
