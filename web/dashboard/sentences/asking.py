"""The blanks of conditions: one line of `ASKED` each, beside the condition's own in `loyalty.rules.conditions`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from loyalty.rules.types import Rule, Version
from loyalty.wording.reader import Places
from web.dashboard.sentences import fields, labels
from web.dashboard.sentences.labels import LABELS

Given = Mapping[str, Any]
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asking:
    """The condition's kind, the fields of its form, and what it says when they are filled in."""

    kind: str
    fields: Callable[[Given, Version, Places], fields.Fields]
    fill: Callable[[Given, Data], dict[str, Any]]


def is_asked(field: str, rule: Rule) -> bool:
    """Whether the rule has the condition that this blank is of."""
    return any(condition.kind == ASKED[field].kind for condition in rule.conditions)


def given_of(kind: str, rule: Rule) -> Given:
    """What the rule's condition of this kind says."""
    return next(condition.given for condition in rule.conditions if condition.kind == kind)


def _dates(_given: Given, data: Data) -> dict[str, Any]:
    said = {name: data[name] for name in ("from", "to") if data[name]}
    if not said:
        raise ValidationError(_("Write at least one of the two days."))
    return said


def _segments(_given: Given, data: Data) -> dict[str, Any]:
    if not data["segment"] and not data["tags"]:
        raise ValidationError(_("Choose at least one group, or write a tag."))
    return {"any": [*data["segment"], *data["tags"]]}


def _whole(field: str, name: str) -> Asking:
    """A condition that asks one whole number."""
    return Asking(
        field,
        lambda given, _version, _places: {name: fields.whole(LABELS[field], given[name])},
        lambda given, data: {**given, name: data[name]},
    )


def _chosen(kind: str, offer: Callable[[Given, Version, Places], Any], name: str = "") -> Asking:
    """A condition that asks some of a few."""
    name = name or kind
    return Asking(
        kind,
        lambda given, version, places: {name: offer(given, version, places)},
        lambda _given, data: {"any": data[name]},
    )


ASKED: dict[str, Asking] = {
    "among_first": _whole("among_first", "most"),
    "batch": _chosen(
        "batch", lambda given, _v, places: fields.batches(LABELS["batch"], given["any"], places)
    ),
    "birthday": _whole("birthday", "days"),
    "chance": _whole("chance", "one_in"),
    "channel": _chosen("channel", lambda given, _v, _p: fields.channels(LABELS["channel"], given["any"])),
    "dates": Asking(
        "dates",
        lambda given, _version, _places: {
            "from": fields.DayField(label=labels.FIRST_DAY, day=given.get("from")),
            "to": fields.DayField(label=labels.LAST_DAY, day=given.get("to")),
        },
        _dates,
    ),
    "hours_from": Asking(
        "hours",
        lambda given, _v, _p: {"from": fields.ClockField(label=LABELS["hours_from"], clock=given["from"])},
        lambda given, data: {**given, "from": data["from"]},
    ),
    "hours_to": Asking(
        "hours",
        lambda given, _v, _p: {"to": fields.ClockField(label=LABELS["hours_to"], clock=given["to"])},
        lambda given, data: {**given, "to": data["to"]},
    ),
    "location": _chosen(
        "location", lambda given, _v, places: fields.addresses(LABELS["location"], given["any"], places)
    ),
    "nth_visit": Asking(
        "nth_visit",
        lambda given, _version, _places: {
            "nth": fields.whole(LABELS["nth_visit"], given["nth"]),
            "each": fields.one_of(labels.HOW_OFTEN, labels.EACH, "each" if given.get("each") else ""),
        },
        lambda _given, data: {"nth": data["nth"], **({"each": True} if data["each"] else {})},
    ),
    "occasion": _chosen(
        "name",
        lambda given, _v, _p: fields.NamesField(label=LABELS["occasion"], names=given["any"], small=False),
        "occasion",
    ),
    "payment": _chosen("payment", lambda given, _v, _p: fields.methods(LABELS["payment"], given["any"])),
    "product": _chosen(
        "product", lambda given, _v, _p: fields.NamesField(label=LABELS["product"], names=given["any"])
    ),
    "segment": Asking(
        "segment", lambda given, _v, _p: fields.segments(LABELS["segment"], given["any"]), _segments
    ),
    "spend": Asking(
        "spend",
        lambda given, version, _places: {
            "minor": fields.money(LABELS["spend"], given["minor"], version.currency)
        },
        lambda _given, data: {"minor": data["minor"]},
    ),
    "tier": _chosen("tier", lambda given, version, _p: fields.tiers(LABELS["tier"], given["any"], version)),
    "weekday": Asking(
        "weekday",
        lambda given, _version, _places: {"weekday": fields.weekdays(LABELS["weekday"], given["any"])},
        lambda _given, data: {"any": [int(day) for day in data["weekday"]]},
    ),
}
