"""What holds for units and refunds, as sentences with blanks: what is collected, when it can be used, when it expires.

    unit_sentence(unit, version) · life_sentence(unit, version) · returns_sentence(version) · least_sentence(version)
    policy_form(line, field, version, data)   the form of one blank; filled in, `form.change` is the change of the version

`line` is a unit's id, or PROGRAMME for what holds for all of them. As in the rules' sentences, whatever comes out of a form
could be published.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_noop

from core.languages import reader_language
from loyalty.programme.problems import say_problem
from loyalty.rules.checking import check_version
from loyalty.rules.types import Unit, Version
from loyalty.wording.policies import say_expiry, say_vesting, say_worth
from loyalty.wording.reader import Reader
from loyalty.wording.sentences import sentence
from web.dashboard.sentences.parts import Part, as_sentence, filled
from web.dashboard.sentences.policy_blanks import KINDS, NAMES, PROGRAMME, RETURNS, PolicyBlank, policy_blank

__all__ = [
    "PROGRAMME",
    "PolicyForm",
    "least_sentence",
    "life_sentence",
    "policy_form",
    "returns_sentence",
    "unit_sentence",
]


def unit_sentence(unit: Unit, version: Version) -> list[Part]:
    """What members collect, and what it pays for: two sentences; of credit one, for it is money."""
    reader = _reader(version)
    said = {
        "units": [_blank("names", reader.many(unit.id))],
        "kind": [_blank("kind", reader.say(KINDS[unit.kind]), chooses=True)],
    }
    parts = as_sentence(filled(_text(gettext_noop("members collect %(units)s, %(kind)s")), said))
    if unit.kind == "credit":
        return parts
    words = say_worth(unit, reader) if unit.worth else _text(gettext_noop("nobody can pay with them"))
    worth = _blank("worth", capfirst(words))
    return [*parts[:-1], Part(parts[-1].text + " "), worth, Part(".")]


def life_sentence(unit: Unit, version: Version) -> list[Part]:
    """From when units can be used, and when they expire."""
    reader = _reader(version)
    said = {
        "units": [Part(capfirst(reader.many(unit.id)))],
        "vesting": [_blank("vesting", say_vesting(unit, reader), chooses=True)],
        "expiry": [_blank("expiry", say_expiry(unit.expiry, reader), chooses=True)],
    }
    return as_sentence(filled(_text(gettext_noop("%(units)s %(vesting)s and %(expiry)s")), said))


def returns_sentence(version: Version) -> list[Part]:
    """What a refund takes back."""
    what = _blank("returns", _text(RETURNS[version.returns]), chooses=True)
    return as_sentence(filled(_text(gettext_noop("a refund takes back %(what)s")), {"what": [what]}))


def least_sentence(version: Version) -> list[Part]:
    """How much of a bill units may pay."""
    reader, least = _reader(version), version.least_in_money_minor
    words = (
        reader.say(gettext_noop("all of a bill but %(money)s"), money=reader.price(least))
        if least
        else _text(gettext_noop("all of a bill"))
    )
    return as_sentence(filled(_text(gettext_noop("units pay %(what)s")), {"what": [_blank("least", words)]}))


@dataclass
class _Change:
    """What was filled in, as a change of whatever version it is made to."""

    blank: PolicyBlank
    data: dict[str, Any] = field(default_factory=dict)

    def __call__(self, version: Version) -> Version:
        return self.blank.fill(version, self.data)


class PolicyForm(forms.Form):
    """What stands in a blank. Once it is valid, `change` puts it into a version, and `version` is the one that was shown with it."""

    def __init__(self, line: str, field: str, version: Version, data: Any = None) -> None:
        super().__init__(data, auto_id="blank_%s")
        self._blank, self._was = policy_blank(line, field, version), version
        self.version = version
        self.change: Callable[[Version], Version] = lambda version: version
        self.fields.update(self._blank.fields(version))

    def clean(self) -> dict[str, Any] | None:
        """Whatever would be wrong with the programme is said at the field that it was written in."""
        if self.errors:
            return self.cleaned_data
        self.change = _Change(self._blank, self.cleaned_data)
        self.version = self.change(self._was)
        known = check_version(self._was)
        for problem in check_version(self.version):
            if problem not in known:
                self.add_error(self._place(problem.field), say_problem(problem, self._was.currency))
        return self.cleaned_data

    def _place(self, path: str) -> str:
        """The field that a problem is about."""
        found = (name for end, name in self._blank.places.items() if path.endswith(end))
        return next(found, next(iter(self.fields)))


def policy_form(line: str, field: str, version: Version, data: Any = None) -> PolicyForm:
    """The form of a blank, with what it says now, or with what was typed. Raises LookupError where there is none."""
    return PolicyForm(line, field, version, data)


def _reader(version: Version) -> Reader:
    return Reader(reader_language(), version.currency, version)


def _text(text: str) -> str:
    return sentence(text, reader_language())


def _blank(name: str, text: str, *, chooses: bool = False) -> Part:
    return Part(text, name, str(NAMES[name]), chooses)
