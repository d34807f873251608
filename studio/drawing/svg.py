"""A drawing as SVG: paths and gradients alone. No picture, no font, no script, no style, no link."""

from collections.abc import Iterable

from studio.drawing.outlines import Outline
from studio.drawing.shapes import Drawing, Linear, Paint, Radial

FINE = 1000  # steps in a module: less than any printer's dot


def svg(
    drawing: Drawing,
    *,
    width_mm: float = 0.0,
    on_paper: bool = True,
    gradient: str = "ink",
    steps: int = FINE,
) -> str:
    """The whole paper. `width_mm` is how wide it prints; 0 leaves that to whoever places it.

    A page whose own paper it lies on does without the drawing's, and says itself what it is. `gradient`: what its gradients
    are called, of which no two on a page may be alike. `steps`: into how many a module is parted; fewer make a smaller file.
    """
    size = ""
    if width_mm:
        size = f' width="{_n(width_mm)}mm" height="{_n(width_mm * drawing.height / drawing.width)}mm"'
    gradients: list[str] = []
    paths = []
    for shape in drawing.shapes:
        if shape.outlines:
            lines = "".join(_path(outline, steps) for outline in shape.outlines)
            paths.append(f'<path fill="{_fill(shape.paint, gradients, gradient)}" d="{lines}"/>')
    defined = f"<defs>{''.join(gradients)}</defs>" if gradients else ""
    paper = f'<rect width="100%" height="100%" fill="{drawing.paper}"/>' if on_paper else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}"{size}>'
        f"{defined}{paper}{''.join(paths)}</svg>"
    )


def _fill(paint: Paint, gradients: list[str], named: str) -> str:
    if isinstance(paint, str):
        return paint
    name = f"{named}{len(gradients)}"
    stops = f'<stop stop-color="{paint.first}"/><stop offset="1" stop-color="{paint.last}"/>'
    if isinstance(paint, Linear):
        (x1, y1), (x2, y2) = paint.begin, paint.end
        at = f'x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"'
        gradients.append(
            f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" {at}>{stops}</linearGradient>'
        )
    if isinstance(paint, Radial):
        at = f'cx="{_n(paint.centre[0])}" cy="{_n(paint.centre[1])}" r="{_n(paint.radius)}"'
        gradients.append(
            f'<radialGradient id="{name}" gradientUnits="userSpaceOnUse" {at}>{stops}</radialGradient>'
        )
    return f"url(#{name})"


def _path(outline: Outline, fine: int) -> str:
    """Relative steps, so fine that so many are a module, from where the pen really is: rounding never adds up."""
    x, y = _in_steps(outline.start, fine)
    parts = [f"M{_n(x / fine)} {_n(y / fine)}"]
    for step in outline.steps:
        points = [_in_steps((step[at], step[at + 1]), fine) for at in range(0, len(step), 2)]
        moves = [(px - x, py - y) for px, py in points]
        dx, dy = moves[-1]
        if len(step) == 6:
            parts.append("c" + _joined((part for move in moves for part in move), fine))
        elif dx and dy:
            parts.append("l" + _joined((dx, dy), fine))
        elif dx or dy:
            parts.append(f"h{_n(dx / fine)}" if dx else f"v{_n(dy / fine)}")
        x, y = points[-1]
    return "".join(parts) + "z"


def _in_steps(point: tuple[float, float], fine: int) -> tuple[int, int]:
    return round(point[0] * fine), round(point[1] * fine)


def _joined(parts: Iterable[int], fine: int) -> str:
    """Numbers one after the other; a minus parts two of them as well as a blank."""
    return " ".join(_n(part / fine) for part in parts).replace(" -", "-")


def _n(value: float) -> str:
    return (
        f"{value:.3f}".rstrip("0").rstrip(".").replace("-0.", "-.").removeprefix("0") or "0" if value else "0"
    )
