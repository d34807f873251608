"""A bare Django view around the posting function: no key, no scope, no rules, no middleware. Served like the real thing.

The load program says where the member stands, so the view reads nothing: what is measured is HTTP, Django and the write.
"""

import os
from uuid import UUID

import django
from django.http import HttpRequest, HttpResponse
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def record(request: HttpRequest) -> HttpResponse:
    """POST /?m=…&a=…&t=…&v=…&p=…&s=…: one purchase of the member who stands there."""
    from django.db import connection

    from bench.posting import WRITE, values
    from bench.town import Standing

    asked = request.GET
    at = Standing(
        member=UUID(asked["m"]),
        account=UUID(asked["a"]),
        tier=UUID(asked["t"]) if asked["t"] else None,
        version=int(asked["v"]),
        progress=int(asked["p"]),
        seq=int(asked["s"]),
    )
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values(MERCHANT, at))
        written = cursor.fetchone()[0]
    return HttpResponse(status=201 if written else 409)


def ready(request: HttpRequest) -> HttpResponse:
    """GET /ready."""
    return HttpResponse("ready")


MERCHANT = UUID(os.environ["BENCH_MERCHANT"]) if "BENCH_MERCHANT" in os.environ else UUID(int=0)
urlpatterns = [path("", record), path("ready", ready)]


def _make_application():
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler

    django.setup(set_prefix=False)
    settings.MIDDLEWARE = []  # only now: allauth looks for its own while it is set up
    settings.ROOT_URLCONF = "bench.bare"
    return WSGIHandler()


if "BENCH_MERCHANT" in os.environ:
    application = _make_application()
