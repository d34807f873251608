"""The outermost links: whose address counts, how much may be sent, and that TLS stays."""

import pytest
from allauth.account.adapter import get_adapter
from django.core.exceptions import MiddlewareNotUsed
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from api import door
from config.edge import client_address, strict_transport

PROXY, CALLER, LIE = "10.0.0.1", "203.0.113.9", "198.51.100.1"


def seen_through(request: HttpRequest) -> list[str]:
    """What a view and allauth take for the caller's address."""
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.extend([request.META["REMOTE_ADDR"], get_adapter(request).get_client_ip(request)])
        return HttpResponse()

    client_address(view)(request)
    return seen


def from_proxy(header: str | None) -> HttpRequest:
    headers = {} if header is None else {"X-Forwarded-For": header}
    return RequestFactory().get("/", REMOTE_ADDR=PROXY, headers=headers)


@pytest.mark.parametrize(
    ("count", "header", "address"),
    [
        (1, CALLER, CALLER),
        (1, f"{LIE}, {CALLER}", CALLER),
        (2, f"{LIE}, {CALLER}, 10.0.0.2", CALLER),
        (1, "2001:db8::1", "2001:db8::1"),
        (2, LIE, PROXY),  # it did not come through both
        (1, "unknown", PROXY),
        (1, "", PROXY),
        (1, None, PROXY),
    ],
)
def test_the_address_is_what_our_own_proxy_heard(settings, count, header, address):
    settings.TRUSTED_PROXY_COUNT = count
    assert seen_through(from_proxy(header)) == [address, address]


def test_without_a_proxy_the_header_is_not_read(settings):
    assert settings.TRUSTED_PROXY_COUNT == 0
    with pytest.raises(MiddlewareNotUsed):
        client_address(lambda _request: HttpResponse())
    request = from_proxy(LIE)
    assert get_adapter(request).get_client_ip(request) == PROXY


def test_the_address_is_settled_before_anything_counts_it(settings):
    assert settings.MIDDLEWARE[0] == "config.edge.client_address"


def test_pages_say_that_tls_stays_though_the_proxy_speaks_plain_http(db, settings):
    settings.STRICT_TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains; preload"
    for path in ("/", "/healthz", "/nowhere"):
        answer = Client().get(path)
        assert answer["Strict-Transport-Security"] == settings.STRICT_TRANSPORT_SECURITY, path


def test_plain_http_promises_nothing(db, settings):
    assert settings.STRICT_TRANSPORT_SECURITY == ""
    assert "Strict-Transport-Security" not in Client().get("/").headers
    assert "Strict-Transport-Security" not in door.HEADERS
    with pytest.raises(MiddlewareNotUsed):
        strict_transport(lambda _request: HttpResponse())


@pytest.mark.parametrize("path", ["/accounts/login/", "/", "/language"])
def test_a_large_body_is_refused_unread(path, settings):
    class Unread:
        def read(self, *_arguments: object) -> bytes:
            raise AssertionError("somebody read it")

        readline = read

    length = str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    for announced in (length, "-1", "many", "9" * 5_000):
        extra = {"wsgi.input": Unread(), "CONTENT_LENGTH": announced}
        answer = Client().generic("POST", path, content_type="multipart/form-data; boundary=x", **extra)
        assert answer.status_code == 413
        assert answer["Content-Type"].startswith("text/plain")


def test_a_file_is_refused_and_nothing_reaches_the_disk(db, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    answer = Client().post("/accounts/login/", {"login": SimpleUploadedFile("a.txt", b"abc" * 1000)})
    assert answer.status_code == 400
    assert list(tmp_path.iterdir()) == []
    assert settings.FILE_UPLOAD_HANDLERS == ["config.uploads.RefuseFiles"]
