"""All addresses: pages of `web`, endpoints of `api`, sign-in of allauth."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from api.schema import openapi
from config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", include("api.urls")),
    path("openapi.json", openapi),
    path("language", set_language, name="set_language"),
    path("accounts/", include("allauth.account.urls")),
    path("dashboard/", include("web.dashboard.urls")),
    path("scan/", include("web.scanner.urls")),
    path("", include("web.card.urls")),
    path("", include("web.front.urls")),
]
if not settings.PRODUCTION:
    urlpatterns += [path("", include("web.dev.urls"))]

handler400 = "web.errors.bad_request"
handler403 = "web.errors.permission_denied"
handler404 = "web.errors.not_found"
handler429 = "web.errors.too_many_requests"
handler500 = "web.errors.server_error"
