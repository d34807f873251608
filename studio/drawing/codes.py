"""The squares of a code: which are dark, which are its eyes, and what may be left out for a mark in the middle."""

from dataclasses import dataclass
from functools import lru_cache

from qrcode.exceptions import DataOverflowError
from qrcode.util import pattern_position

from core import qr
from studio.drawing.designs import Design, Error

EYE = 7  # modules of a corner's mark
GUARDED = EYE + 2  # with its white border, and the line that says which mask and level the code has
TIMING = 6  # the row and the column that alternate
LONGEST = 300  # letters: a code for more is too fine for any counter


class TextTooLong(ValueError):
    """More than a code for a counter holds."""


@dataclass(frozen=True)
class Code:
    """`rows`: modules, dark ones true. `side`: how many in a row."""

    rows: tuple[tuple[bool, ...], ...]

    @property
    def side(self) -> int:
        """Modules in a row, without a quiet zone."""
        return len(self.rows)

    @property
    def eyes(self) -> tuple[tuple[int, int], ...]:
        """The upper left corners of the three marks."""
        far = self.side - EYE
        return (0, 0), (far, 0), (0, far)

    @property
    def small_eyes(self) -> tuple[tuple[int, int], ...]:
        """The middles of the small marks, by which a reader finds its way where the paper is bent or seen from the side."""
        places = pattern_position((self.side - 17) // 4)
        near, far = EYE, self.side - EYE - 1
        corners = ((near, near), (far, near), (near, far))
        return tuple(
            (x, y)
            for y in places
            for x in places
            if not any(
                (x < near if cx == near else x > far) and (y < near if cy == near else y > far)
                for cx, cy in corners
            )
        )


@lru_cache(maxsize=256)
def code_of(text: str, error: Error) -> Code:
    """The smallest code that holds the text. Raises TextTooLong."""
    if not text or len(text) > LONGEST:
        raise TextTooLong
    try:
        return Code(qr.matrix(text, error))
    except DataOverflowError:
        raise TextTooLong from None


def room(design: Design, side: int) -> tuple[float, float]:
    """Half the width of the mark, and of the mark with its clear zone; both 0 without a logo."""
    if design.logo is None:
        return 0.0, 0.0
    half = side * design.logo.share / 200
    return half, half + design.logo.clear


def cleared(design: Design, side: int) -> frozenset[tuple[int, int]]:
    """The modules (x, y) that give way to the mark, whole: a cut one is read as either."""
    _mark, half = room(design, side)
    if design.logo is None:
        return frozenset()
    middle = side / 2
    is_round = design.logo.shape == "round"
    gone = set()
    for y in range(side):
        for x in range(side):
            # The point of the module that lies nearest to the middle.
            dx = max(x - middle, middle - x - 1, 0.0)
            dy = max(y - middle, middle - y - 1, 0.0)
            if (dx * dx + dy * dy < half * half) if is_round else max(dx, dy) < half:
                gone.add((x, y))
    return frozenset(gone)


def covers_an_eye(design: Design, side: int) -> bool:
    """Whether the mark takes something of a corner, or of the lines that say how to read the rest."""
    far = side - GUARDED
    return any(
        (x < GUARDED and y < GUARDED)
        or (x >= far and y < GUARDED)
        or (x < GUARDED and y >= far)
        or TIMING in (x, y)
        for x, y in cleared(design, side)
    )
