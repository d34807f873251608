"""The form of one blank, and the rule as it is when the blank is filled in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from loyalty.programme.problems import say_problem
from loyalty.rules.checking import check_rule
from loyalty.rules.types import Rule, Version
from loyalty.wording.reader import Places
from web.dashboard.sentences.blanks import blank_of


class BlankForm(forms.Form):
    """What stands in a blank. Once it is valid, `rule` is the rule with that."""

    def __init__(self, field: str, rule: Rule, version: Version, places: Places, data: Any = None) -> None:
        super().__init__(data, auto_id="blank_%s")
        self._was, self._version = rule, version
        self._blank = blank_of(field, rule)
        self.rule = rule
        self.fields.update(self._blank.fields(rule, version, places))

    def clean(self) -> dict[str, Any] | None:
        """Whatever would be wrong with the rule is said at the field that it was written in."""
        if self.errors:
            return self.cleaned_data
        try:
            self.rule = self._blank.fill(self._was, self.cleaned_data)
        except ValidationError as refused:
            self.add_error(next(iter(self.fields)), refused)
            return self.cleaned_data
        known = {(problem.code, problem.field) for problem in check_rule(self._was, self._version)}
        for problem in check_rule(self.rule, self._version):
            named = problem.field.rpartition(".")[2]
            if named in self.fields or (problem.code, problem.field) not in known:
                at = named if named in self.fields else next(iter(self.fields))
                self.add_error(at, say_problem(problem, self._version.currency))
        return self.cleaned_data


def blank_form(field: str, rule: Rule, version: Version, places: Places, data: Any = None) -> BlankForm:
    """The form of a blank that this rule has, with what it says now, or with what was typed. Raises LookupError."""
    return BlankForm(field, rule, version, places, data)
