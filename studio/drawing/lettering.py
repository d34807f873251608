"""Words as outlines, so that a drawing looks alike wherever it is opened. Made of the fonts that printed cards embed."""

import math
import unicodedata
from functools import lru_cache
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from studio.drawing.outlines import Outline, Step

FONTS = Path(__file__).with_name("fonts")  # made by bin/print-fonts
POINT = 25.4 / 72  # in millimetres
LEADING = 1.16  # from line to line, of the size
CAPITALS = 0.7  # height of a capital in both families, of the size
# No-break spaces, which not every font has: as wide as a blank, and the thin one of French before ? ! ;
SPACES = {"\u00a0": 0.24, "\u202f": 0.17, "\u2009": 0.17}
NO_ROOM = ("Mn", "Me", "Cf")  # as Unicode sorts characters


class _Pen(BasePen):
    """Gathers a letter's outlines, y downwards, in shares of the font's size."""

    def __init__(self, glyphs: Any, units: int) -> None:
        super().__init__(glyphs)
        self.units = units
        self.drawn: list[Outline] = []
        self.steps: list[Step] = []
        self.start = (0.0, 0.0)

    def _at(self, *points: tuple[float, float]) -> Step:
        return tuple(part for x, y in points for part in (x / self.units, -y / self.units))

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802  fontTools calls it so
        self.steps = []
        x, y = self._at(pt)
        self.start = (x, y)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.steps.append(self._at(pt))

    def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:  # noqa: N802
        self.steps.append(self._at(pt1, pt2, pt3))

    def _closePath(self) -> None:  # noqa: N802
        self.drawn.append(Outline(self.start, tuple(self.steps)))


@lru_cache(maxsize=8)
def _font(name: str) -> tuple[Any, Any, dict[int, str], int]:
    font = TTFont(FONTS / f"{name}.ttf", lazy=False)
    return font.getGlyphSet(), font["hmtx"], font.getBestCmap(), font["head"].unitsPerEm


@lru_cache(maxsize=8)
def _kerning(name: str) -> dict[tuple[str, str], int]:
    """How much nearer two letters stand, by the names of both; empty where a font says nothing."""
    font = TTFont(FONTS / f"{name}.ttf", lazy=False)
    return dict(font["kern"].kernTables[0].kernTable) if "kern" in font else {}


@lru_cache(maxsize=1024)
def letter(name: str, character: str) -> tuple[tuple[Outline, ...], float]:
    """A letter of a font on the line through (0, 0), of size 1, and how wide it is. KeyError where the font has none."""
    glyphs, widths, names, units = _font(name)
    if character in SPACES:
        return (), SPACES[character]
    glyph = names[ord(character)]
    pen = _Pen(glyphs, units)
    glyphs[glyph].draw(pen)
    return tuple(pen.drawn), widths[glyph][0] / units


def can_write(text: str, name: str = "strong") -> bool:
    """Whether the font has every letter of the text, and each takes room: no accent without its letter, nothing that nobody sees."""
    names = _font(name)[2]
    return all(
        character in SPACES or (ord(character) in names and unicodedata.category(character) not in NO_ROOM)
        for character in text
    )


def writable(text: str, name: str = "strong") -> str:
    """The text without what the font lacks: an accent that it does not know falls off its letter, the rest is left out."""
    kept = []
    for character in unicodedata.normalize("NFC", text):
        if not unicodedata.category(character).startswith("C"):  # what nobody sees
            plain = character if can_write(character, name) else unicodedata.normalize("NFKD", character)
            kept.append("".join(part for part in plain if can_write(part, name)))
    return "".join(kept).strip(" ")


def width_of(text: str, size: float, name: str = "strong", tracking: float = 0.0) -> float:
    """How wide a line is. `tracking`: between two letters, in shares of the size."""
    widths = sum(letter(name, character)[1] for character in text)
    kerned = sum(_kern(name, one, other) for one, other in pairwise(text))
    return size * (widths + kerned + tracking * max(len(text) - 1, 0))


def _kern(name: str, one: str, other: str) -> float:
    """What is added between two letters, in shares of the size."""
    if not (pairs := _kerning(name)):
        return 0.0
    _glyphs, _widths, names, units = _font(name)
    return pairs.get((names.get(ord(one), ""), names.get(ord(other), "")), 0) / units


def line(
    text: str, x: float, y: float, size: float, name: str = "strong", *, tracking: float = 0.0
) -> tuple[Outline, ...]:
    """One line from `x`, on the line at `y`. KeyError where the font lacks a letter."""
    at = x
    drawn: list[Outline] = []
    for character, following in zip_longest(text, text[1:]):
        outlines, width = letter(name, character)
        drawn += (outline.moved(at, y, size) for outline in outlines)
        at += size * (width + tracking + (_kern(name, character, following) if following else 0.0))
    return tuple(drawn)


def centred(text: str, x: float, y: float, size: float, name: str = "strong") -> tuple[Outline, ...]:
    """One line about `x`, on the line at `y`."""
    return line(text, x - width_of(text, size, name) / 2, y, size, name)


def around(
    text: str, x: float, y: float, radius: float, size: float, *, foot: bool = False, tracking: float = 0.12
) -> tuple[Outline, ...]:
    """One line along a circle about (x, y), in its middle height on `radius`: over the top, or along the foot."""
    length = width_of(text, size, tracking=tracking)
    way = -1 if foot else 1
    line = radius + way * -1 * size * CAPITALS / 2  # where the letters stand
    at = -length / 2
    drawn: list[Outline] = []
    for character in text:
        outlines, width = letter("strong", character)
        angle = (at + size * width / 2) / radius  # radians from the top, or from the foot
        turn = way * angle
        px = x + line * math.sin(angle)
        py = y - way * line * math.cos(angle)
        for outline in outlines:
            middle = outline.moved(-width / 2, 0)
            drawn.append(middle.moved(px, py, size, math.degrees(turn)))
        at += size * (width + tracking)
    return tuple(drawn)
