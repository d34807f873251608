"""Nothing that a rule can ask, give or answer is without words, in both languages."""

import ast
from dataclasses import replace
from typing import get_args

import pytest

from core.text import fold
from loyalty.rules.awards import AWARDS
from loyalty.rules.conditions import CONDITIONS
from loyalty.rules.types import Basis, Condition, Gives, Goal, Period, Quota, Rounding, Trigger
from loyalty.wording import say_reason, say_rule
from loyalty.wording.conditions import PHRASES
from loyalty.wording.reasons import SAYINGS
from tests.loyalty.rules import made
from tests.loyalty.wording.examples import CONDITIONS_SAID, FIGURES, VERSION
from tests.servers import ROOT

LANGUAGES = ("en", "fr")
MADE_WITH = {"Unmet": 0, "Given": 0, "Line": 1}  # which argument is the code
WAITING = {"multiplier"}  # never told: it becomes another code, or units


def codes_of_the_engine():
    """Every code that `loyalty/rules` writes down, whichever way."""
    found = set()
    for file in (ROOT / "loyalty/rules").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MADE_WITH:
                found |= texts_in(node.args[MADE_WITH[node.func.id]])
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "attr", "") == "code":
                found |= texts_in(node.value)
    return found - WAITING


def texts_in(node):
    """The texts that an expression may be; what it compares does not count."""
    if isinstance(node, ast.IfExp):
        return texts_in(node.body) | texts_in(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def said_in_both(say):
    english, french = say("en"), say("fr")
    assert english
    assert fold(english) != fold(french)
    assert "%(" not in english + french
    return english


def test_every_code_of_the_engine_has_a_sentence_and_an_example():
    codes = codes_of_the_engine()
    assert len(codes) > 25
    assert codes - SAYINGS.keys() == set()
    assert codes - FIGURES.keys() == set()


@pytest.mark.parametrize("code", sorted(FIGURES))
def test_a_reason_is_said_in_both_languages_with_the_version_and_without(code):
    reason = {"code": code, "rule": "rule", "unit": "points", "units": 24, **FIGURES[code]}
    for version in (VERSION, None):
        said_in_both(lambda language, version=version: say_reason(reason, "EUR", language, version))


def test_every_condition_has_a_phrase_and_an_example():
    assert CONDITIONS.keys() == PHRASES.keys() == CONDITIONS_SAID.keys()


@pytest.mark.parametrize("kind", sorted(CONDITIONS_SAID))
def test_a_condition_is_part_of_the_line(kind):
    plain = made.rule(amount=5)
    asking = replace(plain, conditions=(Condition(kind, CONDITIONS_SAID[kind]),))
    english = said_in_both(lambda language: say_rule(asking, VERSION, language))
    assert english != say_rule(plain, VERSION, "en")


@pytest.mark.parametrize("trigger", get_args(Trigger))
@pytest.mark.parametrize("gives", get_args(Gives))
def test_every_trigger_is_said_with_everything_it_may_give(trigger, gives):
    rule = made.rule(gives, 5, trigger=trigger, per_minor=100, percent=200, basis_points=500)
    said_in_both(lambda language: say_rule(rule, VERSION, language))
    assert set(get_args(Gives)) == {*AWARDS, "multiplier"}


@pytest.mark.parametrize("period", get_args(Period))
@pytest.mark.parametrize("whose", ["member", "programme"])
@pytest.mark.parametrize("counted", ["units", "times"])
def test_every_limit_is_said(period, whose, counted):
    rule = made.rule(amount=5, quotas=(Quota(3, counted, period, whose),))
    said_in_both(lambda language: say_rule(rule, VERSION, language))


@pytest.mark.parametrize("trigger", ["purchase", "visit", "review"])
@pytest.mark.parametrize("period", get_args(Period))
def test_every_goal_is_said(trigger, period):
    within = made.rule(amount=5, trigger=trigger, goal=Goal(3, period))
    said_in_both(lambda language: say_rule(within, VERSION, language))


@pytest.mark.parametrize("trigger", ["purchase", "visit", "review"])
@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_every_streak_is_said(trigger, period):
    streak = made.rule(amount=5, trigger=trigger, goal=Goal(3, period, in_a_row=True))
    said_in_both(lambda language: say_rule(streak, VERSION, language))


@pytest.mark.parametrize("rounding", get_args(Rounding))
@pytest.mark.parametrize("keeps_change", [False, True])
def test_every_basis_and_rounding_is_said(rounding, keeps_change):
    basis = Basis(tax=False, tip=True, discount=True, paid_in_units=True, without=frozenset({"tobacco"}))
    rule = made.per_euro(basis=basis, rounding=rounding, keeps_change=keeps_change, pause_minutes=90)
    said_in_both(lambda language: say_rule(rule, VERSION, language))
