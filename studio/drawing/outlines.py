"""Closed outlines: what every shape of a drawing is made of. Lengths are in modules, y grows downwards.

An outline is a start and what follows it: a line is (x, y), a cubic curve (x1, y1, x2, y2, x, y); the end meets the start.
Solid parts run clockwise, holes the other way round, so that the non-zero rule fills them alike in SVG, PDF and pixels.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Step = tuple[float, ...]
Grid = Sequence[Sequence[bool]]
_KAPPA = 0.5522847498  # how far a cubic's handles lie so that it draws a quarter of a circle
_TURNS = {(1, 0): (0, 1), (0, 1): (-1, 0), (-1, 0): (0, -1), (0, -1): (1, 0)}  # to the right, y downwards


@dataclass(frozen=True)
class Outline:
    """One closed line."""

    start: Point
    steps: tuple[Step, ...]

    def moved(self, dx: float, dy: float, scale: float = 1.0, turn: float = 0.0) -> "Outline":
        """Scaled and turned (degrees, clockwise) about the origin, then moved."""
        cos, sin = scale * math.cos(math.radians(turn)), scale * math.sin(math.radians(turn))

        def place(step: Step) -> Step:
            return tuple(
                part
                for x, y in zip(step[::2], step[1::2], strict=True)
                for part in (dx + cos * x - sin * y, dy + sin * x + cos * y)
            )

        x, y = place(self.start)
        return Outline((x, y), tuple(place(step) for step in self.steps))

    def reversed(self) -> "Outline":
        """The same line the other way round: what was solid is a hole."""
        points = [self.start, *((step[-2], step[-1]) for step in self.steps)]
        steps: list[Step] = []
        for number in range(len(self.steps) - 1, -1, -1):
            x1, y1, x2, y2 = step[:4] if len(step := self.steps[number]) == 6 else (0.0,) * 4
            end = points[number]
            steps.append((x2, y2, x1, y1, *end) if len(step) == 6 else end)
        return Outline(points[-1], tuple(steps))


def moved(outlines: Iterable[Outline], dx: float, dy: float, scale: float = 1.0) -> tuple[Outline, ...]:
    """All of them scaled about the origin, then moved."""
    return tuple(outline.moved(dx, dy, scale) for outline in outlines)


def bounds(outlines: Iterable[Outline]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a box that holds them all. ValueError where there are none."""
    parts = [part for outline in outlines for step in (outline.start, *outline.steps) for part in step]
    x, y = parts[::2], parts[1::2]
    return min(x), min(y), max(x), max(y)


def circle(x: float, y: float, radius: float) -> Outline:
    """A circle about a point."""
    return box(x - radius, y - radius, 2 * radius, 2 * radius, radius)


def box(x: float, y: float, width: float, height: float, radius: float = 0.0) -> Outline:
    """A rectangle from its upper left corner, with round corners."""
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    return rounded(corners, radius, 0.0)


def ring(outer: Outline, inner: Outline) -> tuple[Outline, Outline]:
    """What lies between two outlines."""
    return outer, inner.reversed()


def follow(grid: Grid) -> list[list[Point]]:
    """The borders of the true cells: corners of each, clockwise around solid parts. Cells that touch at a corner only stay
    apart.
    """
    edges = _edges(grid)
    found = []
    for start in sorted(edges):  # the first of a border is a corner of it
        corner = start
        heading = next(iter(edges.get(start, ())), None)
        corners: list[Point] = []
        while heading is not None and corner in edges:
            right = _TURNS[heading]
            ways = (
                right,
                heading,
                (-right[0], -right[1]),
            )  # keeping to the right parts what touches at a corner
            way = next(way for way in ways if way in edges[corner]) if corners else heading
            if way != heading or not corners:
                corners.append(corner)
            edges[corner].discard(way)
            if not edges[corner]:
                del edges[corner]
            corner, heading = (corner[0] + way[0], corner[1] + way[1]), way
        if corners:
            found.append(corners)
    return found


def _edges(grid: Grid) -> dict[tuple[int, int], set[tuple[int, int]]]:
    """From each corner of a cell, the ways along borders, with the solid cell on the right."""
    edges: dict[tuple[int, int], set[tuple[int, int]]] = {}
    height, width = len(grid), len(grid[0])
    for y, row in enumerate(grid):
        for x, is_solid in enumerate(row):
            if not is_solid:
                continue
            if y == 0 or not grid[y - 1][x]:
                edges.setdefault((x, y), set()).add((1, 0))
            if x == width - 1 or not row[x + 1]:
                edges.setdefault((x + 1, y), set()).add((0, 1))
            if y == height - 1 or not grid[y + 1][x]:
                edges.setdefault((x + 1, y + 1), set()).add((-1, 0))
            if x == 0 or not row[x - 1]:
                edges.setdefault((x, y + 1), set()).add((0, -1))
    return edges


def rounded(corners: Sequence[Point], convex: float, concave: float, inset: float = 0.0) -> Outline:
    """The polygon of right angles with its corners made round, drawn `inset` inside its border.

    `convex` and `concave` are the two radii on the border itself; an inset one fits into it, as a rim asks for.
    """
    steps: list[Step] = []
    start: Point | None = None
    for number, corner in enumerate(corners):
        before, after = corners[number - 1], corners[(number + 1) % len(corners)]
        into, out = _unit(before, corner), _unit(corner, after)
        turns_right = _TURNS[into] == out  # a solid part's convex corner
        # Inside lies to the right of both sides.
        x = corner[0] + inset * (_TURNS[into][0] + _TURNS[out][0])
        y = corner[1] + inset * (_TURNS[into][1] + _TURNS[out][1])
        radius = max(convex - inset, 0.0) if turns_right else (concave + inset if concave else 0.0)
        begin = (x - into[0] * radius, y - into[1] * radius)
        if start is None:
            start = begin
        else:
            steps.append(begin)
        if radius:
            far = radius * (1 - _KAPPA)
            end = (x + out[0] * radius, y + out[1] * radius)
            steps.append(
                (x - into[0] * far, y - into[1] * far, x + out[0] * far, y + out[1] * far, *end),
            )
    return Outline(start or (0.0, 0.0), tuple(steps))


def _unit(one: Point, other: Point) -> tuple[int, int]:
    dx, dy = other[0] - one[0], other[1] - one[1]
    return (dx > 0) - (dx < 0), (dy > 0) - (dy < 0)
