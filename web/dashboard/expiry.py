"""How units live: when they can be used, when they expire, what a refund takes back, and how often a purchase counts."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from core.errors import DomainError
from loyalty.purchases.velocity import limiting
from merchants.access import Permission
from web.access import StaffRequest, staff_view
from web.dashboard.line_pages import show_lines
from web.dashboard.programme import change, changed
from web.dashboard.sentence_forms import LimitsForm
from web.dashboard.tabs import PAGES
from web.errors import show_at_field
from web.parts import form_of

PAGE = PAGES["expiry"]


@require_GET
@staff_view(Permission.EDIT_PROGRAMME)
def show(request: StaffRequest) -> HttpResponse:
    """What holds for units that were given, and for purchases that come too often."""
    return show_lines(request, "expiry")


@form_of(PAGE)
@staff_view(Permission.EDIT_PROGRAMME)
def limits(request: StaffRequest) -> HttpResponse:
    """Change how often a member may buy."""
    form = LimitsForm(request.POST, auto_id="limits_%s")
    if form.is_valid():
        try:
            change(request, limiting(form.limits))
            return changed(request, page=PAGE)
        except DomainError as refusal:
            show_at_field(form, refusal)
    return show_lines(request, "expiry", refused_limits=form, status=422)
