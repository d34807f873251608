"""Codes as staff see them on a page and take them away: drawn by the studio in the shop's look, proven to scan.

What the desk prints or downloads is counted by person: each is drawn anew, which takes its time.
"""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe

from core.rate_limits import count_if_counting
from merchants.models import Merchant
from studio.drawing import png, svg
from studio.drawing.colours import WHITE
from studio.looks import drawing_of
from web.access import StaffRequest

# A morning of printing for people who want paper. More is a whole clientele's cards taken along.
MOST_PRINTED, PRINTED_SECONDS = 60, 3600
WIDTH_MM, DPI = 100.0, 300  # sharp as wide as a hand; the SVG is for more


def on_page(merchant: Merchant, text: str) -> SafeString:
    """The code for a page that lays white paper under it and says what it is; on its own where that is another."""
    drawing = drawing_of(merchant, text)
    return mark_safe(svg.svg(drawing, on_paper=drawing.paper != WHITE))  # noqa: S308  drawn by us


def count_print(request: StaffRequest) -> None:
    """Before it is drawn. Raises TooManyTries."""
    count_if_counting("desk-print", request.staff.id, most=MOST_PRINTED, seconds=PRINTED_SECONDS)


def as_png(request: StaffRequest, text: str, name: str) -> HttpResponse:
    """To download, as pixels. `name`: of the file, without its ending. Raises TooManyTries."""
    count_print(request)
    width = png.width_in_pixels(WIDTH_MM, DPI)
    return download(
        png.png(drawing_of(request.merchant, text), width=width, dpi=DPI), "image/png", f"{name}.png"
    )


def as_svg(request: StaffRequest, text: str, name: str) -> HttpResponse:
    """To download, as a drawing that stays sharp at any size, on its own ground. Raises TooManyTries."""
    count_print(request)
    drawn = svg.svg(drawing_of(request.merchant, text), width_mm=WIDTH_MM)
    return download(drawn.encode(), "image/svg+xml", f"{name}.svg")


def download(content: bytes, kind: str, name: str) -> HttpResponse:
    """To be kept as a file of that name, of that type."""
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
