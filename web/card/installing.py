"""What makes the card an app of the merchant's own on a phone: its manifest, its icon, and its worker.

All of it is public and the same for everyone: nothing here knows a member.
"""

import io
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw, ImageFont

from core import tenancy
from core.languages import reader_language
from merchants.branding import ColourUnreadable, Palette, palette_of
from merchants.logos import LARGE, logo_path, read_logo
from merchants.models import Merchant
from web.card.session import MerchantRequest, public_view

SIZES = (180, 192, 512)  # Apple's home screen, Android's, and its splash
SHORT_LETTERS = 12  # what fits under an icon
SERVICE_COLOUR = "#1f4d3a"
LOGO_SHARE = 0.7  # a square of this much of the side lies inside the circle that a home screen may cut out
PAPER = "#fcfaf7"
ICON_FRESH_SECONDS = 24 * 3600  # a new look has a new address
SOURCES = Path(settings.BASE_DIR) / "static"
FONT = SOURCES / "vendor/bricolage-grotesque/bricolage-grotesque-latin-standard-normal.woff2"
WORKER = SOURCES / "js/card/worker.js"


@public_view
@require_safe
def show_manifest(request: MerchantRequest) -> HttpResponse:
    """Name, colours and icons, as the home screen wants them."""
    merchant = request.merchant
    home = reverse("card", args=[merchant.slug])
    manifest = {
        "id": home,
        "start_url": home,
        "scope": home,
        "name": merchant.name,
        "short_name": short_name(merchant.name),
        "lang": reader_language(),
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": _palette(merchant).light.fill,
        "icons": [_icon(merchant, size, "any") for size in SIZES] + [_icon(merchant, SIZES[-1], "maskable")],
    }
    response = JsonResponse(manifest, content_type="application/manifest+json")
    patch_cache_control(response, no_cache=True)
    return response


@public_view
@require_safe
def show_icon(request: MerchantRequest, size: int) -> HttpResponse:
    """The merchant's logo on paper, or else its letter on its colour."""
    merchant = request.merchant
    if size not in SIZES:
        raise Http404
    logo = _logo(merchant)
    if logo:
        drawing = frame_logo(logo, size)
    else:
        shades = _palette(merchant).light
        drawing = draw_letter(merchant.name[:1].upper(), shades.fill, shades.on, size)
    response = HttpResponse(drawing, content_type="image/png")
    patch_cache_control(response, public=True, max_age=ICON_FRESH_SECONDS)
    return response


@public_view
@require_safe
def show_worker(request: MerchantRequest) -> HttpResponse:
    """The worker, under the merchant's own path: that path is all it can ever answer for."""
    response = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    patch_cache_control(response, no_cache=True)
    return response


def short_name(name: str) -> str:
    """What stands under the icon: the name, or as many of its first words as fit."""
    if len(name) <= SHORT_LETTERS:
        return name
    words = name.split()
    short = words[0]
    for word in words[1:]:
        if len(f"{short} {word}") > SHORT_LETTERS:
            break
        short += f" {word}"
    return short


@lru_cache(maxsize=256)
def draw_letter(letter: str, fill: str, on: str, size: int) -> bytes:
    """A PNG to the edges, its letter well inside the circle that a home screen may cut out."""
    picture = Image.new("RGB", (size, size), fill)
    font = ImageFont.truetype(FONT, round(size * 0.52))
    font.set_variation_by_axes([96, 700, 100])
    middle = (size / 2, size / 2)
    left, top, right, bottom = font.getbbox(letter, anchor="lt")
    start = (middle[0] - (left + right) / 2, middle[1] - (top + bottom) / 2)
    ImageDraw.Draw(picture).text(start, letter, fill=on, font=font, anchor="lt")
    return _png(picture)


@lru_cache(maxsize=64)
def frame_logo(logo: bytes, size: int) -> bytes:
    """A PNG of a square logo on paper, inside the same circle."""
    side = round(size * LOGO_SHARE)
    picture = Image.new("RGB", (size, size), PAPER)
    with Image.open(io.BytesIO(logo), formats=["PNG"]) as opened:
        small = opened.convert("RGBA").resize((side, side), Image.Resampling.LANCZOS)
    picture.paste(small, ((size - side) // 2, (size - side) // 2), small)
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _logo(merchant: Merchant) -> bytes | None:
    path = logo_path(merchant, LARGE)
    if not path:
        return None
    with tenancy.scope(merchant.id):
        found = read_logo(path.rpartition("/")[2])
    return found[0] if found else None


def _icon(merchant: Merchant, size: int, purpose: str) -> dict[str, Any]:
    address = reverse("card-icon", args=[merchant.slug, size])
    look = merchant.logo_digest or _palette(merchant).light.fill.removeprefix("#")
    return {
        "src": f"{address}?look={look}",
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


def _palette(merchant: Merchant) -> Palette:
    try:
        return palette_of(merchant.brand_colour)
    except ColourUnreadable:
        return palette_of(SERVICE_COLOUR)
