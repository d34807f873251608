"""The programme as a file: taken along, and brought back as a draft. What is wrong with it is told, each with its line."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from core import tenancy
from core.errors import DomainError
from core.rate_limits import count_if_counting
from loyalty.programme import changelog
from loyalty.programme.adopting import adopt_version
from loyalty.programme.drafting import draft_of
from loyalty.programme.files.exporting import export_programme
from loyalty.programme.files.importing import LARGEST_FILE, ProgrammeUnreadable, read_programme
from merchants.access import Permission
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.programme import PAGE
from web.errors import show_at_field
from web.places import names_by_id
from web.uploads import takes_file

# Somebody who mends a file by hand tries often; each try may cost a second.
MOST_FILES, FILES_SECONDS = 60, 3600


class ProgrammeFileForm(forms.Form):
    """A file as the export wrote it, or one written by hand."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A file as you took it along, changed or not (.yaml). Nothing is published by it."),
        error_messages={"required": _("Choose a file first."), "empty": _("This file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,text/yaml"}),
    )


@require_GET
@staff_view(Permission.EDIT_PROGRAMME)
def export(request: StaffRequest, number: int) -> HttpResponse:
    """One version as a file; 0 is the draft."""
    draft = draft_of() if number == 0 else None
    version = draft.version if draft else changelog.kept_version(number)
    if version is None:
        raise Http404
    response = HttpResponse(
        export_programme(version, names_by_id()), content_type="application/yaml; charset=utf-8"
    )
    name = f"{request.merchant.slug}-{number or 'draft'}.yaml"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@csrf_exempt  # checked by `takes_file`, once it is clear whose request this is
@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.EDIT_PROGRAMME, scoped=False)
@takes_file(LARGEST_FILE)
def bring(request: StaffRequest) -> HttpResponse:
    """Bring a file back: it becomes the draft. Outside the scope: no transaction waits for an upload, or for
    the reading of it.
    """
    form = ProgrammeFileForm(request.POST or None, request.FILES or None, auto_id="import_%s")
    faults = []
    if request.method == "POST" and form.is_valid():
        count_if_counting("programme-import", request.staff.id, most=MOST_FILES, seconds=FILES_SECONDS)
        try:
            return _brought(request, form.cleaned_data["file"].read())
        except ProgrammeUnreadable as refusal:
            faults = refusal.faults
            form.add_error("file", gettext("This file is no programme yet. Nothing has changed."))
        except DomainError as refusal:
            show_at_field(form, refusal)
    with tenancy.scope(request.merchant.id):
        context = page_context(request, "programme") | {"form": form, "faults": faults}
        return render(request, "dashboard/import.html", context, status=422 if form.errors else 200)


def _brought(request: StaffRequest, content: bytes) -> HttpResponse:
    with tenancy.scope(request.merchant.id):
        places = names_by_id()
    version = read_programme(content, currency=request.merchant.currency, places=places)
    with tenancy.scope(request.merchant.id):
        adopted = adopt_version(merchant=request.merchant, version=version, actor=request.staff)
    if adopted is None:
        messages.info(request, gettext("The file says what is in force. There is nothing to change."))
    else:
        messages.success(request, gettext("The file is the draft now. Look at it, then publish it."))
    return redirect(PAGE, request.merchant.slug)
