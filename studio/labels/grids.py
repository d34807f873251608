"""Papers that are sold cut into labels. Every office shop has these three; a grid is named by how many labels it has."""

from collections.abc import Iterator
from dataclasses import dataclass

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0  # millimetres: ISO 216 A4


@dataclass(frozen=True)
class Grid:
    """An A4 of equal labels, in the middle of the paper. Lengths are in millimetres; `gap` lies between two columns."""

    columns: int
    rows: int
    width: float
    height: float
    gap: float = 0.0

    @property
    def count(self) -> int:
        """Labels on a page."""
        return self.columns * self.rows

    @property
    def name(self) -> str:
        """Of the grid, in forms and rows."""
        return str(self.count)

    def corners(self) -> Iterator[tuple[float, float]]:
        """The upper left corner of each label, row after row."""
        across = self.width + self.gap
        left = (PAGE_WIDTH - self.columns * across + self.gap) / 2
        top = (PAGE_HEIGHT - self.rows * self.height) / 2
        for row in range(self.rows):
            for column in range(self.columns):
                yield left + column * across, top + row * self.height


# None is lower than 21 mm, so that a code is 2 cm wide: the smallest at which designs are proven (`drawing.conditions`).
GRIDS = {
    grid.name: grid
    for grid in (Grid(3, 8, 63.5, 33.9, 2.5), Grid(4, 10, 48.5, 25.4), Grid(5, 13, 38.1, 21.2, 2.5))
}
