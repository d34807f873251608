"""Everybody who knocks: with which credentials, as whose people; and what Bloom's tables hold before and after."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import psycopg
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client

from members.links import Claim, Purpose, sign
from tests.isolation.canaries import heard
from tests.isolation.stage import Shop, Stage
from tests.isolation.telling import is_long
from tests.world import signed_in
from web.card.session import COOKIE

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SAFE = ("GET", "HEAD", "OPTIONS")
HALF = "half of Bloom's staff"  # see Stage.listed; at home they are like any owner


@dataclass
class Knocker:
    """Somebody at a door. `home` is the shop whose people they are; `role` what they may there: a role or a scope."""

    name: str
    home: Shop | None
    role: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    key: str = ""

    def __post_init__(self) -> None:
        self.client = Client(raise_request_exception=False)

    def knock(self, method: str, path: str, body: bytes, content_type: str, **headers: str) -> Any:
        """One request, with these credentials and nothing that an earlier answer left behind."""
        self.client.cookies = SimpleCookie(self.cookies)
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        response: Any = self.client.generic(method, path, body, content_type=content_type, headers=headers)
        response.said = path + body.decode()
        return response


def knockers(stage: Stage, kind: str) -> list[Knocker]:
    """Who matters at doors of this kind. What opens other kinds of doors is all held by one who has nothing else: more
    credentials never open less."""
    if kind == "api":
        return list(_programs(stage))
    if kind == "card":
        return list(_members(stage))
    if kind == "desk":
        return [*_people(stage, kind), *_staff(stage)]
    return list(_people(stage, kind))


def _people(stage: Stage, kind: str) -> Iterator[Knocker]:
    yield Knocker("nobody, with a key and a card of Aroma's", None, cookies={COOKIE: stage.aroma.session},
                  key=stage.aroma.keys["all"])  # fmt: skip
    if kind in ("desk", "letter") or is_long():
        yield Knocker("somebody without a shop", None, cookies=session_of(stage.stranger))
    for shop in (stage.aroma, stage.bloom) if kind != "service" or is_long() else (stage.aroma,):
        yield Knocker(f"{shop.merchant.slug}'s owner", shop, "owner", cookies=session_of(shop.owner))


def _staff(stage: Stage) -> Iterator[Knocker]:
    for shop in (stage.aroma, stage.bloom) if is_long() else (stage.aroma,):
        for role in ("cashier", "manager"):
            cookies = session_of(getattr(shop, role))
            yield Knocker(f"{shop.merchant.slug}'s {role}", shop, role, cookies=cookies)
    for name, someone in (("strike off", stage.listed), ("list", stage.unlisted)):
        yield Knocker(f"an owner whom Bloom forgot to {name}", stage.aroma, HALF, session_of(someone))


def _programs(stage: Stage) -> Iterator[Knocker]:
    everything = session_of(stage.aroma.owner) | {COOKIE: stage.aroma.session}
    yield Knocker("a browser of Aroma's owner, without a key", None, cookies=everything)
    made_up = stage.bloom.keys["all"].replace(stage.bloom.merchant.id.hex, stage.aroma.merchant.id.hex)
    yield Knocker("Bloom's key, in Aroma's name", None, key=made_up)
    yield Knocker("Aroma's key that was revoked", None, key=stage.aroma.texts["revoked"])
    for shop in (stage.aroma, stage.bloom):
        for scope, text in shop.keys.items():
            if shop is stage.aroma or scope == "all" or is_long():
                yield Knocker(f"{shop.merchant.slug}'s key: {scope}", shop, scope, key=text)


def _members(stage: Stage) -> Iterator[Knocker]:
    yield Knocker("Aroma's owner, with a key and no card", None, cookies=session_of(stage.aroma.owner),
                  key=stage.aroma.keys["all"])  # fmt: skip
    replaced = sign(Claim(stage.aroma.merchant.id, stage.aroma.member.id, 7), Purpose.SESSION)
    yield Knocker("Aroma's member, with a card that was replaced", None, cookies={COOKIE: replaced})
    for shop in (stage.aroma, stage.bloom):
        yield Knocker(f"{shop.merchant.slug}'s member", shop, "member", cookies={COOKIE: shop.session})


def session_of(someone: Any) -> dict[str, str]:
    """The cookie of a browser in which this user is signed in."""
    name = settings.SESSION_COOKIE_NAME
    return {name: signed_in(someone).cookies[name].value}


def text_of(response: Any) -> bytes:
    """All that went out: body, headers and cookies."""
    body = b"".join(response) if isinstance(response, StreamingHttpResponse) else b""
    body = response.content if isinstance(response, HttpResponse) else body
    return body + repr(list(response.items())).encode() + response.cookies.output().encode()


def leaks(response: Any, shop: Shop) -> list[str]:
    """The canaries of this shop that the answer holds."""
    return heard(text_of(response), shop.merchant.slug)


def fingerprint(administrator: psycopg.Connection, shop: Shop) -> dict[str, str]:
    """A digest of each table's rows of this shop."""
    tables = administrator.execute("""
        SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND NOT c.relispartition AND EXISTS (
              SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'merchant_id' AND NOT a.attisdropped)
    """).fetchall()
    parts = [(name, f"t.merchant_id = '{shop.merchant.id}'") for (name,) in tables]
    parts += [
        ("merchants_merchant", f"t.id = '{shop.merchant.id}'"),
        ("merchants_user", f"'{shop.merchant.id}' = ANY (t.merchant_ids)"),
    ]
    statement = " UNION ALL ".join(
        f"SELECT '{table}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t WHERE {where}"
        for table, where in parts
    )
    return dict(administrator.execute(statement).fetchall())
