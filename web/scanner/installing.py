"""What makes the till an app on a phone: its manifest, and the page that its worker keeps for when there is no network.

All of it is public and the same for everyone: nothing here knows who is at the till, or whom it scanned. The worker
itself is the card's (`static/js/card/worker.js`), served under the till's own path, which is all it can answer for.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext, override
from django.views.decorators.http import require_safe

from core.languages import reader_language
from core.money import exponent
from merchants.models import Merchant
from web.card.installing import short_name
from web.card.offline import Shell
from web.card.session import MerchantRequest, public_view

INK = "#181310"  # the scan step is dark in both themes
STATIC = Path(settings.BASE_DIR) / "static"
MODULES = (
    *sorted((STATIC / "js/scanner").glob("*.js")),
    STATIC / "js/card/phone.js",
    *sorted((STATIC / "vendor/barcode-detector").glob("*.js")),
)
ICONS = (("img/till-192.png", 192, "any"), ("img/till-512.png", 512, "any"))
MASKABLE = ("img/till-maskable-512.png", 512, "maskable")
LOOK = ("slug", "name", "brand_colour", "currency")  # all of a merchant that the page shows


@public_view
@require_safe
def show_manifest(request: MerchantRequest) -> HttpResponse:
    """The till's name, place and icons, as the home screen wants them."""
    merchant = request.merchant
    home = reverse("scanner", args=[merchant.slug])
    manifest = {
        "id": home,
        "start_url": home,
        "scope": home,
        "name": gettext("Till of %(merchant)s") % {"merchant": merchant.name},
        "short_name": short_name(merchant.name),
        "lang": reader_language(),
        "display": "standalone",
        "orientation": "portrait",
        "background_color": INK,
        "theme_color": INK,
        "icons": [
            {"src": static(path), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for path, size, purpose in (*ICONS, MASKABLE)
        ],
    }
    response = JsonResponse(manifest, content_type="application/manifest+json")
    patch_cache_control(response, no_cache=True)
    return response


@public_view
@require_safe
def show_shell(request: MerchantRequest) -> HttpResponse:
    """The till's page with nobody at it and nobody on it."""
    chosen = request.GET.get("language", "")
    language = chosen if chosen in dict(settings.LANGUAGES) else reader_language()
    response = HttpResponse(_shell_of(request.merchant, language).html)
    response.headers["Content-Language"] = language
    patch_cache_control(response, no_cache=True)
    return response


def shell_path(merchant: Merchant) -> str:
    """Where the worker finds the page to keep, in the reader's language. A new version is a new address."""
    language = reader_language()
    version = _shell_of(merchant, language).version
    return f"{reverse('scanner-shell', args=[merchant.slug])}?language={language}&v={version}"


def _shell_of(merchant: Merchant, language: str) -> Shell:
    return _shell(tuple((field, getattr(merchant, field)) for field in LOOK), language)


@lru_cache(maxsize=512)
def _shell(look: tuple[tuple[str, str], ...], language: str) -> Shell:
    merchant = Merchant(**dict(look))
    context = {
        "merchant": merchant,
        "is_shell": True,
        "currency": merchant.currency,
        "currency_exponent": exponent(merchant.currency),
    }
    with override(language):
        html = render_to_string("scanner/home.html", context)
    return Shell(html, hashlib.blake2b(html.encode() + _scripts(), digest_size=8).hexdigest())


@lru_cache(maxsize=1)
def _scripts() -> bytes:
    """What the page's modules import, they import by plain names: only their content tells that they changed."""
    return b"".join(path.read_bytes() for path in MODULES)
