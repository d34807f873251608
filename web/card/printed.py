"""The card for print, asked for by its member."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from core.rate_limits import count_if_counting
from web.card.printing import Size, card_pdf
from web.card.session import CardRequest, member_view

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
