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
_LEVELS = {"L": ERROR_CORRECT_L, "M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q, "H": ERROR_CORRECT_H}


def svg(text: str, *, border: int = QUIET_MODULES, error: Error = "M", name: str = "") -> str:
    """The code as one path in the colour of the text around it, scaled by whoever includes it.

    `border` is the quiet zone in modules, `name` an id for the path, so that the page may show it once more. Decorative
    for readers: the page that includes it says what it is.
    """
    rows = matrix(text, error)
    side = len(rows) + 2 * border
    marked = f' id="{name}"' if name else ""
    path = "".join(_runs(row, y=number + border, left=border) for number, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" '
        f'aria-hidden="true" focusable="false"><path{marked} fill="currentColor" d="{path}"/></svg>'
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
