"""What a tier brings besides units, and when it is there: filled in on the programme's page, below the tier."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from loyalty.programme.drafting import change_draft
from loyalty.programme.problems import ProgrammeWrong
from loyalty.rules.editing import with_tier
from merchants.access import Permission
from web.access import StaffRequest, staff_view
from web.dashboard.edited import edited_programme
from web.dashboard.perk_forms import PerksForm
from web.dashboard.programme import changed, show_programme


@require_http_methods(("GET", "HEAD", "POST"))
@staff_view(Permission.EDIT_PROGRAMME)
def perks(request: StaffRequest, tier_id: UUID) -> HttpResponse:
    """The page with this tier's perks and season open, or those as they were filled in."""
    edited = edited_programme()
    tier = edited.version.tier(str(tier_id))
    if tier is None:
        raise Http404
    if request.method != "POST":
        return show_programme(request, edited=edited, perks_form=PerksForm(tier))
    form = PerksForm(tier, request.POST)
    if form.is_valid():
        try:
            change_draft(
                merchant=request.merchant,
                change=lambda version: with_tier(version, form.changed),
                actor=request.staff,
                revision=edited.revision,
            )
            return changed(request)
        except ProgrammeWrong as refusal:
            form.show(refusal)
    return show_programme(request, edited=edited, perks_form=form)
