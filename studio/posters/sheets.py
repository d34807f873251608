"""A sheet that is being drawn: what each layout puts words, rules and circles on, in units of its own grid."""

from dataclasses import dataclass, field
from typing import Literal

from studio.drawing import lettering
from studio.drawing.marks import silhouette
from studio.drawing.outlines import Outline, box, circle, ring
from studio.drawing.setting import Lines
from studio.drawing.shapes import Shape, placed
from studio.posters import silhouettes
from studio.posters.contents import Content

Side = Literal["left", "middle", "right"]
_SHARES = {"left": 0.0, "middle": 0.5, "right": 1.0}
RULE = 2.0  # how thin a line is that still prints


@dataclass
class Sheet:
    """One ink on one paper."""

    ink: str
    paper: str
    shapes: list[Shape] = field(default_factory=list)

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
        step = min(step, width / (many + LAST - 0.5))
        radius, last = step * SMALL, step * LAST
        for number in range(content.circles):
            row, place = divmod(number, many)
            is_last = number == content.circles - 1
            x = right - last - (many - 1 - place) * step - (0 if place == many - 1 else last - step / 2)
            middle = y + (row - (rows - 1) / 2) * step * 1.1
            if is_last:
                icon = silhouette(silhouettes.of(content.trade).icon, ink=self.ink, paper=self.paper)
                self.shapes += placed(icon.shapes, right - 2 * last, middle - last, 2 * last)
            else:
                self.print(ring(circle(x, middle, radius), circle(x, middle, radius - RULE)))
        return step * (many - 1) + last + radius


ROW = 10  # circles
SMALL, LAST = 0.38, 0.62  # radii, in steps from one circle to the next
