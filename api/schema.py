"""The OpenAPI document: generated once a process from the views, in English. It answers no request but for itself."""

from functools import lru_cache
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator

from api.refusals import MethodRefused


class KeyScheme(OpenApiAuthenticationExtension):
    """How the document calls our keys."""

    target_class = "api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "hb_live_…"}


def openapi(request: HttpRequest) -> HttpResponse:
    """The document. Public: it says nothing of anybody."""
    if request.method not in ("GET", "HEAD"):
        raise MethodRefused(allowed="GET, HEAD")
    return HttpResponse(_document(), content_type="application/json")


@lru_cache(maxsize=1)
def _document() -> bytes:
    with override("en"):
        return orjson.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str)
