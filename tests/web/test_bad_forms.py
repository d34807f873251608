"""Every form of every page, sent with what no person types: a clear answer, never a 5xx, and none of it is kept."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote_plus, urljoin

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from tests.quality.pages import PAGES, client_of

MARK = "BADINPUT"  # what is found again in a statement that writes was kept
BAD = {
    "NUL": f"{MARK}\x00".encode(),
    "a tower of accents": (MARK + "e" + "\u0301" * 40).encode(),
    "a line that never ends": MARK.encode() * 5_000,
    "half a character": b"\xed\xa0\x80\xff",
    "two to the power of 63": str(2**63).encode(),
    "no number": b"NaN",
    "deeply nested": b'{"a":[' * 500,
}
LYING = f"{MARK}\u202e".encode()  # a mark of direction
UUID = re.compile(r"[0-9a-f-]{36}")
TYPED = {
    "text",
    "search",
    "email",
    "tel",
    "number",
    "password",
    "url",
    "date",
    "time",
    "color",
    "hidden",
    "range",
}


# What somebody might type who means well, where the page has nothing in the field yet.
LIKELY = {
    "select": "",
    "birthday": "",
    "tel": "+33611223344",
    "email": "ada@example.org",
    "number": "5",
    "numeric": "5",
    "decimal": "5",
    "date": "",
    "time": "",
    "url": "",
    "hidden": "",
    "checkbox": "on",
    "color": "#112233",
}


@dataclass
class Form:
    """A form as somebody might send it who means well: its address, its fields and their values."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)

    @property
    def kind(self) -> tuple[str, tuple[str, ...]]:
        """The same for each row of a list."""
        return UUID.sub("", self.action), tuple(self.typed)


class Forms(HTMLParser):
    """Gathers the forms of a page that post text."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.found: list[Form] = []
        self.open: Form | None = None
        self.choosing = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form begins, or a field of it."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_plain = (
                given.get("enctype", "") != "multipart/form-data"
            )  # a file's own tests are test_logo.py
            posts = given.get("method", "").lower() == "post"
            self.open = Form(urljoin(self.path, given.get("action", ""))) if posts and is_plain else None
        elif self.open is not None and tag in {"input", "select", "textarea"} and given.get("name"):
            kind = given.get("type", "text") if tag == "input" else tag
            if given["name"] == "csrfmiddlewaretoken" or (
                kind in {"checkbox", "radio"} and "checked" not in given
            ):
                return
            self.choosing = given["name"] if tag == "select" else ""
            known = [given["name"], given.get("inputmode", ""), kind]
            likely = next((LIKELY[name] for name in known if name in LIKELY), "Ada")
            self.open.fields[given["name"]] = given.get("value") or likely
            if kind in TYPED or tag != "input":
                self.open.typed.append(given["name"])
        elif self.open is not None and tag == "option" and self.choosing and "selected" in given:
            self.open.fields[self.choosing] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """It is kept when there is something to type or choose in it."""
        if tag == "form" and self.open is not None:
            if self.open.typed and self.open.kind not in {form.kind for form in self.found}:
                self.found.append(self.open)
            self.open = None


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements that wrote what was bad; whatever is done inside is undone."""
    found: list[str] = []

    def look(execute, sql, params, many, context):
        is_read = sql.lstrip().upper().startswith("SELECT") and "record" not in sql
        if not is_read and MARK in str(params):
            found.append(sql[:200])
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(look):
            yield found
        transaction.set_rollback(True)


def bodies_of(form: Form) -> Iterator[tuple[str, bytes]]:
    """All that is typed bad in the same way, in each way; then one field alone that would lie to its reader."""
    for how, bad in BAD.items():
        yield how, encoded(form.fields, dict.fromkeys(form.typed, bad))
    for name in form.typed:
        yield f"{name} alone", encoded(form.fields, {name: LYING})


def encoded(fields: dict[str, str], changes: dict[str, bytes]) -> bytes:
    values = {name: value.encode() for name, value in fields.items()} | changes
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in values.items()).encode()


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.status == 200 and page.kind not in {"dev", "front"}], ids=str
)
def test_nothing_that_is_typed_breaks_a_form_or_is_kept_though_it_cannot_be(every_page, mail_folder, page):
    client, path = client_of(page.who, every_page.world), page.path(every_page)
    forms = Forms(path)
    forms.feed(client.get(path, follow=True).content.decode())
    for form in forms.found:
        if form.action == "/language":  # on every page, and of its own: test_front.py
            continue
        for how, body in bodies_of(form):
            cache.clear()  # the limit on tries is another test's
            with written() as kept:
                answer = client.generic(
                    "POST", form.action, body, content_type="application/x-www-form-urlencoded"
                )
            assert answer.status_code < 500, (form.action, how)
            assert kept == [], (form.action, how)
