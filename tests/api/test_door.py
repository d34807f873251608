"""The door itself: addresses, methods, sizes, headers, limits, and what happens when we break."""

import io
import json
import logging

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from api import door, throttling
from tests.api.conftest import assert_refused

READS = ["/purchases", "/members", "/programme", "/locations"]


# --- addresses and methods ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v2/purchases",
        "/api/v1/purchases/",
        "/api/v1/nothing",
        "/api/v1/members/a/b",
    ],
)
def test_an_address_that_does_not_exist(world, path):
    assert_refused(
        Client().get(path, headers={"Authorization": f"Bearer {world.aroma_key}"}), 404, "not_found"
    )
    assert_refused(Client().get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/purchases", "GET, POST, HEAD"),
        ("/members", "GET, POST, HEAD"),
        ("/programme", "GET, HEAD"),
        ("/problems", "GET, HEAD"),
        ("/openapi.json", "GET, HEAD"),
    ],
)
def test_a_method_that_an_address_does_not_take(till, path, allowed, unchanged):
    for method in ("DELETE", "PUT", "OPTIONS", "TRACE", "BREW"):
        response = till.send(method, path, {})
        assert_refused(response, 405, "method_not_allowed")
        assert set(response.headers["Allow"].split(", ")) == set(allowed.split(", "))


def test_head_is_get_without_a_body(till):
    for path in READS:
        response = Client().head(f"/api/v1{path}", headers=till.headers())
        assert (response.status_code, response.content) == (200, b"")


def test_a_host_that_is_not_ours(till):
    for _time in range(2):
        response = Client().get("/api/v1/members", headers=till.headers() | {"Host": "evil.example"})
        assert_refused(response, 400, "request_unreadable")
    assert till.get("/members").status_code == 200


def test_every_answer_carries_the_headers_and_sets_no_cookie(till, basket):
    answers = [
        till.post("/purchases", basket()),
        till.post("/purchases", basket(amount="0")),
        till.get("/members"),
        Client().get("/api/v1/nothing"),
        Client().get("/api/v1/openapi.json"),
    ]
    for response in answers:
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Language"] == "en"
        assert not response.cookies


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA,fr;q=0.8", "fr"),
        ("de", "en"),
        ("de, fr;q=0.5, en;q=0.4", "fr"),
        ("*", "en"),
        ("fr;q=0", "en"),
        ("x" * 5000, "en"),
        ("\xe9;q=a", "en"),
    ],
)
def test_words_come_in_the_language_asked_for(header, language):
    assert door.read_language(header) == language


# --- sizes ------------------------------------------------------------------------------------------------------------


class Endless(io.RawIOBase):
    """A body that never ends, and counts how much of it was read."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "nobody may ask for all of it"
        self.taken += size
        return b" " * size


@pytest.fixture
def with_body(till):
    """The answer to a purchase whose raw stream and headers are these."""

    def send(stream, **environ):
        request = RequestFactory().generic(
            "POST",
            "/api/v1/purchases",
            content_type="application/json",
            headers=till.headers() | {"Idempotency-Key": "K"},
        )
        request.META.update({"wsgi.input": stream, "CONTENT_TYPE": "application/json"}, **environ)
        return door.answer(request)

    return send


def code_of(response):
    return response.status_code, json.loads(response.content)["code"]


def test_a_body_that_says_it_is_too_large_is_not_read(with_body, unchanged):
    stream = Endless()
    for length in ("10000000", "9" * 5_000):
        assert code_of(with_body(stream, CONTENT_LENGTH=length)) == (413, "body_too_large")
    assert stream.taken == 0


def test_an_endless_chunked_body_is_read_up_to_the_limit(with_body, settings, unchanged):
    stream = Endless()
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    assert code_of(with_body(stream, **chunked)) == (413, "body_too_large")
    assert stream.taken <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1


def test_a_chunked_body_is_read_where_the_server_marks_its_end(with_body, basket):
    stream = io.BytesIO(json.dumps(basket()).encode())
    answer = with_body(stream, **{"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True})
    assert answer.status_code == 201
    assert code_of(with_body(Endless(), HTTP_TRANSFER_ENCODING="chunked")) == (411, "length_required")


@pytest.mark.parametrize("length", ["-1", "ten", "1.5", "5_0", "100"])
def test_a_body_whose_length_is_not_what_it_says(with_body, length, unchanged):
    assert code_of(with_body(io.BytesIO(b"{}"), CONTENT_LENGTH=length)) == (400, "request_unreadable")


# --- limits -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def fresh_limits(world):
    """No request counted yet, and none after the test."""
    throttling.forget()
    yield
    throttling.forget()


def test_more_requests_than_allowed_are_told_when_to_come_back(till, bloom_till, settings, fresh_limits):
    settings.API_RATE_PER_MINUTE = 3
    answers = [till.get("/programme") for _time in range(10)]
    passed = [answer for answer in answers if answer.status_code == 200]
    assert 3 <= len(passed) <= 6, "the minute may turn once in between"
    assert_refused(answers[-1], 429, "rate_exceeded")
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61
    assert bloom_till.get("/programme").status_code == 200


def test_zero_is_no_limit(till, settings):
    settings.API_RATE_PER_MINUTE = 0
    assert {till.get("/programme").status_code for _time in range(5)} == {200}


@pytest.mark.fault
def test_requests_pass_when_redis_is_away(till, settings, tmp_path, basket, fresh_limits):
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"
    settings.API_RATE_PER_MINUTE = 1
    assert {till.post("/purchases", basket()).status_code for _time in range(3)} == {201}


# --- faults -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def broken(monkeypatch, caplog):
    """An address whose view raises this; the response."""

    def ask(exception):
        def view(request):
            raise exception

        monkeypatch.setitem(door.FIXED, "/api/v1/broken", view)
        with caplog.at_level(logging.ERROR):
            return Client().get("/api/v1/broken")

    return ask


@pytest.mark.fault
def test_a_bug_of_ours_is_logged_and_told_to_nobody(broken, caplog):
    response = broken(ValueError("secret of the house"))
    assert_refused(response, 500, "internal_error")
    assert b"secret" not in response.content
    assert "secret of the house" in caplog.text


@pytest.mark.fault
def test_a_database_that_is_away_asks_to_come_again(db, broken):
    response = broken(OperationalError("the connection is lost"))
    assert_refused(response, 503, "unavailable")
    assert response.headers["Retry-After"] == "1"
