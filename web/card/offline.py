"""The card without a network: the empty page that the phone's worker keeps, and the key that the phone draws codes with.

The page is public and knows nobody: balance, lines and key lie in the browser's own database, put there by the card's
page (`static/js/card/phone.js`). The key goes to a browser that holds the card, over a form's safeguards, never in HTML.
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.safestring import mark_safe
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from core.languages import reader_language
from core.rate_limits import count_if_counting
from members.cards import phone_key
from merchants.models import Merchant
from web.card.session import CardRequest, MerchantRequest, member_view, public_view

# A phone asks once for each card; whoever asks more is not a phone.
MOST_KEYS, KEYS_SECONDS = 30, 3600
LOOK = ("slug", "name", "tagline", "brand_colour", "logo_digest")  # all of a merchant that the page may show
NO_CODE = {
    "is_shell": True,
    "code_svg": mark_safe('<svg viewBox="0 0 33 33"></svg>'),
    "spoken_code": "\u2026",
    "code_seconds": 30,
    "code_period": 30,
}
STATIC = Path(settings.BASE_DIR) / "static"
MODULES = (*sorted((STATIC / "js/card").glob("*.js")), STATIC / "vendor/lean-qr/index.mjs")


@dataclass(frozen=True)
class Shell:
    """The page as it is kept, and a name that changes when it does."""

    html: str
    version: str


@public_view
@require_safe
def show_shell(request: MerchantRequest) -> HttpResponse:
    """The card's page with nobody on it."""
    chosen = request.GET.get("language", "")
    language = chosen if chosen in dict(settings.LANGUAGES) else reader_language()
    response = HttpResponse(shell_of(request.merchant, language).html)
    response.headers["Content-Language"] = language
    patch_cache_control(response, no_cache=True)
    return response


@member_view
@require_POST
def give_key(request: CardRequest) -> HttpResponse:
    """How this card's rotating codes begin, and their key: for this card alone, until its generation is raised."""
    count_if_counting("phone-key", request.member.id, most=MOST_KEYS, seconds=KEYS_SECONDS)
    head, key = phone_key(request.card, request.merchant)
    return JsonResponse({"head": head.hex(), "key": base64.b64encode(key).decode()})


def shell_path(merchant: Merchant) -> str:
    """Where the phone's worker finds the page to keep, in the reader's language. A new version is a new address."""
    language = reader_language()
    version = shell_of(merchant, language).version
    return f"{reverse('card-shell', args=[merchant.slug])}?language={language}&v={version}"


def shell_of(merchant: Merchant, language: str) -> Shell:
    """Drawn once for each look and language."""
    return _shell(tuple((field, getattr(merchant, field)) for field in LOOK), language)


@lru_cache(maxsize=512)
def _shell(look: tuple[tuple[str, str], ...], language: str) -> Shell:
    with override(language):
        html = render_to_string("card/offline.html", {"merchant": Merchant(**dict(look)), **NO_CODE})
    return Shell(html, hashlib.blake2b(html.encode() + _scripts(), digest_size=8).hexdigest())


@lru_cache(maxsize=1)
def _scripts() -> bytes:
    """What the page's modules import, they import by plain names: only their content tells that they changed."""
    return b"".join(path.read_bytes() for path in MODULES)
