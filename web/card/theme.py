"""A merchant's palette as a style sheet of custom properties. Public, cached, and the only colour a merchant sets."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from merchants.branding import ColourUnreadable, Palette, palette_of
from merchants.queries import merchant_by_slug

# A merchant who tries colours sees the new one within minutes; a member's phone asks once a visit.
FRESH_SECONDS = 300
NAMES = ("fill", "on", "wash", "text", "mark")


@require_safe
def show_theme(request: HttpRequest, slug: str) -> HttpResponse:
    """The palette; a colour that cannot be read leaves the service's own."""
    merchant = merchant_by_slug(slug)
    if merchant is None:
        raise Http404
    try:
        css = write_css(palette_of(merchant.brand_colour))
    except ColourUnreadable:
        css = ""
    etag = f'"{hashlib.blake2b(css.encode(), digest_size=8).hexdigest()}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


def write_css(palette: Palette, *, selector: str = ":root") -> str:
    """Light values for browsers without `light-dark()`, then both for the others, as in `tokens.css`."""
    light = "".join(f"--brand-{name}:{getattr(palette.light, name)};" for name in NAMES)
    both = "".join(
        f"--brand-{name}:light-dark({getattr(palette.light, name)},{getattr(palette.dark, name)});"
        for name in NAMES
    )
    return f"{selector}{{{light}}}\n@supports (color:light-dark(red,red)){{{selector}{{{both}}}}}\n"
