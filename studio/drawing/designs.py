"""What a design is: everything that can be turned about a code but what it says. Plain frozen data.

Lengths are in modules, the squares of the code; shares are whole percents of the code's width without its quiet zone.
What can be wrong with a design is in `checking`; how one is kept, in `keeping`.
"""

from dataclasses import dataclass
from typing import Literal

Style = Literal["solid", "outline", "linear", "radial"]
Modules = Literal["square", "rounded", "dots", "bars"]
Eyes = Literal["square", "rounded", "round"]
LogoShape = Literal["round", "square"]
FrameKind = Literal["none", "line", "band", "seal"]
Error = Literal["L", "M", "Q", "H"]

INK, PAPER = "#261d16", "#ffffff"
LEAST_SHARE, MOST_SHARE = 8, 40  # of a logo: a speck below, and above none is ever read
MOST_CLEAR, MOST_QUIET = 3.0, 12
MOST_WORDS = 32  # letters of a call to action: one line that is read while walking past


@dataclass(frozen=True)
class Logo:
    """Room for a mark in the middle. What is drawn in it is given apart.

    `share`: percent of the code's width. `clear`: modules of paper around it. `shape`: of the room, and of the mark.
    """

    share: int = 20
    clear: float = 0.5
    shape: LogoShape = "round"


@dataclass(frozen=True)
class Frame:
    """What stands around the code. `below` is a second line: under the first, or along the foot of a seal."""

    kind: FrameKind = "none"
    words: str = ""
    below: str = ""


@dataclass(frozen=True)
class Design:
    """How a code looks.

    `second` is another ink: where a gradient ends, or what an outline encloses; empty for solid. `angle`: degrees in which
    a linear gradient runs, 0 to the right, 90 downwards.
    """

    ink: str = INK
    paper: str = PAPER
    style: Style = "solid"
    second: str = ""
    angle: int = 45
    modules: Modules = "square"
    eyes: Eyes = "square"
    logo: Logo | None = None
    frame: Frame = Frame()
    quiet: int = 4
    error: Error = "M"

    @property
    def inks(self) -> tuple[str, ...]:
        """Every colour that dark modules are drawn with."""
        return (self.ink,) if self.style == "solid" or not self.second else (self.ink, self.second)


PLAIN = Design(ink="#000000")  # what any scanner reads, and what is printed where nothing else passes
