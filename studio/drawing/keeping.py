"""A design as JSON and back. What is kept carries its version; what is not known is refused, never passed over."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, get_type_hints

from studio.drawing.designs import Design, Frame, Logo

VERSION = 1
_KINDS: dict[object, tuple[type, ...]] = {int: (int,), float: (int, float)}  # all others are text


class DesignUnreadable(ValueError):
    """Not a design that we wrote. `code` never changes; `at` is the part: "logo.share"."""

    def __init__(self, code: str, at: str) -> None:
        super().__init__(f"{code}: {at}")
        self.code, self.at = code, at


def as_json(design: Design) -> dict[str, Any]:
    """Plain values, for a column or a file."""
    return {"version": VERSION, **asdict(design)}


def from_json(kept: object) -> Design:
    """What `as_json` wrote; what is left out is as in a design that nobody touched. Raises DesignUnreadable.

    It reads what is there; whether it is any good says `checking`.
    """
    if not isinstance(kept, Mapping) or kept.get("version") != VERSION:
        raise DesignUnreadable("version_unknown", "version")
    parts = {key: value for key, value in kept.items() if key != "version"}
    logo, frame = parts.pop("logo", None), parts.pop("frame", {})
    plain = _read(Design, parts, "")
    return Design(
        **plain,
        logo=None if logo is None else Logo(**_read(Logo, logo, "logo.")),
        frame=Frame(**_read(Frame, frame, "frame.")),
    )


def digest(design: Design, text: str, mark: str = "") -> str:
    """Names what was proven: the same design, text and mark (by its name) have the same one, in 32 hexadecimal digits."""
    written = json.dumps([as_json(design), text, mark], sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(written.encode(), digest_size=16).hexdigest()


def _read(kind: type, parts: object, above: str) -> dict[str, Any]:
    """The fields of one kind, each of its own type."""
    if not isinstance(parts, Mapping):
        raise DesignUnreadable("value_unreadable", above.rstrip("."))
    known = {name: hint for name, hint in get_type_hints(kind).items() if name not in {"logo", "frame"}}
    for key, value in parts.items():
        if key not in known:
            raise DesignUnreadable("key_unknown", f"{above}{key}")
        wanted = _KINDS.get(known[key], (str,))
        if isinstance(value, bool) or not isinstance(value, wanted):
            raise DesignUnreadable("value_unreadable", f"{above}{key}")
    return dict(parts)
