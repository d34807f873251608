"""A member's card in the hands of the team: printed for who wants paper, its vouchers too, and erased with everything when its member asks."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from core import events
from loyalty.membership.leaving import erase_member
from members import queries
from members.cards import MemberUnknown
from merchants.access import Permission
from web.access import StaffRequest, page_context, staff_view
from web.card.printed import pdf_answer, read_size, voucher_answer, voucher_to_print
from web.card.printing import card_pdf
from web.dashboard.printed import count_print
from web.dashboard.whose import member_or_404


@require_GET
@staff_view(Permission.EDIT_MEMBERS)
def printed(request: StaffRequest, member_id: UUID, size: str) -> HttpResponse:
    """The card as PDF, in the member's language. It collects for whoever holds it: who took it along, the audit keeps."""
    try:
        card, member = queries.card_and_member(member_id)
    except MemberUnknown:
        raise Http404 from None
    paper = read_size(size)
    count_print(request)
    content = card_pdf(card=card, member=member, merchant=request.merchant, size=paper)
    who = {"member": str(member.id), "actor": str(request.staff.id)}
    events.record("card.printed", who | {"size": paper.value})
    return pdf_answer(content, f"{request.merchant.slug}-{size}.pdf")


@require_GET
@staff_view(Permission.ADJUST_UNITS)
def printed_voucher(request: StaffRequest, member_id: UUID, voucher_id: UUID) -> HttpResponse:
    """One voucher's sheet, for whoever gives vouchers. It is used by whoever holds it: who took it along, the audit keeps."""
    member = member_or_404(member_id)
    voucher = voucher_to_print(voucher_id, member.id, request.merchant)
    if voucher.state != "issued":
        messages.error(request, voucher.why)
        return redirect("dashboard-voucher", request.merchant.slug, member.id)
    count_print(request)
    content = voucher_answer(voucher, request.merchant)
    who = {"member": str(member.id), "actor": str(request.staff.id)}
    events.record("voucher.printed", who | {"redemption": str(voucher_id)})
    return content


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.ERASE_MEMBERS)
def erasure(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """One question, and after it nobody by that name. The member page's dialog may post here at once."""
    member = member_or_404(member_id)
    if request.method == "POST":
        erase_member(member=member, actor=str(request.staff.id))
        messages.success(request, gettext("Erased. The books keep the amounts and nobody’s name."))
        return redirect("dashboard-members", request.merchant.slug)
    return render(request, "dashboard/erasure.html", page_context(request, "members") | {"member": member})
