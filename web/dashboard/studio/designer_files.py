"""The code of the knobs as a file, through one door: what is not read in all that is promised is not given out."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from merchants.access import Permission
from studio.drawing import pdf, png, preflight, svg
from studio.drawing.png import PictureTooLarge
from studio.drawing.shapes import Drawing
from web.access import StaffRequest, staff_view
from web.dashboard import printed
from web.dashboard.studio.designer import PAGE, show_designer, turned_of
from web.dashboard.studio.designer_form import EXACT, DesignForm
from web.parts import form_of

KINDS = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}


@form_of(PAGE)
@staff_view(Permission.PRINT_POSTER)
def take(request: StaffRequest) -> HttpResponse:
    """PNG, SVG or PDF, as wide as it is to be printed. Raises TooManyTries."""
    printed.count_print(request)
    now, kind = turned_of(request, preflight.FULL), request.POST.get("format", "")
    if now.drawing is None or not now.result.passed or not now.form.is_valid() or kind not in KINDS:
        return show_designer(request, now, is_refused=True, status=422)
    try:
        content = _written(now.drawing, now.form, kind)
    except PictureTooLarge:
        now.form.add_error("dpi", _("That is more than 6000 pixels. Choose fewer, or take the SVG."))
        return show_designer(request, now, status=422)
    return printed.download(content, KINDS[kind], f"habitue-{request.merchant.slug}-code.{kind}")


def _written(drawing: Drawing, form: DesignForm, kind: str) -> bytes:
    """Its frame makes the drawing wider than its code, which has the width that was asked for. Raises PictureTooLarge."""
    said = form.cleaned_data
    width_mm = said["width_mm"] * drawing.width / drawing.code[2]
    if kind == "svg":
        return svg.svg(drawing, width_mm=width_mm).encode()
    if kind == "pdf":
        return pdf.pdf(drawing, width_mm=width_mm, title=_("QR code"))
    if said["dpi"] == EXACT:
        return png.png(drawing, width=said["pixels"])
    dpi = int(said["dpi"])
    return png.png(drawing, width=png.width_in_pixels(width_mm, dpi), dpi=dpi)
