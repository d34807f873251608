"""What is printed of a link: chosen, seen as it will be, and taken along as a file."""

import math
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.rate_limits import count_if_counting
from merchants.access import Permission
from merchants.models import Merchant
from studio.drawing.mirroring import mirrored
from studio.drawing.png import PictureTooLarge
from studio.drawing.shapes import Drawing
from studio.models import Link
from studio.posters.formats import FORMATS, Format
from studio.posters.printing import sheet_of
from studio.posters.wording import content_of
from web.access import StaffRequest, page_context, staff_view
from web.dashboard import printed
from web.dashboard.studio.one import found
from web.dashboard.studio.print_form import NAMES, PrintForm
from web.dashboard.studio.sheet_files import Asked, as_file, kinds_of, shown
from web.errors import focus_first_error
from web.templatetags.habitue import number

PAGE, SHEET = "dashboard-link-print", "dashboard-link-sheet"
STAGE = (432, 600)  # pixels, within which a sheet is shown
CARD, LARGEST = 46, 297  # pixels of a format's little picture; millimetres that fill it
CODE = 0.4  # of that picture's shorter side
# Somebody who tries words sees each of them drawn; a script that draws all day is told to wait.
MOST_SHOWN, SHOWN_SECONDS = 600, 3600


@require_GET
@staff_view(Permission.PRINT_POSTER)
def show(request: StaffRequest, link_id: UUID) -> HttpResponse:
    """The page: what there is to choose, and beside it the sheet as it will be printed."""
    link = found(link_id)
    form = PrintForm(request.merchant, link, request.GET.dict())
    if not form.is_valid():
        focus_first_error(form)
    context = page_context(request, "studio") | sheet_context(request.merchant, link, form)
    context["reads"] = _words(request.merchant, link, form)
    return render(request, "dashboard/studio/print.html", context, status=422 if form.errors else 200)


@require_GET
@staff_view(Permission.PRINT_POSTER)
def sheet(request: StaffRequest, link_id: UUID) -> HttpResponse:
    """The sheet itself: to look at, or as a file. Of a link that leads nowhere there is no file."""
    link, kind = found(link_id), request.GET.get("kind", "")
    form = PrintForm(request.merchant, link, request.GET.dict())
    if not form.is_valid():
        return redirect(_at(request.merchant, link, PAGE, request.GET.dict()))
    if kind not in ("", *kinds_of(form.format_chosen)):
        raise Http404
    if not kind:
        count_if_counting("desk-sheet-shown", request.staff.id, most=MOST_SHOWN, seconds=SHOWN_SECONDS)
        return shown(_drawn(request, link, form))
    refusal = _("“%(label)s” is stopped: nothing is printed of it until it leads again.")
    if not link.stopped_at:
        printed.count_print(request)
        try:
            return _file(request, link, form, kind)
        except PictureTooLarge:
            refusal = _("That is more pixels than any printer asks for.")
    messages.error(request, refusal % {"label": link.label})
    return redirect(_at(request.merchant, link, PAGE, _said(form)))


def _drawn(request: StaffRequest, link: Link, form: PrintForm) -> Drawing:
    said = form.cleaned_data
    drawn = sheet_of(request.merchant, link, form.format_chosen, said["language"], form.own_words)
    is_mirrored = said["mirrored"] and form.format_chosen.kind == "window"
    return mirrored(drawn) if is_mirrored else drawn


def _file(request: StaffRequest, link: Link, form: PrintForm, kind: str) -> HttpResponse:
    """Raises PictureTooLarge."""
    chosen, said = form.format_chosen, form.cleaned_data
    name = f"habitue-{request.merchant.slug}-{link.letters}-{chosen.name}"
    asked = Asked(name, chosen, said["language"], int(said["dpi"]), said["width"] or 0)
    return as_file(_drawn(request, link, form), kind, asked)


def sheet_context(merchant: Merchant, link: Link, form: PrintForm) -> dict[str, Any]:
    """What the pages that show a sheet need. `form`: asked whether it is valid."""
    chosen, is_valid = form.format_chosen, form.is_valid()
    said = _said(form) if is_valid else {}
    return {
        "link": link,
        "form": form,
        "formats": [_card(format_, chosen) for format_ in FORMATS.values()],
        "is_for_glass": chosen.kind == "window",
        "shown": _within(chosen, *STAGE),
        "sheet": _at(merchant, link, SHEET, said) if is_valid else "",
        "files": {kind: _at(merchant, link, SHEET, said | {"kind": kind}) for kind in kinds_of(chosen)},
        "other_formats": _at(merchant, link, PAGE, said),
        "measure": say_measure(chosen),
    }


def _words(merchant: Merchant, link: Link, form: PrintForm) -> str:
    """What the sheet says in large letters; ours stand in the empty fields."""
    said = form.cleaned_data
    ours = content_of(merchant, link, said.get("language", merchant.locale[:2]))
    for name, words in (("headline", ours.headline), ("promise", ours.promise)):
        form.fields[name].widget.attrs["placeholder"] = words
    return f"{said.get('headline') or ours.headline} {said.get('promise') or ours.promise}"


def say_measure(format_: Format) -> str:
    """ "148 × 210 mm, 3 mm bleed · read from 40 cm"; of a story "1080 × 1920 pixels"."""
    size = say_size(format_)
    if format_.kind == "story":
        return size
    if format_.bleed:
        size = _("%(size)s, %(bleed)s mm bleed") % {"size": size, "bleed": number(round(format_.bleed))}
    return _("%(size)s · read from %(far)s cm") % {"size": size, "far": number(round(format_.reading))}


def say_size(format_: Format) -> str:
    """ "148 × 210 mm"; of a story "1080 × 1920 pixels"."""
    figures = {"width": f"{format_.width:.0f}", "height": f"{format_.height:.0f}"}
    size = _("%(width)s × %(height)s pixels") if format_.kind == "story" else _("%(width)s × %(height)s mm")
    return size % figures


def _said(form: PrintForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if value}


def _at(merchant: Merchant, link: Link, page: str, said: dict[str, Any]) -> str:
    address = reverse(page, args=[merchant.slug, link.id])
    return f"{address}?{urlencode(said)}" if said else address


def _within(format_: Format, width: float, height: float) -> tuple[str, str]:
    """The format's sides, as large as it fits within these; as markup has figures, in every language."""
    scale = min(width / format_.width, height / format_.height)
    return f"{format_.width * scale:.0f}", f"{format_.height * scale:.0f}"


def _card(format_: Format, chosen: Format) -> dict[str, Any]:
    """A format to choose, with its paper in a square of `CARD`: the larger ones larger, though not by as much as they are."""
    longest = max(format_.width, format_.height)
    side = CARD if format_.kind == "story" else CARD * min(1.0, math.sqrt(longest / LARGEST))
    width, height = (part * side / longest for part in (format_.width, format_.height))
    code = CODE * min(width, height)
    return {
        "name": format_.name,
        "label": NAMES[format_.name],
        "measure": say_size(format_),
        "current": format_ == chosen,
        "boxes": {"paper": _about_middle(width, height), "code": _about_middle(code, code)},
    }


def _about_middle(width: float, height: float) -> dict[str, str]:
    """A box about (0, 0); as markup has figures, in every language."""
    box = {"x": -width / 2, "y": -height / 2, "width": width, "height": height}
    return {name: f"{part:.1f}" for name, part in box.items()}
