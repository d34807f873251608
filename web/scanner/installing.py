"""What makes the till an app on a phone: its manifest, and the page that its worker keeps for when there is no network.

All of it is public and the same for everyone: nothing here knows who is at the till, or whom it scanned. The worker
itself is the card's (`static/js/card/worker.js`), served under the till's own path, which is all it can answer for.
"""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from core.languages import reader_language
from core.money import exponent
from merchants.models import Merchant
from web.card.installing import short_name
from web.card.session import MerchantRequest, public_view
from web.shells import STATIC, Shell

INK = "#181310"  # the scan step is dark in both themes
ICONS = (("img/till-192.png", 192, "any"), ("img/till-512.png", 512, "any"))
MASKABLE = ("img/till-maskable-512.png", 512, "maskable")


def _money(merchant: Merchant) -> dict[str, Any]:
    return {"currency": merchant.currency, "currency_exponent": exponent(merchant.currency)}


SHELL = Shell(
    route="scanner-shell",
    template="scanner/home.html",
    look=("slug", "name", "brand_colour", "currency"),
    modules=(
        *sorted((STATIC / "js/scanner").glob("*.js")),
        STATIC / "js/card/phone.js",
        *sorted((STATIC / "vendor/barcode-detector").glob("*.js")),
    ),
    context=_money,
)


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
    return SHELL.answer(request, request.merchant)
