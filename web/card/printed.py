"""The card and its vouchers for print, asked for by their member."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from core.rate_limits import count_if_counting
from members.queries import ids_of
from merchants.models import Merchant
from rewards.vouchers import Voucher, voucher_of
from web.card.mine import is_told
from web.card.printing import card_pdf
from web.card.session import CardRequest, member_view
from web.card.sheet import Size
from web.card.voucher_sheet import voucher_pdf

# A paper jam or two; each file is drawn anew, which takes a while.
MOST_PRINTED, PRINTED_SECONDS = 20, 3600


@member_view
@require_GET
def print_card(request: CardRequest, size: str) -> HttpResponse:
    """The PDF. 404 for a paper that we do not cut, 429 when asked for too often."""
    count_if_counting("card-print", request.member.id, most=MOST_PRINTED, seconds=PRINTED_SECONDS)
    return pdf_answer(
        card_pdf(card=request.card, member=request.member, merchant=request.merchant, size=read_size(size)),
        f"{request.merchant.slug}-{size}.pdf",
    )


@member_view
@require_GET
def print_voucher(request: CardRequest, voucher_id: UUID) -> HttpResponse:
    """The sheet of one voucher. One that cannot be used leads to what became of it; 404 where it is not told here."""
    count_if_counting("voucher-print", request.member.id, most=MOST_PRINTED, seconds=PRINTED_SECONDS)
    voucher = voucher_to_print(voucher_id, request.member.id, request.merchant)
    if not is_told(request, voucher.redemption):
        raise Http404
    if voucher.state != "issued":
        return redirect("card-taken", request.merchant.slug, voucher_id)
    return voucher_answer(voucher, request.merchant)


def voucher_to_print(voucher_id: UUID, member_id: UUID, merchant: Merchant) -> Voucher:
    """A voucher of this member's, or of who became one with it. Raises Http404."""
    voucher = voucher_of(voucher_id, merchant)
    if voucher is None or voucher.redemption.member_id not in ids_of(member_id):
        raise Http404
    return voucher


def voucher_answer(voucher: Voucher, merchant: Merchant) -> HttpResponse:
    """Its sheet; the file's name says no code."""
    return pdf_answer(voucher_pdf(voucher=voucher, merchant=merchant), f"{merchant.slug}-voucher.pdf")


def read_size(text: str) -> Size:
    """One of the two papers. Raises Http404."""
    try:
        return Size(text)
    except ValueError:
        raise Http404 from None


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """Shown in the browser, from where it is printed or kept."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
