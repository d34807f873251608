"""A request of one shop's people with something of the other shop's in it, and how a case of one is told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urlencode

import orjson

from core import tenancy
from core.ids import new_id, public_id
from core.models import Answer
from members import cards
from members.models import Card, Member
from tests.isolation.knocking import Knocker, leaks, session_of
from tests.isolation.stage import Shop, Stage
from web.card.session import COOKIE

FORM = "application/x-www-form-urlencoded"
Sent = tuple[Any, set[int]]


class Hand:
    """A request of `mine`'s people with something of the other shop's in it."""

    def __init__(self, stage: Stage, mine: Shop) -> None:
        self.stage, self.mine, self.other = stage, mine, stage.other(mine)
        self.mark: Callable[[], None] = lambda: (
            None
        )  # what the other shop did by itself until now is no finding
        self.staff = Knocker("owner", mine, "owner", session_of(mine.owner))
        self.member = Knocker("member", mine, "member", {COOKIE: mine.session})
        self.visitor = Knocker("visitor", None)
        with tenancy.scope(self.other.merchant.id):
            self.card = Card.objects.get(id=self.other.card.id)
            self.person = Member.objects.get(id=self.other.member.id)

    @cached_property
    def turned(self) -> "Hand":
        """The same from the other side."""
        return Hand(self.stage, self.other)

    @property
    def slug(self) -> str:
        """Of the shop that is asked."""
        return self.mine.merchant.slug

    def their(self, prefix: str, name: str) -> str:
        """An id of theirs as the API shows it."""
        return public_id(prefix, self.other.ids[name])

    def own(self, prefix: str, name: str) -> str:
        """One of our own."""
        return public_id(prefix, self.mine.ids[name])

    def texts(self) -> Iterator[str]:
        """All that a till may be shown of their member."""
        yield cards.static_code(self.card, self.other.merchant)
        yield cards.rotating_code(self.card, self.other.merchant)
        yield self.card.spoken_code
        yield self.person.phone
        yield self.their("mem", "member_id")

    def learns(self, answer: Any) -> list[str]:
        """Canaries of theirs in the answer, but for what we said ourselves: a form shows again what was typed."""
        sent = unquote(answer.said)
        typed = any(value in sent for value in (self.person.email, self.person.phone, self.card.spoken_code))
        return [] if typed else leaks(answer, self.other)

    def used_keys(self) -> Iterator[str]:
        """Keys under which they have answers."""
        with tenancy.scope(self.other.merchant.id):
            keys = list(Answer.objects.order_by("key").values_list("key", flat=True))
        return iter([str(key) for key in keys])

    def post(self, path: str, who: Knocker | None = None, /, **said: Any) -> Any:
        """A form."""
        return (who or self.staff).knock("POST", path, urlencode(said).encode(), FORM)

    def get(self, path: str, who: Knocker | None = None, /, **said: Any) -> Any:
        """A page with a query."""
        return (who or self.staff).knock("GET", f"{path}?{urlencode(said)}", b"", FORM)

    def api(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str = "",
        shop: Shop | None = None,
        **query: str,
    ) -> Any:
        """The API, with our key, or with that of `shop`."""
        who = Knocker("key", None, key=(shop or self.mine).keys["all"])
        headers = {"Idempotency-Key": key or str(new_id())} if method == "POST" else {}
        raw = b"" if body is None else orjson.dumps(body)
        return who.knock(method, f"/api/v1{path}?{urlencode(query)}", raw, "application/json", **headers)


@dataclass(frozen=True)
class Case:
    """`send` yields answers with the statuses that they may have. `writes`: something of one's own comes of it."""

    name: str
    fields: frozenset[str]
    send: Callable[[Hand], Iterator[Sent]]
    writes: bool


CASES: list[Case] = []


def case(*fields: str, writes: bool = False) -> Callable[[Callable[[Hand], Iterator[Sent]]], Any]:
    """The fields that the function below tries."""

    def keep(send: Callable[[Hand], Iterator[Sent]]) -> Callable[[Hand], Iterator[Sent]]:
        CASES.append(Case(send.__name__.replace("_", " "), frozenset(fields), send, writes))
        return send

    return keep
