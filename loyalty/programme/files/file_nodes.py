"""Reading a programme's file node by node, each with its line: what cannot be read is told, and the rest is read on.

A reader takes a node, its path in the definition and the page, and answers a value or FAULTY. Nothing is believed of YAML's
own guesses at types: a field knows what it is, so that 11:00 is a time and No a name.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple
from uuid import UUID

import yaml
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.money import exponent
from core.text import read_text
from loyalty.rules.shapes import LARGEST_MINOR

LONGEST_TEXT = 200  # longer is no name; each field has its own limit besides
LONGEST_SHOWN = 40  # of a name that is not known
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")  # as in "fr" or "pt-BR"


class Fault(NamedTuple):
    """What is wrong, and in which line."""

    line: int
    words: str


class Faulty:
    """What stands where nothing could be read."""


FAULTY = Faulty()


@dataclass
class Page:
    """The file as it is being read: its currency, what is wrong, and in which line each part of the definition began."""

    currency: str = ""
    counts_money: bool = True  # the ladder's thresholds are money
    faults: list[Fault] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def fault(self, node: yaml.Node, words: str) -> Faulty:
        """Tell it, and go on."""
        self.faults.append(Fault(node.start_mark.line + 1, words))
        return FAULTY

    def line_of(self, path: str) -> int:
        """Where this part began, or what it is a part of."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path, 1)


Reader = Callable[[yaml.Node, str, Page], Any]


def text(node: yaml.Node, _path: str, page: Page) -> Any:
    """A line of text."""
    if not isinstance(node, yaml.ScalarNode):
        return page.fault(node, _("Write a text here."))
    try:
        return read_text(node.value, limit=LONGEST_TEXT)
    except DomainError as refusal:
        return page.fault(node, refusal.detail)


def an_id(node: yaml.Node, path: str, page: Page) -> Any:
    """An id, as the export wrote it."""
    said = text(node, path, page)
    try:
        return said if isinstance(said, Faulty) else str(UUID(said))
    except ValueError:
        return page.fault(node, _("This is no id. Leave the line out for something new."))


def whole(node: yaml.Node, _path: str, page: Page) -> Any:
    """A whole number."""
    said = node.value if isinstance(node, yaml.ScalarNode) else ""
    if said.isascii() and said.removeprefix("-").isdigit() and len(said) <= 15:
        return int(said)
    return page.fault(node, _("Write a whole number."))


def yes_or_no(node: yaml.Node, _path: str, page: Page) -> Any:
    """True or false."""
    said = node.value.lower() if isinstance(node, yaml.ScalarNode) else ""
    if said in {"true", "yes"}:
        return True
    return False if said in {"false", "no"} else page.fault(node, _("Write yes or no."))


def money(node: yaml.Node, _path: str, page: Page) -> Any:
    """An amount in the file's currency."""
    return _decimal(node, page, exponent(page.currency), _("Write an amount such as 12.50."))


def hundredths(node: yaml.Node, _path: str, page: Page) -> Any:
    """A number with two decimals at most: × 1.25, 7.5 %."""
    return _decimal(node, page, 2, _("Write a number such as 1.25."))


def threshold(node: yaml.Node, path: str, page: Page) -> Any:
    """Where a tier begins: money, or whatever else the ladder counts."""
    return (money if page.counts_money else whole)(node, path, page)


def one_of(*known: str) -> Reader:
    """One of these words."""

    def read(node: yaml.Node, path: str, page: Page) -> Any:
        said = text(node, path, page)
        if said is FAULTY or said in known:
            return said
        words = _("“%(given)s” is not known here. Known are: %(known)s.")
        return page.fault(node, words % {"given": said, "known": ", ".join(known)})

    return read


def list_of(read: Reader) -> Reader:
    """Several of these."""

    def read_all(node: yaml.Node, path: str, page: Page) -> Any:
        if not isinstance(node, yaml.SequenceNode):
            return page.fault(node, _("Write a list here."))
        found = []
        for place, one in enumerate(node.value):
            page.lines[f"{path}.{place}"] = one.start_mark.line + 1
            found.append(read(one, f"{path}.{place}", page))
        return found

    return read_all


def by_language(read: Reader) -> Reader:
    """One of these for each language."""

    def read_all(node: yaml.Node, path: str, page: Page) -> Any:
        found = {}
        for name, value in _pairs(node, page):
            if not LANGUAGE.fullmatch(name.value):
                page.fault(name, _("“%(given)s” is not known here.") % {"given": _shown(name.value)})
                continue
            page.lines[f"{path}.{name.value}"] = name.start_mark.line + 1
            found[name.value] = read(value, f"{path}.{name.value}", page)
        return found

    return read_all


def mapping(fields: Mapping[str, tuple[str, Reader]], *needed: str) -> Reader:
    """Name in the file → its name in the definition and how it is read. Of what is `needed` nothing may be missing."""

    def read(node: yaml.Node, path: str, page: Page) -> Any:
        found = {}
        for name, value in _pairs(node, page):
            if name.value not in fields:
                known = {"given": _shown(name.value), "known": ", ".join(fields)}
                page.fault(name, _("“%(given)s” is not known here. Known are: %(known)s.") % known)
                continue
            kept, reader = fields[name.value]
            where = f"{path}.{kept}".lstrip(".")
            page.lines[where] = name.start_mark.line + 1
            found[kept] = reader(value, where, page)
        for one in needed:
            if fields[one][0] not in found and isinstance(node, yaml.MappingNode):
                page.fault(node, _("“%(name)s” is missing.") % {"name": one})
        return found

    return read


def same(name: str, read: Reader) -> tuple[str, Reader]:
    """A field that is called the same in both."""
    return name, read


def _pairs(node: yaml.Node, page: Page) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        page.fault(node, _("Write lines of “name: value” here."))
        return []
    seen: set[str] = set()
    found = []
    for name, value in node.value:
        if not isinstance(name, yaml.ScalarNode):
            page.fault(name, _("Write a text here."))
            continue
        if name.value in seen:
            page.fault(name, _("This is here twice."))
            continue
        seen.add(name.value)
        found.append((name, value))
    return found


def _shown(name: str) -> str:
    """A name from outside as a sentence may show it: half of a surrogate pair cannot be sent."""
    return "".join(char if char.isprintable() else "\ufffd" for char in name[:LONGEST_SHOWN])


def _decimal(node: yaml.Node, page: Page, decimals: int, words: str) -> Any:
    said = node.value if isinstance(node, yaml.ScalarNode) else ""
    try:
        exact = Decimal(said) if len(said) <= 20 else Decimal("NaN")
    except InvalidOperation:
        return page.fault(node, words)
    if not exact.is_finite() or abs(exact) > LARGEST_MINOR:
        return page.fault(node, words)
    scaled = exact.scaleb(decimals)
    return int(scaled) if scaled == int(scaled) else page.fault(node, words)
