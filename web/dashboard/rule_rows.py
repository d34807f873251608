"""The rules as the programme's page shows them: a sentence each, with its blanks, one of them open perhaps."""

from dataclasses import dataclass, replace
from typing import Any

from core.languages import reader_language
from loyalty.gallery.sentences import SHELF, is_borrowed, rules_of
from loyalty.rules.types import Rule, Version
from loyalty.wording import say_rule
from web.dashboard.edited import Edited
from web.dashboard.sentences import (
    Extra,
    Part,
    blank_form,
    extras_of,
    gives_for,
    offers,
    sentence_of,
    triggers,
)

Places = dict[str, str]

ICONS = {
    "anniversary": "calendar", "attendance": "badge-check", "birthday": "cake", "code": "qr-code",
    "custom": "plug", "friend": "users", "gift": "gift", "joining": "gift", "newsletter": "mail",
    "profile": "contact", "purchase": "receipt-text", "referrer": "users", "review": "message-circle",
    "share": "share-2", "survey": "circle-check", "visit": "map-pin",
}  # fmt: skip
WHEN = {"weekday", "hours", "dates"}


@dataclass(frozen=True)
class Opened:
    """The blank that is being filled in."""

    rule_id: str
    field: str
    form: Any

    @property
    def row(self) -> str:
        """Of the page: the sentence in which it is."""
        return f"rule-{self.rule_id}"

    @property
    def back(self) -> str:
        """Of the page: where the focus comes back to."""
        return f"blank-{self.rule_id}-{self.field}"


@dataclass(frozen=True)
class Row:
    """A rule on the page. `was` is what it says in force, where the draft says something else."""

    rule: Rule
    parts: list[Part]
    icon: str
    is_new: bool
    was: str
    offers: list[Extra]
    extras: list[Extra]
    opened: Opened | None

    @property
    def words(self) -> str:
        """The whole sentence, for who hears it."""
        return "".join(part.text for part in self.parts)


def rows_of(edited: Edited, known: Places, opened: Opened | None = None) -> list[Row]:
    """Every rule of the draft, in its order."""
    return [row_of(rule, edited, known, opened) for rule in edited.version.rules]


def row_of(rule: Rule, edited: Edited, known: Places, opened: Opened | None = None) -> Row:
    """One of them."""
    before = edited.in_force.rule(rule.id)
    is_changed = before is not None and before != rule
    return Row(
        rule=rule,
        parts=sentence_of(rule, edited.version, known),
        icon=icon_of(rule),
        is_new=before is None,
        was=say_rule(before, edited.in_force, reader_language(), known, is_desk=True)
        if before and is_changed
        else "",
        offers=offers(rule, edited.version, known),
        extras=extras_of(rule),
        opened=opened if opened and opened.rule_id == rule.id else None,
    )


def opened_blank(version: Version, known: Places, rule_id: str, field: str) -> Opened | None:
    """The blank of this name with what it says now; None where this draft has none."""
    rule = version.rule(rule_id)
    if rule is None:
        return None
    try:
        return Opened(rule_id, field, blank_form(field, rule, version, known))
    except LookupError:
        return None


def icon_of(rule: Rule) -> str:
    """A picture of what sets it off, or of when."""
    if rule.gives == "per_item":
        return "coffee"
    is_timed = any(condition.kind in WHEN for condition in rule.conditions)
    return "calendar" if is_timed else ICONS[rule.trigger]


def to_borrow(version: Version, known: Places) -> dict[str, Any]:
    """The ready sentences that the programme does not say yet, as they would be in it; and a few of their names."""
    language = reader_language()
    shelf = [
        {
            "code": ready.code,
            "name": ready.names[language],
            "lines": [_unnamed(rule, version, known) for rule in rules_of(ready, version)],
        }
        for ready in SHELF
        if not is_borrowed(ready, version)
    ]
    names = [str(one["name"]) for one in shelf[:3]]
    return {"shelf": shelf, "few": ", ".join(name[:1].lower() + name[1:] for name in names)}


def _unnamed(rule: Rule, version: Version, known: Places) -> str:
    """What it says; its name stands above it, but that of a badge is what it gives."""
    said = rule if rule.gives == "badge" else replace(rule, names={})
    return say_rule(said, version, reader_language(), known, is_desk=True)


def offered() -> list[tuple[str, list[tuple[str, str]]]]:
    """What a new sentence may begin with: by what sets it off, (value, label)."""
    return [
        (label, [(f"{trigger}:{gives}", words) for gives, words in gives_for(trigger)])
        for trigger, label in triggers()
    ]
