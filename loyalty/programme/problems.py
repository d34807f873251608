"""What is wrong with a programme, in words, and the refusal that says it: `rules.checking` finds, this tells."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.languages import reader_language
from core.money import say_money
from loyalty.models import Unit
from loyalty.rules.checking import Problem, check_version
from loyalty.rules.types import Version

SENTENCES: dict[str, Any] = {
    "badges_are_counted_by_times": _("A badge gives no units: count how often it is given."),
    "both_in_and_out": _("This is wanted and left out at once: %(names)s."),
    "change_is_not_rounded": _("What keeps the change is rounded down."),
    "code_taken": _("Another unit has or had this code. Choose another."),
    "code_unreadable": _("Write a code of small letters and digits: 20 characters at most, no spaces."),
    "day_of_year_unreadable": _("Write a day of every year as 06-30; 29 February is none."),
    "day_unreadable": _("Write a day as 2026-11-22."),
    "dies_before_it_vests": _("These units would expire before they can be used."),
    "ends_before_it_begins": _("It ends before it begins."),
    "hours_alike": _("It begins and ends at the same time."),
    "missing": _("Fill in this field."),
    "name_missing": _("Write a name."),
    "name_too_long": _("This is too long: %(longest)d characters at most."),
    "needs_a_purchase": _("This can only be given for a purchase."),
    "none_chosen": _("Choose at least one."),
    "not_in_small_letters": _("Write these in small letters."),
    "not_yes_or_no": _("Write yes or no."),
    "out_of_range": _("Write a number from %(least)s to %(most)s."),
    "row_of_what": _("Say what is to come in a row: days, weeks or months."),
    "threshold_taken": _("Another tier begins at this amount. Choose another."),
    "tiers_out_of_order": _("Tiers stand lowest first."),
    "time_unreadable": _("Write a time as 18:30."),
    "too_many": _("These are too many: %(most)s at most."),
    "twice": _("This is here twice."),
    "unit_missing": _("A programme needs a unit: points, stamps or credit."),
    "unknown_field": _("This is not known here."),
    "unknown_kind": _("“%(given)s” is not known here."),
    "unknown_tier": _("This tier is not there any more."),
    "unknown_unit": _("This unit is not there any more."),
}


class ProgrammeWrong(DomainError):
    """A version that could not be published, or a change that would bring something wrong into it.

    `problems` are all of them; the first is said, at its field (a path as in `checking.Problem`).
    """

    code = "programme_wrong"
    message = "%(words)s"

    def __init__(self, problems: Sequence[Problem] = (), currency: str = "") -> None:
        self.problems = list(problems)
        words = say_problem(self.problems[0], currency) if self.problems else ""
        super().__init__(field=self.problems[0].field if self.problems else None, words=words)


def say_problem(problem: Problem, currency: str, sentences: Mapping[str, Any] = SENTENCES) -> str:
    """In the reader's language: "Write a number from 1 to 1,000."; amounts of money as money."""
    said = {name: _say(name, figure, problem.field, currency) for name, figure in problem.figures.items()}
    return str(sentences[problem.code]) % said


def _say(name: str, figure: Any, field: str, currency: str) -> Any:
    if isinstance(figure, list):
        return ", ".join(figure)
    if name not in {"least", "most"} or not isinstance(figure, int):
        return figure
    language = reader_language()
    if field.endswith("minor"):
        return say_money(figure, currency, language, short=True)
    in_hundredths = field.endswith(("percent", "basis_points"))  # written as × 1.5 and 2.5 %
    return format_decimal(Decimal(figure) / 100 if in_hundredths else figure, locale=language)


def refuse_problems(before: Version, after: Version) -> None:
    """Raise ProgrammeWrong for what is wrong with `after` and was not with `before`. One query where a unit is new."""
    found, new = check_version(after), _taken_codes(before, after)
    if found:
        known = check_version(before)
        new += [problem for problem in found if problem not in known]
    if new:
        raise ProgrammeWrong(new, after.currency)


def _taken_codes(before: Version, after: Version) -> list[Problem]:
    """New units with the code of another one: of one that is gone too, for it keeps its row."""
    known = {(unit.id, unit.code) for unit in before.units}
    new = [(place, unit) for place, unit in enumerate(after.units) if (unit.id, unit.code) not in known]
    if not new:
        return []
    owners = {code: str(unit_id) for unit_id, code in Unit.objects.values_list("id", "code")}
    return [
        Problem("code_taken", "", f"units.{place}.code")
        for place, unit in new
        if owners.get(unit.code, unit.id) != unit.id
    ]
