"""A programme's file, read: a version, or everything that is wrong with it, each with its line. It keeps nothing.

What was exported reads as the version that it was.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, get_args

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from core.ids import new_id
from core.money import CURRENCIES
from loyalty.programme.files.exporting import FORMAT, IN_PERK, IN_RULE, IN_SPEND, IN_TIER, IN_WORTH, WEEKDAYS
from loyalty.programme.files.file_nodes import (
    FAULTY,
    Fault,
    Page,
    Reader,
    an_id,
    by_language,
    hundredths,
    list_of,
    mapping,
    money,
    one_of,
    same,
    text,
    threshold,
    whole,
    yes_or_no,
)
from loyalty.programme.problems import say_problem
from loyalty.rules import tiers, types
from loyalty.rules.checking import check_version
from loyalty.rules.conditions import CONDITIONS
from loyalty.rules.definition import read_definition
from loyalty.rules.limits import Limits
from loyalty.rules.types import Version

# In C where there is one: 64 kB of nothing but commas take Python some seconds. Safe, both: plain values and nothing else.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LARGEST_FILE = 64 * 1024  # a programme of a hundred rules has a third of it
MOST_TOLD = 50
DEEPEST = 12  # the words of a tier's perk are in the seventh; what is deeper costs the scanner its square
STARTS = (
    yaml.BlockSequenceStartToken,
    yaml.BlockMappingStartToken,
    yaml.FlowSequenceStartToken,
    yaml.FlowMappingStartToken,
)
ENDS = (yaml.BlockEndToken, yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)
ODD = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken, yaml.DirectiveToken)


class ProgrammeUnreadable(DomainError):
    """A file that is no programme. `faults` are all that is wrong with it; the first is said."""

    code = "programme_unreadable"
    message = gettext_lazy("Line %(line)d: %(words)s")
    field = "file"

    def __init__(self, faults: Sequence[Fault] = ()) -> None:
        self.faults = sorted(faults)[:MOST_TOLD]
        first = self.faults[0] if self.faults else Fault(1, "")
        super().__init__(line=first.line, words=first.words)


def read_programme(content: bytes, *, currency: str, places: Mapping[str, str]) -> Version:
    """The version that a file says. Where it gives no id, there is a new one. `places`: names of locations, by id.

    Raises ProgrammeUnreadable.
    """
    node = _parse(content)
    page = Page(currency=currency, counts_money=_counts_money(node))
    said = PROGRAMME(node, "", page)
    if page.faults:
        raise ProgrammeUnreadable(page.faults)
    if said["currency"] != currency:
        words = _("This programme counts in %(expected)s; the file is in %(given)s.")
        given = {"expected": currency, "given": said["currency"]}
        raise ProgrammeUnreadable([Fault(page.line_of("currency"), words % given)])
    version = read_definition(0, _resolved(said, places, page))
    page.faults += _problems(version, page)
    if page.faults:
        raise ProgrammeUnreadable(page.faults)
    return version


def _parse(content: bytes) -> yaml.Node:
    if len(content) > LARGEST_FILE:
        raise ProgrammeUnreadable([Fault(1, _("This file is too large for a programme."))])
    try:
        written = content.decode("utf-8-sig")
        _refuse_odd(written)
        node = yaml.compose(written, LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ProgrammeUnreadable([Fault(mark.line + 1 if mark else 1, _unreadable())]) from None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):  # of no UTF-8; of "\UFFFFFFFF"
        raise ProgrammeUnreadable([Fault(1, _unreadable())]) from None
    if node is None:
        raise ProgrammeUnreadable([Fault(1, _("This file is empty."))])
    return node


def _refuse_odd(written: str) -> None:
    """Token by token, so that it ends at the first that no programme has."""
    depth = 0
    for token in yaml.scan(written, LOADER):
        depth += isinstance(token, STARTS) - isinstance(token, ENDS)
        words = _("Anchors and tags are not read here.") if isinstance(token, ODD) else ""
        if depth > DEEPEST:
            words = _("This is nested deeper than any programme.")
        if words:
            raise ProgrammeUnreadable([Fault(token.start_mark.line + 1, words)])


def _unreadable() -> str:
    return _("This cannot be read as YAML. Look at the indentation, the colons and the quotes here.")


def _counts_money(node: yaml.Node) -> bool:
    """Whether the ladder's thresholds are money: said in another part of the file than they are."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    ladder = next((value for name, value in pairs if name.value == "ladder"), None)
    if not isinstance(ladder, yaml.MappingNode):
        return True
    climbing = next((value.value for name, value in ladder.value if name.value == "climbing"), "spend")
    return bool(climbing == "spend")


def _resolved(said: dict[str, Any], places: Mapping[str, str], page: Page) -> dict[str, Any]:
    """The definition: names of units, tiers and locations as their ids, and ids where there were none."""
    del said["format"]
    for thing in (*said["units"], *said.setdefault("tiers", []), *said.setdefault("rules", [])):
        thing.setdefault("id", str(new_id()))
    units = {unit["code"]: unit["id"] for unit in said["units"]}
    ids = {tier["name"]: tier["id"] for tier in said["tiers"]}
    here = {name: place_id for place_id, name in places.items()}
    for place, rule in enumerate(said["rules"]):
        rule["unit"] = units.get(rule["unit"], rule["unit"])
        for number, one in enumerate(rule.get("conditions", ())):
            if one["kind"] == "tier":
                one["any"] = [ids.get(name, name) for name in one.get("any", ())]
            if one["kind"] == "location":
                where = f"rules.{place}.conditions.{number}.any"
                page.faults += _unknown_places(one.get("any", ()), {*places, *here}, where, page)
                one["any"] = [here.get(name, name) for name in one.get("any", ())]
    return said


def _unknown_places(names: Sequence[str], known: Collection[str], where: str, page: Page) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            words = _("There is no location “%(name)s”.") % {"name": name}
            yield Fault(page.line_of(where), words)


def _problems(version: Version, page: Page) -> Iterator[Fault]:
    places = {rule.id: place for place, rule in enumerate(version.rules)}
    for problem in check_version(version):
        path = f"rules.{places[problem.rule]}.{problem.field}" if problem.rule else problem.field
        yield Fault(page.line_of(path), say_problem(problem, version.currency))


def _condition(node: yaml.Node, path: str, page: Page) -> Any:
    """Its kind says what else there is in it."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    kind = next((value for name, value in pairs if name.value == "kind"), None)
    if kind is None:
        return page.fault(node, _("“%(name)s” is missing.") % {"name": "kind"})
    read_kind = one_of(*CONDITIONS)
    if (name := read_kind(kind, path, page)) is FAULTY:
        return FAULTY
    blanks = {IN_SPEND.get(blank, blank): (blank, _blank(name, blank)) for blank in CONDITIONS[name].blanks}
    return mapping({"kind": same("kind", read_kind)} | blanks)(node, path, page)


def _blank(kind: str, name: str) -> Reader:
    if kind == "weekday":
        return list_of(_weekday)
    if kind == "spend":
        return money
    if name == "any":
        return list_of(text)
    return {"each": yes_or_no, "from": text, "to": text, "seed": text}.get(name, whole)


def _weekday(node: yaml.Node, path: str, page: Page) -> Any:
    name = one_of(*WEEKDAYS)(node, path, page)
    return name if name is FAULTY else WEEKDAYS.index(name) + 1


def _fields(of: type, renamed: Mapping[str, str], **readers: Reader) -> dict[str, tuple[str, Reader]]:
    """The fields of a type by their names in the file; what is a word of a list, or a figure, is seen from its type."""
    found = {}
    for name, said in of.__annotations__.items():
        found[renamed.get(name, name)] = (name, readers.get(name) or _reader_of(said))
    return found


def _reader_of(said: Any) -> Reader:
    plain: dict[Any, Reader] = {int: whole, bool: yes_or_no, str: text}
    return plain[said] if said in plain else one_of(*get_args(said))


def _list_of_names(node: yaml.Node, path: str, page: Page) -> Any:
    """Singular and plural."""
    found = list_of(text)(node, path, page)
    if isinstance(found, list) and len(found) != 2:
        return page.fault(node, _("Write two: for one, and for several."))
    return found


UNIT = _fields(
    types.Unit,
    {},
    id=an_id,
    names=by_language(_list_of_names),
    expiry=mapping(_fields(types.Expiry, {}), "kind"),
    worth=mapping(_fields(types.Worth, IN_WORTH, minor=money), "units", "money"),
)
PERK = _fields(tiers.Perk, IN_PERK, names=by_language(text), basis_points=hundredths)
TIER = _fields(
    tiers.Tier,
    IN_TIER,
    id=an_id,
    threshold_minor=threshold,
    multiplier_percent=hundredths,
    perks=list_of(mapping(PERK, "kind")),
    season=mapping(_fields(tiers.Season, {}), "first", "last"),
)
RULE = _fields(
    types.Rule,
    IN_RULE,
    id=an_id,
    unit=text,
    per_minor=money,
    basis_points=hundredths,
    percent=hundredths,
    conditions=list_of(_condition),
    quotas=list_of(mapping(_fields(types.Quota, {}), "most", "counted", "period")),
    goal=mapping(_fields(types.Goal, {}), "times", "period"),
    basis=mapping(_fields(types.Basis, {}, only=list_of(text), without=list_of(text))),
    names=by_language(text),
)
PROGRAMME = mapping(
    {
        "format": same("format", one_of(str(FORMAT))),
        "name": same("name", text),
        "currency": same("currency", one_of(*CURRENCIES)),
        "stacking": same("stacking", _reader_of(types.Stacking)),
        "limits": same("limits", mapping(_fields(Limits, {}))),
        "ladder": same("ladder", mapping(_fields(tiers.Ladder, {}))),
        "returns": same("returns", _reader_of(types.Returns)),
        "least_in_money": ("least_in_money_minor", money),
        "units": same("units", list_of(mapping(UNIT, "code", "names"))),
        "tiers": same("tiers", list_of(mapping(TIER, "name", "from", "times"))),
        "rules": same("rules", list_of(mapping(RULE, "when", "gives", "unit"))),
    },
    "format", "name", "currency", "units",
)  # fmt: skip
