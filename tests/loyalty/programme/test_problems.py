"""Everything that checking finds has a sentence, in which figures read as people write them."""

import ast

import pytest
from django.utils import translation

from loyalty.programme.problems import SENTENCES, say_problem
from loyalty.rules.checking import Problem
from tests.servers import ROOT


def codes_of(name):
    """The codes that a module can give: those of `Problem(code, …)` and of `(code, {figures})`."""
    for node in ast.walk(ast.parse((ROOT / "loyalty" / name).read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
            first = node.args[0]
        elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[1], ast.Dict):
            first = node.elts[0]
        else:
            continue
        if isinstance(first, ast.Constant):
            yield first.value


def test_every_problem_has_its_sentence_and_no_sentence_is_left_over():
    files = ("rules/checking.py", "rules/expiring.py", "rules/shapes.py", "programme/problems.py")
    assert {code for name in files for code in codes_of(name)} == set(SENTENCES)


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("per_minor", "Write a number from €1 to €10,000."),
        ("tiers.1.multiplier_percent", "Write a number from 1 to 10,000."),
        ("limits.purchases_a_day", "Write a number from 100 to 1,000,000."),
    ],
)
def test_figures_are_said_as_they_are_written_in_that_field(field, words):
    figures = {"least": 100, "most": 1_000_000}
    assert say_problem(Problem("out_of_range", "", field, figures), "EUR") == words


def test_names_are_told_one_after_another_in_the_readers_language():
    with translation.override("fr"):
        problem = Problem("both_in_and_out", "", "basis.without", {"names": ["tea", "cake"]})
        assert say_problem(problem, "EUR") == "Ceci est voulu et exclu à la fois\u202f: tea, cake."
