"""Every address × method × who knocks × whose objects stand in it. One finding a door that opened, or said too much."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import urlencode

import psycopg
from django.core.cache import cache

from core.ids import new_id, public_id
from tests.isolation.addresses import KEYLESS, NEED_TWO, SCOPES, Address
from tests.isolation.knocking import HALF, METHODS, SAFE, Knocker, fingerprint, knockers, leaks
from tests.isolation.stage import Shop, Stage
from tests.isolation.telling import is_long

# A little of everything that forms take: what is refused is refused for whose it is, and not for what is missing.
FORM = {
    "name": "Mine now", "phone": "+33611223344", "email": "mine@now.test", "locale": "en", "role": "cashier",
    "direction": "up", "threshold": "10", "multiplier": "1.5", "amount": "5", "reason": "gift", "points": "5",
    "address": "Here", "confirm": "yes", "key": "a-key", "code": "ZZZZZZ", "scopes": "members:read",
}  # fmt: skip
LEAVES = {"account_logout"}  # posting there ends the session that the next request needs
# What is read, and kept for the audit: who printed whose card or voucher at home, and who took codes away.
NOTED = {
    "dashboard-member-card": {"core_event"},
    "dashboard-voucher-print": {"core_event"},
    "api_batch_codes": {"core_event"},
}
Placing = dict[str, Shop]


@dataclass
class Walk:
    """What was tried, and what was found."""

    requests: int = 0
    covered: set[str] = field(default_factory=set)
    findings: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


def walk(
    stage: Stage,
    addresses: list[Address],
    administrator: psycopg.Connection,
) -> Walk:
    """Knock everywhere. Nothing of either shop may change: all that is asked is refused, or only reads."""
    done = Walk()
    cast = {kind: knockers(stage, kind) for kind in {address.kind for address in addresses}}
    before = {shop.merchant.slug: fingerprint(administrator, shop) for shop in (stage.aroma, stage.bloom)}
    for address in addresses:
        cache.clear()  # tries are counted
        for who in cast[address.kind]:
            done.findings += knock_at(stage, address, who, done)
        for shop in (stage.aroma, stage.bloom):
            after = fingerprint(administrator, shop)
            excused = NOTED.get(address.name, set())
            changed = [name for name, digest in before[shop.merchant.slug].items() if after[name] != digest]
            changed = [name for name in changed if name not in excused]
            if changed:
                done.findings.append(
                    f"{address.pattern}: {shop.merchant.slug}'s {', '.join(changed)} changed"
                )
            before[shop.merchant.slug] = after
        done.covered.add(address.pattern)
    return done


def knock_at(stage: Stage, address: Address, who: Knocker, done: Walk) -> Iterator[str]:
    """All methods and placings of one knocker at one address; what should not have been."""
    answered, is_whole = set(), True
    for placing in placings(stage, address, who):
        foreign = [place for place, shop in placing.items() if shop is not who.home]
        for method in methods(address, who, placing):
            allowed = expected(address, who, placing, method)
            if allowed is None:
                is_whole = False
                continue
            response = send(address, who, placing, method)
            done.requests += 1
            done.statuses[response.status_code] += 1
            answered.add(response.status_code)
            said = f"{method} {address.at(placing)} as {who.name} ({', '.join(foreign) or 'all their own'})"
            if not allowed(response):
                yield f"{said}: {response.status_code}"
            for shop in unseen(stage, address, who, placing):
                if words := leaks(response, shop):
                    yield f"{said}: says {', '.join(words)}"
    if answered == {405} and is_whole:
        yield f"{address.pattern} as {who.name}: no method was answered, so nothing is proven"


def methods(address: Address, who: Knocker, placing: Placing) -> tuple[str, ...]:
    """All; but in the short form, not what answers as it did to somebody, or with something, that knocked before."""
    if is_long() or who.home is None or who.role in ("owner", "all", "member"):
        is_mixed = len({id(shop) for place, shop in placing.items() if place != "slug:slug"}) > 1
        return METHODS if is_long() or not is_mixed else ("GET", "POST")
    return ("GET", "POST", "PATCH") if address.kind == "api" else ("GET", "POST")


def placings(stage: Stage, address: Address, who: Knocker) -> list[Placing]:
    """Whose object stands in which place: all combinations of one's own and another's."""
    if who.home is None:
        return [dict.fromkeys(address.owned, shop) for shop in (stage.aroma, stage.bloom)]
    both = (who.home, stage.other(who.home))
    return [
        dict(zip(address.owned, shops, strict=True)) for shops in product(both, repeat=len(address.owned))
    ]


def send(address: Address, who: Knocker, placing: Placing, method: str) -> Any:
    """The request; with a body that fits, where one is sent."""
    path, headers = address.at(placing), {}
    if address.kind != "api":
        is_form = address.kind == "desk" and method not in SAFE
        body = urlencode(FORM).encode() if is_form else b""
        return who.knock(method, path, body, "application/x-www-form-urlencoded")
    body = b"" if method in SAFE else json.dumps(api_body(address, who)).encode()
    if method == "POST":
        headers["Idempotency-Key"] = str(new_id())
    return who.knock(method, path, body, "application/json", **headers)


def api_body(address: Address, who: Knocker) -> dict[str, Any]:
    """What an endpoint takes, all of it one's own."""
    if address.name == "api_purchases" and who.home:
        member = public_id("mem", who.home.ids["member_id"])
        return {"member": member, "amount": "12.50", "currency": "EUR"}
    if address.name == "api_adjustments":
        return {"unit": "points", "amount": 5, "reason": "gift"}
    return {"name": "Mine now"} if address.name in {"api_member", "api_members"} else {}


def unseen(stage: Stage, address: Address, who: Knocker, placing: Placing) -> list[Shop]:
    """Whose canaries the answer must not hold."""
    if address.kind == "letter" and all(shop is not who.home for shop in placing.values()):
        return []  # the letter's own reader
    if who.home is None:
        # Aroma's card and key are in this one's hands, and may show what is Aroma's where they count.
        return [stage.bloom] if address.kind == "service" else [stage.aroma, stage.bloom]
    return [stage.other(who.home)]


def expected(address: Address, who: Knocker, placing: Placing, method: str) -> Callable[[Any], bool] | None:
    """Whether an answer is one that may be; None where this request is not for here."""
    kinds = {"desk": _desk, "api": _api, "card": _card, "letter": _letter}
    return kinds.get(address.kind, _open)(address, who, placing, method)


def _desk(address: Address, who: Knocker, placing: Placing, method: str) -> Callable[[Any], bool] | None:
    shop = placing["slug:slug"]
    if who.home is None:
        return _is(302 if who.name.startswith("nobody") else 404, 405, placing=placing)
    if shop is not who.home:
        return _is(404, 405, placing=placing)
    if who.role == HALF:
        return None
    if who.role not in address.roles:
        return _is(403, 405, placing=placing)
    if any(other is not shop for other in placing.values()):
        return _is(404, 405, placing=placing)
    return _works if method == "GET" else None


def _works(response: Any) -> bool:
    """At home, for who may: whatever it is, it is not a refusal. So the objects in these addresses are true ones."""
    return response.status_code < 500 and response.status_code not in (403, 404)


def _is(*statuses: int, placing: Placing) -> Callable[[Any], bool]:
    """One of these; or, for whoever opens a form's address, the way back to its page, which asks again."""
    slug = placing["slug:slug"].merchant.slug

    def fits(response: Any) -> bool:
        request, page = response.wsgi_request, response.headers.get("Location", "")
        is_back = f"/{slug}/" in page and request.path.startswith(page) and request.path != page
        return response.status_code in statuses or (is_back and request.method != "POST")

    return fits


def _api(address: Address, who: Knocker, placing: Placing, method: str) -> Callable[[Any], bool] | None:
    if address.name in KEYLESS:
        return lambda response: response.status_code in (200, 405)
    if who.home is None:
        return lambda response: response.status_code == 401
    wanted = SCOPES[address.name].get("GET" if method == "HEAD" else method)
    if wanted is None:
        return lambda response: response.status_code == 405
    if who.role not in (wanted, "all") or (address.name in NEED_TWO and who.role != "all"):
        return lambda response: response.status_code == 403
    if any(shop is not who.home for shop in placing.values()):
        return lambda response: response.status_code == 404
    return (lambda response: response.status_code == 200) if method in SAFE else None


def _card(address: Address, who: Knocker, placing: Placing, method: str) -> Callable[[Any], bool] | None:
    shop = placing["slug:slug"]
    if shop is not who.home:
        door = f"/c/{shop.merchant.slug}/join"
        return lambda response: response.status_code == 302 and response.headers["Location"] == door
    if any(other is not shop for other in placing.values()):
        # A form's way back shows nothing, and takes nothing: `cases_rewards.py` posts one.
        return lambda response: response.status_code in (302, 404, 405)
    return (lambda response: response.status_code in (200, 405)) if method in SAFE else None


def _letter(address: Address, who: Knocker, placing: Placing, method: str) -> Callable[[Any], bool] | None:
    """Another's letter opens nothing at one's own door; at its own, it is its reader's. An invitation is its addressee's."""
    if address.name == "dashboard-invitation" and not who.name.startswith("nobody"):
        return lambda response: response.status_code in (403, 405)
    shops = set(map(id, placing.values()))
    if len(shops) > 1:
        return lambda response: response.status_code in (410, 405)
    return (lambda response: response.status_code < 500) if method in SAFE else None


def _open(address: Address, who: Knocker, placing: Placing, method: str) -> Callable[[Any], bool] | None:
    if address.name in LEAVES and method not in SAFE:
        return None
    if address.name == "card-join" and method == "GET" and placing["slug:slug"].merchant.slug == "bloom":
        return lambda response: response.status_code == 200  # Aroma's card is none here, and leads to none
    return lambda response: response.status_code < 500 or address.name == "dev-error"
