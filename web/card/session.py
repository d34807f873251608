"""A member's session: a signed cookie per merchant that says whose card this is. No login, no row, no query of its own.

It is bound to the card's generation, so replacing a card signs every browser out. Its path is the merchant's own, so
that one merchant's cookie is not even sent to another; if it is all the same, it is refused.
"""

import datetime as dt
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from core import tenancy
from members.links import PROOF_LIVES, SESSION_LIVES, Claim, LinkUnreadable, Purpose, read, sign
from members.models import Card, Member
from members.queries import card_with_member
from merchants.models import Merchant
from merchants.queries import merchant_by_slug

P = ParamSpec("P")
COOKIE = "habitue_card"
ASKER, ASKER_LIVES = "habitue_asker", dt.timedelta(hours=1)
PROOF = "habitue_proof"
# The one cookie that scripts may read: it tells `static/js/card/phone.js` to wipe what the phone kept of the card.
FORGET = "habitue_forget"


class MerchantRequest(HttpRequest):
    """A request to a merchant's public page."""

    merchant: Merchant


class CardRequest(MerchantRequest):
    """A request of a member with a card, in the merchant's scope.

    The card of who was merged into the member is as good as the member's own: the phone that keeps its key goes on.
    """

    member: Member
    card: Card


def public_view(
    view: Callable[Concatenate[MerchantRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """The view gets `request.merchant`; 404 without one. No scope. What it answers is the same for everyone."""

    @wraps(view)
    def found(request: Any, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request.merchant = _merchant(slug)
        return view(request, *args, **kwargs)

    return found


def merchant_view(
    view: Callable[Concatenate[MerchantRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """As `public_view`, for what is about whoever asks: no cache keeps it."""
    found = public_view(view)

    @wraps(view)
    def unkept(request: Any, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = found(request, slug, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    return unkept


def member_view(view: Callable[Concatenate[CardRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets `request.member` and `request.card`, in the merchant's scope and the member's language.

    A browser that has no card, or a card that was replaced, is sent to the door.
    """

    @wraps(view)
    def guarded(request: Any, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request.merchant = _merchant(slug)
        claim = claim_of(request, request.merchant)
        if claim is None:
            return _to_the_door(request)
        with tenancy.scope(request.merchant.id):
            found = card_with_member(claim.member_id, generation=claim.generation)
            if found is None:
                return _to_the_door(request)
            request.card, request.member = found
            language = language_of(request, request.member)
            with translation.override(language):
                request.LANGUAGE_CODE = language
                response = view(request, *args, **kwargs)
        response.headers.setdefault("Content-Language", language)
        add_never_cache_headers(response)
        return response

    return guarded


def claim_of(request: HttpRequest, merchant: Merchant) -> Claim | None:
    """What the browser's cookie proves for this merchant. No query."""
    try:
        return read(request.COOKIES.get(COOKIE, ""), Purpose.SESSION, merchant, lives=SESSION_LIVES)
    except LinkUnreadable:
        return None


def language_of(request: HttpRequest, member: Member) -> str:
    """The language the visitor switched to, or else the member's own."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else member.locale


def sign_in(request: HttpRequest, response: HttpResponse, merchant: Merchant, claim: Claim) -> HttpResponse:
    """From this response on, the browser holds the card for a year. What it kept of another member's, it forgets."""
    before = claim_of(request, merchant)
    response.set_cookie(
        COOKIE,
        sign(claim, Purpose.SESSION),
        max_age=SESSION_LIVES,
        path=card_path(merchant),
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
    if before is not None and before.member_id != claim.member_id:
        _tell_to_forget(response, merchant)
    return response


def keep_proof(response: HttpResponse, merchant: Merchant, claim: Claim) -> HttpResponse:
    """For half an hour this browser has just joined, or just shown that it reads the member's e-mail."""
    response.set_cookie(
        PROOF,
        sign(claim, Purpose.PROOF),
        max_age=PROOF_LIVES,
        path=card_path(merchant),
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def has_proof(request: CardRequest) -> bool:
    """Whether this browser proved lately that it is the member's. A phone left on a table did not.

    Who proved to be a member that was merged since proved nothing of the one who stays. No query but for a browser that
    proved it by another card of the member's.
    """
    claim = _proof_of(request, lives=PROOF_LIVES)
    if claim is None:
        return False
    card, member = request.card, request.member
    if claim.member_id != card.member_id:
        found = card_with_member(claim.member_id, generation=claim.generation)
        if found is None:
            return False
        card, member = found
    if (claim.generation, member.id) != (card.generation, request.member.id):
        return False
    merged_at = card.member.merged_at
    return merged_at is None or _proof_of(request, lives=timezone.now() - merged_at) is not None


def is_own_phone(request: CardRequest) -> bool:
    """Whether what the shop notes of the member may be told here: to the member's own card, or after a proof.

    Who was merged into the member, perhaps by mistake, holds another card. No query for the member's own.
    """
    return request.card.member_id == request.member.id or has_proof(request)


def holds_card(request: HttpRequest, merchant: Merchant, member: Member) -> bool:
    """Whether this browser has a card of the member's already. One query, in the merchant's scope."""
    claim = claim_of(request, merchant)
    found = card_with_member(claim.member_id, generation=claim.generation) if claim else None
    return found is not None and found[1].id == (member.merged_into_id or member.id)


def asker_of(request: HttpRequest) -> str:
    """The secret of a browser that asks for a code: the code opens the card there and nowhere else."""
    return request.get_signed_cookie(ASKER, "", max_age=ASKER_LIVES) or secrets.token_urlsafe(16)


def keep_asker(response: HttpResponse, merchant: Merchant, asker: str) -> HttpResponse:
    """The browser that asked keeps its secret until the code is long too old."""
    response.set_signed_cookie(
        ASKER,
        asker,
        max_age=ASKER_LIVES,
        path=card_path(merchant),
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def sign_out(response: HttpResponse, merchant: Merchant) -> HttpResponse:
    """The browser forgets the card, with all that its pages kept for opening offline. The card lives on."""
    for name in (COOKIE, PROOF):
        response.delete_cookie(name, path=card_path(merchant), samesite="Lax")
    _tell_to_forget(response, merchant)
    return response


def _proof_of(request: CardRequest, *, lives: dt.timedelta) -> Claim | None:
    try:
        return read(request.COOKIES.get(PROOF, ""), Purpose.PROOF, request.merchant, lives=lives)
    except LinkUnreadable:
        return None


def _tell_to_forget(response: HttpResponse, merchant: Merchant) -> None:
    """Only the phone takes this back, when it has wiped what it kept: a new card signed in before then changes nothing."""
    response.set_cookie(
        FORGET, "1", max_age=SESSION_LIVES, path=card_path(merchant), secure=settings.SECURE, samesite="Lax"
    )


def _merchant(slug: str) -> Merchant:
    merchant = merchant_by_slug(slug)
    if merchant is None:
        raise Http404
    return merchant


def _to_the_door(request: MerchantRequest) -> HttpResponse:
    door = reverse("card-join", args=[request.merchant.slug])
    if "link" in request.GET:  # the printed code that led here has brought a newcomer
        door += f"?{urlencode({'link': request.GET['link']})}"
    response = HttpResponseClientRedirect(door) if getattr(request, "htmx", False) else redirect(door)
    return sign_out(response, request.merchant)


def card_path(merchant: Merchant) -> str:
    """To which the cookies of a card go: the merchant's own."""
    return reverse("card", args=[merchant.slug])
