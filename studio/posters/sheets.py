"""A sheet that is being drawn: what each layout puts words, rules and circles on, in units of its own grid."""

from dataclasses import dataclass, field
from typing import Literal

from studio.drawing import lettering
from studio.drawing.marks import silhouette
from studio.drawing.outlines import Outline, box, circle, ring
from studio.drawing.setting import Lines
from studio.drawing.shapes import Drawing, Shape, placed
from studio.posters import seals, silhouettes
from studio.posters.contents import Content

Side = Literal["left", "middle", "right"]
_SHARES = {"left": 0.0, "middle": 0.5, "right": 1.0}
RULE = 2.0  # how thin a line is that still prints
ROW = 10  # circles
SMALL, LAST = 0.38, 0.62  # radii, in steps from one circle to the next


Place = tuple[float, float, float]  # left, top and side of a code with its quiet zone


@dataclass
class Sheet:
    """One ink on one paper. `code`: where the code lies, once there is one."""

    ink: str
    paper: str
    shapes: list[Shape] = field(default_factory=list)
    code: Place = (0.0, 0.0, 0.0)

    def seal(self, content: Content, code: Drawing, x: float, y: float, scale: float) -> None:
        """The code in its silhouette, about a point."""
        placed_seal = seals.seal(content, code, self.ink).placed(x, y, scale)
        self.shapes += placed_seal.shapes
        self.code = placed_seal.code

    def print(self, outlines: tuple[Outline, ...]) -> None:
        """In ink."""
        self.shapes.append(Shape(outlines, self.ink))

    def words(
        self,
        lines: Lines,
        x: float,
        y: float,
        font: str = "text",
        *,
        side: Side = "left",
        leading: float = 1.2,
        tracking: float = 0.0,
    ) -> None:
        """From the first line, which stands at `y`, downwards; `x` is their left end, middle or right end."""
        for number, line in enumerate(lines.lines):
            width = lettering.width_of(line, lines.size, font, tracking=tracking)
            at = x - width * _SHARES[side]
            self.print(
                lettering.line(
                    line, at, y + number * leading * lines.size, lines.size, font, tracking=tracking
                )
            )

    def rule(self, x: float, y: float, width: float) -> None:
        """A level line, in the middle of its thickness at `y`."""
        self.print((box(x, y - RULE / 2, width, RULE),))

    def initial(self, content: Content, x: float, y: float, radius: float) -> None:
        """The shop's first letter in a ring about a point."""
        self.print(ring(circle(x, y, radius), circle(x, y, radius - RULE)))
        letter = lettering.writable(content.initial, "display")
        size = radius
        self.print(lettering.centred(letter, x, y + size * lettering.CAPITALS / 2, size, "display"))

    def circles(self, content: Content, right: float, y: float, width: float, step: float) -> float:
        """A ring for each purchase, the last one inked, up to `right`; two rows when more than ten. Gives their width."""
        if not content.circles:
            return 0.0
        rows = 1 if content.circles <= ROW else 2
        many = -(-content.circles // rows)
        step = min(step, step * ROW / (ROW + 2) if rows > 1 else step, width / (many - 1 + 2 * LAST))
        small, last = step * SMALL, step * LAST
        taken = step * (many - 1) + 2 * last
        bottom = y + (rows - 1) * step * 0.3
        missing = many * rows - content.circles  # at the beginning of the upper row
        for number in range(missing, missing + content.circles - 1):
            row, place = divmod(number, many)
            x = right - taken + small + place * step
            middle = bottom - (rows - 1 - row) * step * 1.1
            self.print(ring(circle(x, middle, small), circle(x, middle, small - RULE)))
        icon = silhouette(silhouettes.of(content.trade).icon, ink=self.ink, paper=self.paper)
        self.shapes += placed(icon.shapes, right - 2 * last, bottom - last, 2 * last)
        return taken


def first_of(lines: Lines, middle: float, leading: float) -> float:
    """Where the first line stands so that all of them are about a middle."""
    return middle + lines.size * (0.35 - leading * (len(lines.lines) - 1) / 2)
