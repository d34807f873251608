"""Designs that a shop keeps: their list, one of them on the designer, its versions, and which of all is the default."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError
from core.rate_limits import count_if_counting
from merchants.access import Permission
from studio import designing
from studio.drawing import preflight
from studio.models import DesignVersion
from studio.proving import ask_again
from studio.refusals import DesignUnknown
from web.access import StaffRequest, page_context, staff_view
from web.dashboard.studio.designer import PAGE, TEMPLATE, count_turn, show_designer, turned_of
from web.dashboard.studio.designer_turned import turned, values_with
from web.dashboard.studio.designer_versions import failed_scenes, proof_of, rows_of
from web.parts import form_of, wants_part

MOST_SAVES, SAVES_SECONDS = 120, 3600  # each is a row for good, and a second or two of a worker
MOST_FAILED = 4  # shown beside the six hard days
LIST, ONE, DEFAULT = "dashboard-designs", "dashboard-design", "dashboard-design-default"


class SaveForm(forms.Form):
    """What a design is called, and which one it is a version of; `key` is the id of a new one, so that two presses make one."""

    name = forms.CharField(
        max_length=designing.LONGEST_NAME, error_messages={"required": gettext_lazy("Give it a name.")}
    )
    design = forms.UUIDField(required=False)
    key = forms.UUIDField(required=False)


@require_GET
@staff_view(Permission.PRINT_POSTER)
def list_designs(request: StaffRequest) -> HttpResponse:
    """All that are kept, the last one saved first."""
    rows = rows_of(request.merchant, designing.designs())
    return render(request, "dashboard/studio/designs.html", page_context(request, "studio") | {"rows": rows})


@require_GET
@staff_view(Permission.PRINT_POSTER)
def show(request: StaffRequest, design_id: UUID) -> HttpResponse:
    """Its newest version, to be turned further; where its whole proof failed, with what it failed by and what would mend that.

    Raises TooManyTries.
    """
    count_turn(request, mends=True)
    version = designing.versions_of(design_id).first()
    if version is None:
        raise Http404
    scenes = (*preflight.LIVE, *failed_scenes(version)[:MOST_FAILED])
    now = turned(request.merchant, values_with(request.merchant, version.look), scenes=scenes)
    return show_designer(request, now, design_id=design_id)


@form_of(PAGE)
@staff_view(Permission.PRINT_POSTER)
def save(request: StaffRequest) -> HttpResponse:
    """Keep what the knobs say, as a new design or a new version; its whole proof begins. Raises TooManyTries."""
    _count_save(request)
    now, form = turned_of(request), SaveForm(request.POST)
    if form.is_valid() and now.design is not None:
        said = form.cleaned_data
        try:
            version = designing.save_design(
                merchant=request.merchant,
                name=said["name"],
                design=now.design,
                actor_id=request.staff.id,
                design_id=said["design"],
                key=said["key"],
            )
            messages.success(request, _("Saved as version %(number)s.") % {"number": version.number})
            return redirect(ONE, request.merchant.slug, version.design_id)
        except DesignUnknown:
            raise Http404 from None
        except DomainError as refusal:
            form.add_error("name", refusal.detail)
    return show_designer(
        request, now, design_id=form.cleaned_data.get("design"), name_error=_first(form), status=422
    )


@require_http_methods(["GET", "POST"])
@staff_view(Permission.PRINT_POSTER)
def proof(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """How far the whole proof of a version is; a POST asks once more for one that broke off."""
    version = _found(version_id)
    if request.method == "POST":
        ask_again(merchant=request.merchant, version_id=version_id)
    if not wants_part(request):
        return redirect(ONE, request.merchant.slug, version.design_id)
    context = {"merchant": request.merchant, "proof": proof_of(version)}
    return render(request, f"{TEMPLATE}#proof", context)


@form_of(LIST)
@staff_view(Permission.EDIT_SHOP)
def make_default(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """From now on the shop's codes look so; the toast takes that back."""
    version = _found(version_id)
    try:
        before = designing.make_default(
            merchant=request.merchant, version_id=version_id, actor_id=request.staff.id
        )
    except DomainError as refusal:
        messages.error(request, str(refusal.detail))
        return redirect(ONE, request.merchant.slug, version.design_id)
    undo = _at(request, DEFAULT, before.id) if before else _at(request, "dashboard-design-default-removal")
    said = _("Your codes look like “%(name)s” from now on.") % {"name": version.design.name}
    messages.success(request, said, extra_tags=undo if before != version else "")
    return redirect(ONE, request.merchant.slug, version.design_id)


@form_of(LIST)
@staff_view(Permission.EDIT_SHOP)
def drop_default(request: StaffRequest) -> HttpResponse:
    """The brand's look again, as before anybody chose one."""
    before = designing.drop_default(actor_id=request.staff.id)
    undo = _at(request, DEFAULT, before.id) if before else ""
    messages.success(request, _("Your codes have your brand’s look again."), extra_tags=undo)
    return redirect(LIST, request.merchant.slug)


@form_of(LIST)
@staff_view(Permission.PRINT_POSTER)
def restore(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """An older version becomes the newest, as one more; the toast takes that back the same way. Raises TooManyTries."""
    _count_save(request)
    older = _found(version_id)
    newest = designing.versions_of(older.design_id).first()
    try:
        made = designing.restore_version(
            merchant=request.merchant, version_id=version_id, actor_id=request.staff.id
        )
    except DomainError as refusal:
        messages.error(request, str(refusal.detail))
        return redirect(ONE, request.merchant.slug, older.design_id)
    said = _("Version %(older)s is back, as version %(number)s.")
    undo = _at(request, "dashboard-design-restoration", newest.id) if newest and newest != made else ""
    messages.success(request, said % {"older": older.number, "number": made.number}, extra_tags=undo)
    return redirect(ONE, request.merchant.slug, older.design_id)


@form_of(LIST)
@staff_view(Permission.PRINT_POSTER)
def remove(request: StaffRequest, design_id: UUID) -> HttpResponse:
    """Out of the list; the toast brings it back."""
    try:
        design = designing.remove(design_id=design_id, actor_id=request.staff.id)
    except DesignUnknown:
        raise Http404 from None
    said = _("“%(name)s” is removed.") % {"name": design.name}
    messages.success(request, said, extra_tags=_at(request, "dashboard-design-return", design_id))
    return redirect(LIST, request.merchant.slug)


@form_of(LIST)
@staff_view(Permission.PRINT_POSTER)
def bring_back(request: StaffRequest, design_id: UUID) -> HttpResponse:
    """As if it had not been removed."""
    try:
        design = designing.bring_back(design_id=design_id, actor_id=request.staff.id)
    except DesignUnknown:
        raise Http404 from None
    messages.success(request, _("“%(name)s” is back.") % {"name": design.name})
    return redirect(LIST, request.merchant.slug)


def _count_save(request: StaffRequest) -> None:
    count_if_counting("studio-save", request.staff.id, most=MOST_SAVES, seconds=SAVES_SECONDS)


def _found(version_id: UUID) -> DesignVersion:
    try:
        return designing.find_version(version_id)
    except DesignUnknown:
        raise Http404 from None


def _at(request: StaffRequest, page: str, *which: UUID) -> str:
    return reverse(page, args=[request.merchant.slug, *which])


def _first(form: SaveForm) -> str:
    return str(next(iter(form.errors.get("name", [""]))))
