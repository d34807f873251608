"""A merchant's logo, as we drew it. Public; its address names its content, so that it is kept for a year."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from core import tenancy
from merchants import logos
from merchants.queries import merchant_by_slug

YEAR_SECONDS = 365 * 24 * 3600


@require_safe
def show_logo(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One of the three sizes. An e-mail may be older than the logo: an old address leads nowhere, and shows nothing."""
    merchant = merchant_by_slug(slug)
    if merchant is None or not merchant.logo_digest:
        raise Http404
    with tenancy.scope(merchant.id):
        found = logos.read_logo(name)
    return send_picture(found)


def send_picture(found: tuple[bytes, str] | None) -> HttpResponse:
    """Content and type of a picture that we drew, kept for a year by whoever asked; 404 where there is none."""
    if found is None:
        raise Http404
    content, kind = found
    response = HttpResponse(content, content_type=kind)
    # Nothing in a picture may run, whoever opens its address by itself.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    patch_cache_control(response, public=True, max_age=YEAR_SECONDS, immutable=True)
    return response
