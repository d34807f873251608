"""Which of the rewards that were taken this phone is told of: a voucher's code is good for whoever reads it.

The member's own card, or one that proved it, is told of all. Who was merged into the member, perhaps by mistake, holds
another card: that phone is told of what was taken by its own card before, and of what it took itself since.
"""

from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpResponse

from members.queries import ids_of
from rewards.models import Redemption
from web.card.session import CardRequest, card_path, is_own_phone

TOOK, TOOK_LIVES = "habitue_took", 366 * 86_400  # seconds
MOST_TOOK = 20  # the newest: a cookie is small


def told_rows(request: CardRequest) -> QuerySet[Redemption]:
    """Those that may be told here, with their units. One query more for the member's own phone."""
    rows = Redemption.objects.select_related("unit")
    if is_own_phone(request):
        return rows.filter(member_id__in=ids_of(request.member.id))
    theirs = Q(member_id=request.card.member_id)
    return rows.filter(theirs | Q(id__in=_took(request), member_id=request.member.id))


def is_told(request: CardRequest, taken: Redemption) -> bool:
    """Whether this one, which is the member's, may be told here."""
    return (
        is_own_phone(request) or taken.member_id == request.card.member_id or str(taken.id) in _took(request)
    )


def keep_taken(request: CardRequest, response: HttpResponse, redemption_id: UUID) -> HttpResponse:
    """A phone that holds another card of the member's remembers what it took itself."""
    if request.card.member_id != request.member.id:
        took = [str(redemption_id), *_took(request)][:MOST_TOOK]
        response.set_signed_cookie(
            TOOK,
            ".".join(dict.fromkeys(took)),
            salt=str(request.card.member_id),
            max_age=TOOK_LIVES,
            path=card_path(request.merchant),
            secure=settings.SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _took(request: CardRequest) -> list[str]:
    kept = request.get_signed_cookie(TOOK, "", salt=str(request.card.member_id), max_age=TOOK_LIVES)
    return kept.split(".") if kept else []
