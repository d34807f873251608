"""bin/prove: every part can be run, none can hang it or hide that it broke off, and only its section of a page is written."""

import importlib
import inspect

import pytest

from prove import page, run
from prove.score import Score
from tests.house.backups import command
from tests.house.running import outside_environment


def play(part: str, seconds: float = 20.0) -> run.Outcome:
    return run.play(part, seconds, run.Terminal(), package="tests.house.parts")


@pytest.mark.parametrize("part", run.PARTS)
def test_every_part_is_there(part):
    module = importlib.import_module(f"prove.{part}")
    assert list(inspect.signature(module.run).parameters) == ["progress", "budget_seconds"]


def test_a_part_hands_back_its_score():
    outcome = play("ending")
    assert outcome.ran
    assert outcome.score == Score(
        "An ending", [("seconds", "20"), ("operations", "1,000,000")], ["One point was lost."]
    )


def test_a_part_that_breaks_off_has_failed():
    outcome = play("breaking")
    assert not outcome.ran
    assert outcome.score.failures == ["It broke off: RuntimeError: no server"]


def test_a_part_that_hangs_is_ended():
    outcome = play("hanging", seconds=1.0)
    assert not outcome.ran
    assert outcome.score.failures == ["It was ended after 00:01 (see .data-test/prove/hanging.log)."]


def test_a_part_that_is_not_there_has_failed():
    outcome = play("missing")
    assert not outcome.ran
    assert outcome.score.failures == ["There is no tests.house.parts.missing yet: nothing was tried."]


def test_an_unknown_part_is_refused():
    code, _printed, complaint = command("bin/prove", "everything", env=outside_environment())
    assert code == 2
    assert "there is no part everything; there are isolation, mutation" in complaint


def test_only_the_section_of_scores_is_written(tmp_path):
    path = tmp_path / "guarantees.md"
    path.write_text(f"Before.\n{page.BEGIN}\nold\n{page.END}\nAfter.\n")
    score = Score("Books", [("operations", "1,000,000")], ["A | was\nlost."])
    page.write({"books": score}, path=path)
    text = path.read_text()
    assert text.startswith(f"Before.\n{page.BEGIN}\n")
    assert text.endswith(f"{page.END}\nAfter.\n")
    assert "| books | operations | 1,000,000 |" in text
    assert "- **Broken** (books): A \\| was lost." in text
    assert f"PostgreSQL {page.postgres_version()}, Python " in text
    assert "old" not in text


def test_a_page_without_its_marks_is_left_alone(tmp_path):
    path = tmp_path / "guarantees.md"
    path.write_text("Nothing here.\n")
    with pytest.raises(ValueError, match="once each"):
        page.write({}, path=path)
    assert path.read_text() == "Nothing here.\n"
