"""A drawing on a page of a PDF: vector alone, as wide as it is asked to be. What else stands on the page is others' work."""

from fpdf import FPDF
from fpdf.drawing import GradientPaint, PaintedPath
from fpdf.drawing_primitives import Transform
from fpdf.enums import GradientUnits, IntersectionRule, PathPaintRule
from fpdf.pattern import LinearGradient, RadialGradient

from studio.drawing.outlines import Outline
from studio.drawing.shapes import Drawing, Linear, Paint, Shape


def pdf(
    drawing: Drawing, *, width_mm: float, title: str = "", language: str = "", bleed_mm: float = 0.0
) -> bytes:
    """A page of the drawing's own size, with so much of its paper around it: what is cut off is marked for the printer."""
    width, height = width_mm, width_mm * drawing.height / drawing.width
    page = FPDF(unit="mm", format=(width + 2 * bleed_mm, height + 2 * bleed_mm))
    page.set_auto_page_break(auto=False)
    page.set_margin(0)
    page.set_title(title)
    if language:
        page.set_lang(language)
    page.add_page()
    if bleed_mm:
        page.set_fill_color(drawing.paper)
        page.rect(0, 0, page.w, page.h, style="F")
        _mark_cut(page, bleed_mm)
    place(page, drawing, x=bleed_mm, y=bleed_mm, width=width)
    return bytes(page.output())


def _mark_cut(page: FPDF, bleed: float) -> None:
    """Say where the paper is cut (ISO 32000, 14.11.2): all of the page is there to be cut off around that."""
    ends = [(part * page.k) for part in (bleed, bleed, page.w - bleed, page.h - bleed)]
    current = page.pages[page.page]
    # fpdf2 writes whatever a page has, under its name in capitals.
    current.trim_box = f"[{' '.join(f'{end:.2f}' for end in ends)}]"  # type: ignore[attr-defined]
    current.bleed_box = f"[0 0 {page.w * page.k:.2f} {page.h * page.k:.2f}]"  # type: ignore[attr-defined]


def place(page: FPDF, drawing: Drawing, *, x: float, y: float, width: float) -> None:
    """The drawing with its paper on the current page, from an upper left corner; in the page's unit."""
    scale = width / drawing.width
    page.set_fill_color(drawing.paper)
    page.rect(x, y, width, drawing.height * scale, style="F")
    for shape in drawing.shapes:
        if shape.outlines:
            with page.drawing_context() as context:
                context.add_item(_path(shape, x, y, scale), clone=False)


def _path(shape: Shape, x: float, y: float, scale: float) -> PaintedPath:
    path = PaintedPath()
    path.style.auto_close = True
    path.style.stroke_color = None
    path.style.paint_rule = PathPaintRule.FILL_NONZERO
    path.style.intersection_rule = IntersectionRule.NONZERO
    path.style.fill_color = _paint(shape.paint, x, y, scale)
    path.transform = Transform.scaling(scale, scale).translate(x, y)
    for outline in shape.outlines:
        _add(path, outline)
    return path


def _add(path: PaintedPath, outline: Outline) -> None:
    path.move_to(*outline.start)
    for step in outline.steps:
        if len(step) == 6:
            path.curve_to(*step)
        else:
            path.line_to(*step)
    path.close()


def _paint(paint: Paint, x: float, y: float, scale: float) -> "str | GradientPaint":
    if isinstance(paint, str):
        return paint
    colours = [paint.first, paint.last]
    gradient: LinearGradient | RadialGradient
    if isinstance(paint, Linear):
        ends = (
            x + paint.begin[0] * scale,
            y + paint.begin[1] * scale,
            x + paint.end[0] * scale,
            y + paint.end[1] * scale,
        )
        gradient = LinearGradient(*ends, colours, extend_before=True, extend_after=True)
    else:
        cx, cy = x + paint.centre[0] * scale, y + paint.centre[1] * scale
        gradient = RadialGradient(cx, cy, 0, cx, cy, paint.radius * scale, colours, extend_after=True)
    return GradientPaint(gradient, units=GradientUnits.USER_SPACE_ON_USE)
