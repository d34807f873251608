"""The test of the test: with books that do one thing wrongly, the machine must find it."""

import pytest
from django.db import DatabaseError, connection
from hypothesis.errors import Flaky
from hypothesis.stateful import initialize

from tests.loyalty.books.clock import ZONES
from tests.loyalty.books.machine import BooksMachine, used
from tests.loyalty.books.playing import play
from tests.loyalty.books.stage import make_shops

LOOK = 20_000  # operations at most; each is found within a few hundred

# What is wrong: the function, and what of it reads otherwise.
MUTANTS = {
    "the last to expire is used first": (
        "ledger_draw",
        "ORDER BY expires_at NULLS LAST",
        "ORDER BY expires_at DESC NULLS FIRST",
    ),
    "a lot lives a moment too long": (
        "ledger_settle_locked",
        "due_at <= p_now AND available",
        "due_at < p_now AND available",
    ),
    "a hold lasts a moment too long": ("ledger_settle_locked", "until <= p_now", "until < p_now"),
    "what comes back repays nothing": ("ledger_come_back", "least(debt, p_amount)", "least(0, p_amount)"),
    "the first used comes back first": ("ledger_return", "ORDER BY used.seq DESC", "ORDER BY used.seq"),
    "a dead lot has no grace": ("ledger_return", "l.expires_at <= p_now AS is_dead", "false AS is_dead"),
    "a hold closes twice": ("ledger_end_hold", "v_hold.closed_by IS NOT NULL", "false"),
    "more is taken back than was given": (
        "ledger_take_back",
        "p_amount > v_rest",
        "p_amount > v_award.amount",
    ),
    "another asks for the same key": ("ledger_recall", "v_entry.fingerprint <> p_fingerprint", "false"),
    "what is set aside does not go home": ("ledger_carried_by", "m.entry_id = p_merge", "false"),
    "what is carried lives for ever": ("ledger_carry_hold", "l.expires_at, l.id", "NULL, l.id"),
    "nothing is parted again": ("ledger_unmerge", "entry_id = p_merge", "entry_id <> p_merge"),
}


class ManySmallLots(BooksMachine):
    """What comes back was used out of several lots, as it else seldom was."""

    @initialize(amount=used)
    def used_out_of_several(self, amount: int) -> None:
        for _ in range(8):
            self.award(whose=1, amount=3, zone=ZONES[0], days=None, vesting=None)
        self.spend(whose=1, amount=20)
        self.return_spend(which=0, whose=0, amount=amount, grace=None)


class InDebt(BooksMachine):
    """What was used was taken back: the first account owes, and something of it can be returned."""

    @initialize()
    def used_and_taken_back(self) -> None:
        self.award(whose=0, amount=40, zone=ZONES[0], days=1, vesting=None)
        self.spend(whose=0, amount=30)
        self.take_back(which=0, whose=0, amount=None)
        self.spend(whose=0, amount=30)


# Where what is wrong comes up at once; from nothing it takes thousands of operations.
GROUND = {
    "what comes back repays nothing": InDebt,
    "the first used comes back first": ManySmallLots,
}


@pytest.mark.parametrize("wrong", MUTANTS)
def test_the_machine_finds(wrong, committed_db, world, servers_of_this_run):
    function, reads, otherwise = MUTANTS[wrong]
    with servers_of_this_run.administrator(connection.settings_dict["NAME"]) as session:
        [definition] = session.execute("SELECT pg_get_functiondef(%s::regproc)", [function]).fetchone()
        assert reads in definition, "the function reads otherwise now: name another mutant"
        session.execute(definition.replace(reads, otherwise))
    with pytest.raises((AssertionError, DatabaseError, Flaky)):
        play(
            make_shops(world.aroma, world.bloom), LOOK, shrinks=False, machine=GROUND.get(wrong, BooksMachine)
        )
