"""What is printed on: papers, stickers, a receipt, and a phone's screen."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["upright", "panel", "tent", "stickers", "window", "strip", "story"]


@dataclass(frozen=True)
class Format:
    """Width and height in millimetres, of a story in pixels. `bleed`: how far the paper's colour goes on beyond where it is cut.

    `reading`: centimetres from which a phone reads its code, which is at least a tenth of that wide; 0 for a screen, whose own
    size nobody knows.
    """

    name: str
    kind: Kind
    width: float
    height: float
    reading: float
    bleed: float = 0.0


BLEED = 3.0  # what printers ask for
FORMATS = {
    format_.name: format_
    for format_ in (
        Format("a4", "upright", 210, 297, 60, BLEED),
        Format("a5", "upright", 148, 210, 40, BLEED),
        Format("a6", "upright", 105, 148, 28, BLEED),
        Format("till_card", "panel", 148, 105, 28, BLEED),
        Format("table_tent", "tent", 210, 297, 40),
        Format("stickers", "stickers", 210, 297, 20),
        Format("window", "window", 200, 200, 60, BLEED),
        Format("strip_80", "strip", 80, 160, 40),
        Format("strip_58", "strip", 58, 116, 25),
        Format("story", "story", 1080, 1920, 0),
    )
}
