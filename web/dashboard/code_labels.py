"""Codes as labels to print: which ones, on which paper, how far they are, and the file. Who takes one away is audited."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.rate_limits import count_if_counting
from loyalty.codes import batches
from loyalty.models import CodeBatch
from merchants.access import Permission
from studio.labels import making
from studio.labels.grids import GRIDS, Grid
from studio.models import LabelFile
from web.access import StaffRequest, page_context, staff_view
from web.dashboard import printed
from web.dashboard.codes import PAGE as LIST
from web.dashboard.codes import found_batch
from web.dashboard.forms import read_number
from web.parts import form_of, render_part
from web.templatetags.habitue import number

PAGE = "dashboard-code-labels"

# Each takes a worker half a minute. Ten thousand codes on three papers are thirty.
MOST_FILES, FILES_SECONDS = 40, 3600


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.EDIT_PROGRAMME)
def labels(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """What is made and what is under way; a POST asks for more. It goes on when the page is closed."""
    batch = _found(batch_id)
    if request.method == "POST":
        count_if_counting("labels", request.merchant.id, most=MOST_FILES, seconds=FILES_SECONDS)
        try:
            _ask(request, batch)
        except DomainError as refusal:
            messages.error(request, refusal.detail)
        return redirect(PAGE, request.merchant.slug, batch.id)
    files = list(making.files_of(batch))
    context = page_context(request, "programme") | {
        "batch": batch,
        "files": [_row(batch, file) for file in files],
        "is_busy": any(file.finished_at is None for file in files),
        "grids": [(grid.name, _grid_words(grid)) for grid in GRIDS.values()],
        "parts": [(part, _part_words(batch, part)) for part in range(1, making.parts_of(batch) + 1)],
    }
    return render_part(request, "dashboard/code_labels.html", "state", context)


@form_of(LIST)
@staff_view(Permission.EDIT_PROGRAMME)
def file(request: StaffRequest, batch_id: UUID, labels_id: UUID) -> HttpResponse:
    """The PDF. 404 where it is not made, or not there any more."""
    batch = _found(batch_id)
    try:
        made, content = making.content_of(batch, labels_id)
    except making.LabelsUnknown:
        raise Http404 from None
    batches.note_download(batch, request.staff.id)
    name = f"{request.merchant.slug}-codes-{batch.number}-{made.part}-{made.grid}.pdf"
    return printed.download(content, "application/pdf", name)


@form_of(LIST)
@staff_view(Permission.EDIT_PROGRAMME)
def removal(request: StaffRequest, batch_id: UUID, labels_id: UUID) -> HttpResponse:
    """Delete a file before its hour is over, or stop its making."""
    batch = _found(batch_id)
    try:
        making.drop_labels(batch=batch, labels_id=labels_id)
    except making.LabelsUnknown:
        raise Http404 from None
    return redirect(PAGE, request.merchant.slug, batch.id)


def _ask(request: StaffRequest, batch: CodeBatch) -> None:
    making.ask_for_labels(
        batch=batch,
        part=read_number(request.POST.get("part", "1")) or 0,
        grid=request.POST.get("grid", ""),
        merchant=request.merchant,
        actor_id=request.staff.id,
    )


def _found(batch_id: UUID) -> CodeBatch:
    """A batch whose codes are printed: a word is said. Raises Http404."""
    batch = found_batch(batch_id)
    if batch.word:
        raise Http404
    return batch


def _row(batch: CodeBatch, file: LabelFile) -> dict[str, Any]:
    until = timezone.localtime(file.finished_at + making.KEPT) if file.finished_at else None
    return {
        "file": file,
        "what": _part_words(batch, file.part),
        "paper": _grid_words(GRIDS[file.grid]),
        "kept": gettext("Here until %(time)s, then deleted.") % {"time": f"{until:%H:%M}"} if until else "",
    }


def _part_words(batch: CodeBatch, part: int) -> str:
    """ "Codes 1 to 1,000"."""
    first, last = (part - 1) * making.PART + 1, min(part * making.PART, batch.size)
    return gettext("Codes %(first)s to %(last)s") % {"first": number(first), "last": number(last)}


def _grid_words(grid: Grid) -> str:
    """ "24 a sheet, 63.5 × 33.9 mm"."""
    known = {"count": grid.count, "width": _millimetres(grid.width), "height": _millimetres(grid.height)}
    return gettext("%(count)s a sheet, %(width)s × %(height)s mm") % known


def _millimetres(length: float) -> str:
    """ "33.9"."""
    return number(Decimal(str(length)))
