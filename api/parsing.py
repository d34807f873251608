"""From a request to a JSON object that has one meaning only. It knows no field.

orjson refuses what is not JSON (NaN, lone surrogates, bad UTF-8, bottomless nesting); what JSON allows and two readers
would read differently (a key twice) is refused here.
"""

import json
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest

from api.refusals import (
    BodyTooLarge,
    ContentTypeUnsupported,
    JsonUnreadable,
    LengthRequired,
    RequestUnreadable,
)

DEEPEST = 32
MOST_DIGITS = 20  # of a length: int() breaks at 4,300, and twenty are far too much already
_OBJECT_TYPES = (dict, list)


def read_object(request: HttpRequest) -> dict[str, Any]:
    """The request's body as an object.

    Raises ContentTypeUnsupported, BodyTooLarge, LengthRequired, RequestUnreadable, JsonUnreadable.
    """
    if request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != "application/json":
        raise ContentTypeUnsupported
    return parse(read_body(request))


def read_optional(request: HttpRequest) -> dict[str, Any]:
    """As `read_object`; without a body, an object with nothing in it. Raises as that does."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if announced == "0" and "HTTP_TRANSFER_ENCODING" not in request.META:
        return {}
    return read_object(request)


def read_body(request: HttpRequest) -> bytes:
    """The raw body. A body that says it is too large is not read at all, a chunked one only up to the limit."""
    limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if "HTTP_TRANSFER_ENCODING" in request.META:
        if not request.META.get("wsgi.input_terminated"):
            raise LengthRequired
        raw: bytes = request.META["wsgi.input"].read(limit + 1)
    else:
        announced = request.META.get("CONTENT_LENGTH", "")
        if announced.strip("0123456789"):
            raise RequestUnreadable
        length = int(announced[:MOST_DIGITS] or 0)
        if length > limit:
            raise BodyTooLarge(limit=limit)
        raw = request.META["wsgi.input"].read(length)
        if len(raw) < length:
            raise RequestUnreadable
    if len(raw) > limit:
        raise BodyTooLarge(limit=limit)
    return raw


def parse(raw: bytes) -> dict[str, Any]:
    """The object that these bytes say. Raises JsonUnreadable."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as problem:
        raise JsonUnreadable(why=str(problem)) from None
    if type(value) is not dict:
        raise JsonUnreadable(why="it is not an object")
    # Brackets inside text count too, which only sends a rare body through the slow measure.
    if raw.count(b"[") + raw.count(b"{") > DEEPEST and _depth(value) > DEEPEST:
        raise JsonUnreadable(why=f"it is nested deeper than {DEEPEST}")
    try:
        _TWICE.decode(raw.decode())
    except ValueError as problem:
        raise JsonUnreadable(why=str(problem)) from None
    return value


def _once(pairs: list[tuple[str, Any]]) -> None:
    names = {name for name, _value in pairs}
    if len(names) < len(pairs):
        seen: set[str] = set()
        name = next(name for name, _value in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ValueError(f"{name[:60]!r} stands in it twice")


# Numbers stay text: they were read once, and int() refuses more than 4,300 digits.
_TWICE = json.JSONDecoder(object_pairs_hook=_once, parse_int=str, parse_float=str)


def _depth(value: Any) -> int:
    """How deep lists and objects are nested. A loop, for recursion is what deep nesting attacks."""
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [
            part
            for whole in level
            for part in (whole.values() if isinstance(whole, dict) else whole)
            if isinstance(part, _OBJECT_TYPES)
        ]
    return deepest
