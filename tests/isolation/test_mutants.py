"""Each lock taken away: something must go red. A rotating sample here, all of them in bin/prove, with their score.

Which part of the list it is follows from the day, so that a week of runs tries them all; `HABITUE_MUTANTS=3` chooses.
"""

import datetime as dt
import logging
import os
from collections import Counter

import pytest
from django.db import transaction

from tests.isolation import looks, mutants, permission_mutants
from tests.isolation.conftest import superuser_as_the_app
from tests.isolation.permission_mutants import EQUIVALENT
from tests.isolation.telling import is_long, tell

PARTS = 7


def part_of_today():
    """Which of the parts is tried."""
    return int(os.environ.get("HABITUE_MUTANTS", dt.datetime.now(dt.UTC).toordinal())) % PARTS


def sample(every):
    """One in PARTS; all of them for bin/prove."""
    return every if is_long() else every[part_of_today() :: PARTS]


class Tally:
    """Who was killed, by kind; who lives."""

    def __init__(self, of):
        self.of, self.killed, self.living, self.by_catalogue = of, Counter(), [], 0

    def note(self, mutant, found):
        tell(progress=f"{sum(self.killed.values()) + len(self.living) + 1} of {self.of}: {mutant.name}")
        if not found:
            self.living.append(mutant.name)
            tell(failure=f"This mutant lives: {mutant.name}.")
        self.killed[mutant.kind] += bool(found)
        self.by_catalogue += bool(found) and found[0].startswith(mutants.CATALOGUE)

    def say(self, every, capsys):
        kinds = Counter(mutant.kind for mutant in every)
        for kind, count in kinds.items():
            tell(what=f"mutants killed: {kind}", done=self.killed[kind], of=count)
        tell(what="of these noticed by the catalogue alone", done=self.by_catalogue)
        with capsys.disabled():
            part = "all" if is_long() else f"part {part_of_today()} of {PARTS}"
            print(f"\nmutants killed: {sum(self.killed.values())} of {len(every)} ({part}; {dict(kinds)})")


def test_a_lock_of_the_database_that_is_missing_is_noticed(stage, capsys):
    with superuser_as_the_app(), transaction.atomic():
        every = sample(mutants.database_mutants())
        tally = Tally(len(every))
        for mutant in every:
            tally.note(mutant, mutants.judge(stage, mutant))
        transaction.set_rollback(True)
    tally.say(every, capsys)
    assert tally.living == []


@pytest.fixture
def quiet(mail_folder):
    """Mutants break pages; their tracebacks are no news."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_a_permission_that_is_not_asked_for_is_noticed(stage, quiet, capsys):
    every = sample(permission_mutants.permission_mutants())
    tally = Tally(len(every))
    for mutant in every:
        tally.note(mutant, permission_mutants.judge(stage, mutant))
    tally.say(every, capsys)
    assert tally.living == []


def test_with_all_locks_in_place_nothing_is_found(stage, quiet):
    """Else every mutant would seem to be killed. What else looks, the other suites here see silent."""
    own = {
        line[3] for line in permission_mutants.LINES if getattr(line[3], "__module__", "") == looks.__name__
    }
    assert len(own) > 4
    for look in own:
        assert permission_mutants.judge(stage, permission_mutants.untouched(look)) == []


def test_what_is_said_to_change_nothing_changes_nothing(stage, quiet):
    """Mutants behind which a second lock gives the same answer are not counted; that they do is seen here."""
    for mutant in permission_mutants.line_mutants(EQUIVALENT):
        assert permission_mutants.judge(stage, mutant) == [], mutant.name
