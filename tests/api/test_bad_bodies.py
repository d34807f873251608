"""Bodies that have no meaning, or two, or no end: each a clear 4xx, and nothing changed."""

import pytest

from tests.api.conftest import assert_refused


@pytest.mark.parametrize(
    "raw",
    [
        b" ",
        b"null",
        b"[]",
        b'"purchase"',
        b"{",
        b'{"amount": NaN}',
        b'{"amount": Infinity}',
        b'{"amount": 1e999}',
        b'{"amount": "\xff"}',
        b'{"amount": "\\ud800"}',
        b'{"reference": "\\udc00\\ud800"}',
        b'{"amount": "12.50", "amount": "1250.00"}',
        b'{"items": [{"sku": "a", "sku": "b"}]}',
        b'\xef\xbb\xbf{"amount": "12.50"}',
        b"amount=12.50&currency=EUR",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"items":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"items":' * 500 + b"1" + b"}" * 500,
    ],
)
def test_bytes_that_are_no_object(till, raw, unchanged):
    assert_refused(till.post("/purchases", raw), 400, "json_unreadable")


def test_no_body_at_all(till, unchanged):
    for path in ("/purchases", "/members"):
        assert_refused(till.post(path, b""), 415, "content_type_unsupported")


def test_every_word_of_a_refusal_can_be_read(till, basket, unchanged):
    """NUL and half characters in names of fields come back in the answer, escaped and not raw."""
    response = till.post("/purchases", basket(**{"ref\x00": 1, "<script>": 2}))
    assert_refused(response, 422, "field_unknown")
    assert [error["field"] for error in response.json()["errors"]] == ["<script>", "ref\x00"]
    assert b"\x00" not in response.content


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
    ],
)
def test_a_body_that_does_not_call_itself_json(till, basket, content_type, unchanged):
    response = till.post("/purchases", basket(), **{"Content-Type": content_type})
    assert_refused(response, 415, "content_type_unsupported")


def test_a_body_of_ten_megabytes(till, basket, unchanged):
    assert_refused(till.post("/purchases", basket(reference="x" * 10_000_000)), 413, "body_too_large")


@pytest.mark.parametrize("query", ["dry_run=yes", "dry_run=", "dryrun=true", "dry_run=true&dry_run=false"])
def test_a_dry_run_that_is_misspelt_is_no_purchase(till, basket, query, unchanged):
    response = till.post(f"/purchases?{query}", basket())
    assert response.status_code == 422
    assert response.json()["code"] in ("value_of_wrong_kind", "field_unknown")
