"""A member's card in the hands of the team: printed for who wants paper, and erased with everything when its member asks."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from loyalty.leaving import erase_member
from members import queries
from members.cards import MemberUnknown
from merchants.access import Permission
from web.access import StaffRequest, page_context, staff_view
from web.card.printed import pdf_answer, read_size
from web.card.printing import card_pdf


@require_GET
@staff_view(Permission.EDIT_MEMBERS)
def printed(request: StaffRequest, member_id: UUID, size: str) -> HttpResponse:
    """The card as PDF, in the member's language."""
    try:
        card, member = queries.card_and_member(member_id)
    except MemberUnknown:
        raise Http404 from None
    content = card_pdf(card=card, member=member, merchant=request.merchant, size=read_size(size))
    return pdf_answer(content, f"{request.merchant.slug}-{card.spoken_code}-{size}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.ERASE_MEMBERS)
def erasure(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """One question, and after it nobody by that name. The member page's dialog may post here at once."""
    try:
        member = queries.member(member_id)
    except MemberUnknown:
        raise Http404 from None
    if request.method == "POST":
        erase_member(member=member, actor=str(request.staff.id))
        messages.success(request, gettext("Erased. The books keep the amounts and nobody’s name."))
        return redirect("dashboard-members", request.merchant.slug)
    return render(request, "dashboard/erasure.html", page_context(request, "members") | {"member": member})
