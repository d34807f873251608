"""Headers that anybody can write decide nothing: whose site this is, which method, which address, who asks."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

EVIL = "evil.example"
PATHS = [
    "/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/c/aroma/join",
    "/scan/aroma/",
    "/api/v1/programme",
]
# Pages whose token is looked at later, or that need none: each says why where it is declared.
EXEMPT = {
    "card-stop",  # a mail program's button; its link is the proof
    "dashboard-programme-import",  # as the logo
    "dashboard-start-logo",  # as that
    "dashboard-reward-picture",  # as the next
    "dashboard-logo",  # checked by `takes_file`, once it is clear whose request it is
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host", [EVIL, f"127.0.0.1@{EVIL}", f"127.0.0.1.{EVIL}", "", "127.0.0.1:x", "a\x00b"]
)
def test_another_hosts_name_opens_nothing(world, path, host):
    assert Client().get(path, headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("path", PATHS)
def test_what_a_proxy_might_say_of_the_host_is_not_read(world, path):
    plain = Client().get(path)
    spoofed = Client().get(
        path,
        headers={
            "X-Forwarded-Host": EVIL,
            "X-Forwarded-Server": EVIL,
            "X-Forwarded-Proto": "ftp",
            "X-Original-Url": "/dashboard/",
            "X-Rewrite-Url": "/dashboard/",
            "Forwarded": f"host={EVIL};proto=https",
        },
    )
    assert (spoofed.status_code, spoofed.headers.get("Location")) == (
        plain.status_code,
        plain.headers.get("Location"),
    )
    assert EVIL.encode() not in spoofed.content


def test_a_header_makes_no_post_of_a_get_and_no_delete_of_a_post(world):
    override = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"}
    assert Client().get("/c/aroma/join", headers=override).status_code == 200
    assert Client().get("/api/v1/purchases", headers=override).status_code == 401
    assert Client().post("/language", {"_method": "DELETE"}, headers=override).status_code == 302


@pytest.mark.parametrize("path", ["/accounts/login/", "/language", "/c/aroma/join"])
def test_a_form_without_an_end_is_not_waited_for(world, path):
    """Chunked, behind a server that does not say how long it is: a page takes it for empty."""

    class Endless:
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("somebody waits for its end")

        readline = read

    answer = Client().generic(
        "POST", path, content_type="application/x-www-form-urlencoded",
        **{"wsgi.input": Endless(), "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"},
    )  # fmt: skip
    assert answer.status_code in {200, 302, 422}


def test_every_page_that_takes_a_form_asks_for_its_token():
    """But for those that say why: the middleware asks for all others, and no page is outside it."""
    assert "django.middleware.csrf.CsrfViewMiddleware" in settings.MIDDLEWARE
    exempt = {
        pattern.name
        for pattern in patterns(get_resolver())
        if getattr(pattern.callback, "csrf_exempt", False) and not (pattern.name or "").startswith("api_")
    }
    assert exempt == EXEMPT


def patterns(resolver: URLResolver):
    """Every route there is."""
    for found in resolver.url_patterns:
        if isinstance(found, URLPattern):
            yield found
        else:
            yield from patterns(found)
