"""The card without a network: the empty page that the phone's worker keeps, and the key that the phone draws codes with.

The page is public and knows nobody: balance, lines and key lie in the browser's own database, put there by the card's
page (`static/js/card/phone.js`). The key goes to a browser that holds the card, over a form's safeguards, never in HTML.
"""

import base64

from django.http import HttpResponse, JsonResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from core.rate_limits import count_if_counting
from members.cards import phone_key
from web.card.session import CardRequest, MerchantRequest, member_view, public_view
from web.shells import STATIC, Shell

# A phone asks once for each card; whoever asks more is not a phone.
MOST_KEYS, KEYS_SECONDS = 30, 3600
NO_CODE = {
    "code_svg": mark_safe('<svg viewBox="0 0 33 33"></svg>'),
    "spoken_code": "\u2026",
    "code_seconds": 30,
    "code_period": 30,
}
SHELL = Shell(
    route="card-shell",
    template="card/offline.html",
    look=("slug", "name", "tagline", "brand_colour", "logo_digest"),
    modules=(*sorted((STATIC / "js/card").glob("*.js")), STATIC / "vendor/lean-qr/index.mjs"),
    context=lambda _merchant: NO_CODE,
)


@public_view
@require_safe
def show_shell(request: MerchantRequest) -> HttpResponse:
    """The card's page with nobody on it."""
    return SHELL.answer(request, request.merchant)


@member_view
@require_POST
def give_key(request: CardRequest) -> HttpResponse:
    """How this card's rotating codes begin, and their key: for this card alone, until its generation is raised."""
    count_if_counting("phone-key", request.member.id, most=MOST_KEYS, seconds=KEYS_SECONDS)
    head, key = phone_key(request.card, request.merchant)
    return JsonResponse({"head": head.hex(), "key": base64.b64encode(key).decode()})
