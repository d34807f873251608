"""The WSGI door: the API without Django's handler, pages with it, and nothing lost on the short way."""

import json
import logging

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import OperationalError, connection
from django.test import RequestFactory

from config import edge, wsgi
from core.ids import new_id


def ask(method, path, *, body=None, **headers):
    """Status, headers and body, as a WSGI server gets them."""
    given = RequestFactory().generic(method, path, b"" if body is None else json.dumps(body)).environ
    environ = given | {"CONTENT_TYPE": "application/json"} | headers
    began = []
    parts = wsgi.application(environ, lambda status, found: began.append((status, dict(found))))
    content = b"".join(parts)
    (status, found) = began[0]
    return status, found, content


def test_a_purchase_by_the_short_way(committed_db, world):
    status, headers, content = ask(
        "POST",
        "/api/v1/purchases",
        body={"member": f"mem_{world.noah.id.hex}", "amount": "12.00", "currency": "EUR"},
        HTTP_AUTHORIZATION=f"Bearer {world.aroma_key}",
        HTTP_IDEMPOTENCY_KEY=str(new_id()),
    )
    assert status == "201 Created"
    assert (headers["Content-Type"], headers["Cache-Control"]) == ("application/json", "no-store")
    assert int(headers["Content-Length"]) == len(content)
    assert json.loads(content)["balances"]["points"]["available"] == 62


def test_a_refusal_by_the_short_way_is_a_problem_and_is_logged(committed_db, caplog):
    with caplog.at_level(logging.WARNING, logger="django.request"):
        status, headers, content = ask("GET", "/api/v1/nothing")
    assert (status, headers["Content-Type"]) == ("404 Not Found", "application/problem+json")
    assert json.loads(content)["code"] == "not_found"
    assert [record.getMessage() for record in caplog.records] == ["Not Found: /api/v1/nothing"]


def test_a_header_that_nobody_can_read_is_a_problem_and_not_a_broken_server(committed_db):
    strange = "application/json; charset*=nonsense'en'%41"
    status, headers, content = ask("GET", "/api/v1/programme", CONTENT_TYPE=strange)
    assert (status, headers["Content-Type"]) == ("400 Bad Request", "application/problem+json")
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert json.loads(content)["code"] == "request_unreadable"


def test_whatever_breaks_before_the_door_is_a_problem_and_is_logged(committed_db, caplog, monkeypatch):
    def broken(_request):
        raise RuntimeError("the link before the door broke")

    monkeypatch.setattr(wsgi, "answer_while_open", broken)
    status, headers, content = ask("GET", "/api/v1/programme")
    assert (status, headers["Content-Type"]) == ("500 Internal Server Error", "application/problem+json")
    assert json.loads(content)["code"] == "internal_error"
    assert "the link before the door broke" in caplog.text


def test_what_a_request_held_open_is_closed_when_it_is_answered(committed_db, monkeypatch):
    closed = []
    monkeypatch.setattr(wsgi.WSGIRequest, "close", lambda request: closed.append(request.path))
    ask("GET", "/api/v1/nothing")
    assert closed == ["/api/v1/nothing"]


def test_the_document_and_pages_are_served_too(committed_db):
    assert json.loads(ask("GET", "/openapi.json")[2])["openapi"]
    assert ask("GET", "/healthz")[0] == "200 OK"
    assert ask("GET", "/apiary")[0] == "404 Not Found"


def test_a_connection_that_broke_is_replaced_before_the_next_request(
    committed_db, servers_of_this_run, world
):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    with servers_of_this_run.administrator(connection.settings_dict["NAME"]) as session:
        session.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
    with pytest.raises(OperationalError):
        connection.cursor().execute("SELECT 1")
    answered = ask("GET", "/api/v1/programme", HTTP_AUTHORIZATION=f"Bearer {world.aroma_key}")
    assert answered[0] == "200 OK"


def test_a_connection_that_has_had_its_time_ends_with_the_request(committed_db, world):
    assert ask("GET", "/api/v1/programme", HTTP_AUTHORIZATION=f"Bearer {world.aroma_key}")[0] == "200 OK"
    assert connection.connection is None  # tests keep none: see `committed_db`


def test_the_callers_address_is_read_behind_proxies(settings):
    with pytest.raises(MiddlewareNotUsed):
        edge.client_address(wsgi.answer)
    assert wsgi.answer_from is wsgi.answer
    settings.TRUSTED_PROXY_COUNT = 1
    seen = []
    request = RequestFactory().get("/api/v1/programme", headers={"x-forwarded-for": "1.2.3.4, 5.6.7.8"})
    edge.client_address(lambda given: seen.append(given.META["REMOTE_ADDR"]))(request)
    assert seen == ["5.6.7.8"]


def test_a_closed_house_is_closed_on_the_short_way_too(committed_db, settings):
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    flag = settings.DATA_DIR / "maintenance"
    flag.write_text("30")
    try:
        status, headers, content = ask("GET", "/openapi.json")
    finally:
        flag.unlink()
    assert (status, headers["Retry-After"]) == ("503 Service Unavailable", "30")
    assert json.loads(content)["code"] == "unavailable"
