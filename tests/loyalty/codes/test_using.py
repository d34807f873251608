"""Entering codes: once each, within what was said of them, and by the rules in force."""

import datetime as dt

import pytest
import time_machine

from core import tenancy
from core.ids import new_id
from core.rate_limits import TooManyTries
from loyalty.codes import batches, using
from loyalty.happenings.taking_back import HappeningUnknown, cancel_happening
from loyalty.ledger import statements
from loyalty.membership import leaving, merging
from loyalty.models import CodeBatch, CodeUse, Happening
from loyalty.rules.types import Quota
from members.cards import Scanned
from tests.loyalty.codes.making import code, enter, gives, made, told
from tests.loyalty.ruled import with_rules
from tests.world import points_of


def uses(merchant):
    with tenancy.scope(merchant.id):
        return CodeUse.objects.count(), sum(CodeBatch.objects.values_list("used", flat=True))


def test_a_code_gives_what_the_rule_says_and_says_why(world):
    gives(world.aroma, 20, "Oat cartons")
    answer = told(enter(world.aroma, world.noah, code(world.aroma, made(world.aroma)).lower()))
    assert [(award["amount"], award["unit"]) for award in answer["awards"]] == [(20, "points")]
    assert answer["awards"][0]["rule"] == "20 points for a code from “Oat cartons”"
    assert (answer["type"], answer["batch"]["source"]) == ("code", "Oatly")
    assert points_of(world.aroma, world.noah) == 70
    with tenancy.scope(world.aroma.id):
        use, happening = CodeUse.objects.get(), Happening.objects.get(trigger="code")
        assert (use.id, use.serial, use.member_id) == (happening.id, 1, world.noah.id)
        assert statements.prove() == []


def test_a_code_serves_once_whoever_enters_it(world):
    gives(world.aroma)
    typed = code(world.aroma, made(world.aroma))
    enter(world.aroma, world.noah, typed)
    for member in (world.noah, world.mia):
        with pytest.raises(using.CodeUsed):
            enter(world.aroma, member, typed)
    assert (points_of(world.aroma, world.noah), points_of(world.aroma, world.mia)) == (70, 1200)
    assert uses(world.aroma) == (1, 1)


def test_the_same_key_gets_the_same_answer_yes_or_no(world):
    gives(world.aroma)
    typed, key, other = code(world.aroma, made(world.aroma)), new_id(), new_id()
    first = enter(world.aroma, world.noah, typed, key)
    again = enter(world.aroma, world.noah, typed, key)
    assert (again.body, again.replayed) == (first.body, True)
    for _time in range(2):
        with pytest.raises(using.CodeUsed):
            enter(world.aroma, world.mia, typed, other)
    assert uses(world.aroma) == (1, 1)


def test_a_word_is_for_as_many_as_was_said(world):
    gives(world.aroma)
    made(world.aroma, word="Summer 26", size=2)
    enter(world.aroma, world.noah, "summer-26")
    enter(world.aroma, world.mia, "SUMMER26")
    with pytest.raises(using.CodeUsedUp, match="first 2"):
        enter(world.aroma, world.mia, "Summer26")
    assert uses(world.aroma) == (2, 2)


def test_a_word_of_which_nothing_more_was_said_counts_once_for_each(world):
    gives(world.aroma)
    assert made(world.aroma, word="Summer 26", size=1_000).per_member == 1
    for member in (world.noah, world.mia):
        enter(world.aroma, member, "SUMMER26")
        with pytest.raises(using.TooManyCodes):
            enter(world.aroma, member, "summer 26")
    assert uses(world.aroma) == (2, 2)


def test_so_many_for_one_member_and_no_more(world):
    gives(world.aroma)
    batch = made(world.aroma, per_member=2)
    for serial in (1, 2):
        enter(world.aroma, world.noah, code(world.aroma, batch, serial))
    with pytest.raises(using.TooManyCodes):
        enter(world.aroma, world.noah, code(world.aroma, batch, 3))
    enter(world.aroma, world.mia, code(world.aroma, batch, 3))
    assert uses(world.aroma) == (3, 3)


def test_who_became_one_with_another_has_had_the_codes_of_both(world):
    gives(world.aroma)
    batch = made(world.aroma, per_member=1)
    enter(world.aroma, world.noah, code(world.aroma, batch, 1))
    with tenancy.scope(world.aroma.id):
        merging.merge_members(stays_id=world.mia.id, goes_id=world.noah.id, key=new_id(), actor_id=None)
    for member in (world.mia, world.noah):
        with pytest.raises(using.TooManyCodes):
            enter(world.aroma, member, code(world.aroma, batch, 2))


@pytest.mark.parametrize(
    ("moment", "ends"),
    [
        ("2027-02-28T22:59:59+00:00", using.CodeNotYet),  # one hour before midnight in Lyon
        ("2027-02-28T23:00:00+00:00", None),
        ("2027-03-31T21:59:59+00:00", None),  # summer time by then
        ("2027-03-31T22:00:00+00:00", using.CodeOver),
    ],
)
def test_days_are_the_shops_both_within(world, moment, ends):
    gives(world.aroma)
    batch = made(world.aroma, first_on=dt.date(2027, 3, 1), last_on=dt.date(2027, 3, 31))
    with time_machine.travel(dt.datetime.fromisoformat(moment), tick=False):
        if ends is None:
            assert told(enter(world.aroma, world.noah, code(world.aroma, batch)))["awards"]
        else:
            with pytest.raises(ends):
                enter(world.aroma, world.noah, code(world.aroma, batch))
    assert uses(world.aroma) == ((0, 0) if ends else (1, 1))


def test_a_stopped_code_gives_nothing_and_what_was_given_stays(world):
    gives(world.aroma)
    batch = made(world.aroma)
    enter(world.aroma, world.noah, code(world.aroma, batch, 1))
    with tenancy.scope(world.aroma.id):
        batches.stop_batch(batch_id=batch.id, actor_id=None)
    with pytest.raises(using.CodeStopped):
        enter(world.aroma, world.noah, code(world.aroma, batch, 2))
    assert points_of(world.aroma, world.noah) == 70


def test_a_code_for_which_no_rule_gives_anything_is_not_used_up(world):
    with_rules(world.aroma)
    typed = code(world.aroma, made(world.aroma))
    with pytest.raises(using.CodeGivesNothing):
        enter(world.aroma, world.noah, typed)
    assert uses(world.aroma) == (0, 0)
    with tenancy.scope(world.aroma.id):
        assert not Happening.objects.filter(trigger="code").exists()
    gives(world.aroma)
    enter(world.aroma, world.noah, typed)
    assert points_of(world.aroma, world.noah) == 70


def test_a_rule_for_other_codes_or_with_a_quota_reached_leaves_the_code_good(world):
    batch = made(world.aroma)
    gives(world.aroma, 20, "Milk cartons")
    with pytest.raises(using.CodeGivesNothing):
        enter(world.aroma, world.noah, code(world.aroma, batch))
    gives(world.aroma, 20, "OAT cartons", quotas=(Quota(1, "times", "day"),))
    enter(world.aroma, world.noah, code(world.aroma, batch))
    with pytest.raises(using.CodeGivesNothing):
        enter(world.aroma, world.noah, code(world.aroma, batch, 2))
    assert uses(world.aroma) == (1, 1)


def test_what_is_no_code_is_refused_and_the_eleventh_try_too(world):
    gives(world.aroma)
    batch = made(world.aroma)
    wrong = ["", "NOSUCHWORD", code(world.bloom, batch), code(world.aroma, batch, 21)]
    for typed in wrong + ["ABCD-EFGH-JKMN"] * 6:
        with pytest.raises(using.CodeUnknown):
            enter(world.aroma, world.noah, typed)
    with pytest.raises(TooManyTries):
        enter(world.aroma, world.noah, "ABCD-EFGH-JKMN")
    with pytest.raises(TooManyTries):  # a guess that is right does not tell itself
        enter(world.aroma, world.noah, code(world.aroma, batch))
    enter(world.aroma, world.mia, code(world.aroma, batch))
    assert uses(world.aroma) == (1, 1)


def test_an_erased_member_enters_nothing_and_the_use_names_nobody(world):
    gives(world.aroma)
    batch = made(world.aroma)
    enter(world.aroma, world.noah, code(world.aroma, batch))
    with tenancy.scope(world.aroma.id):
        leaving.erase_member(member=world.noah, actor="member")
        assert not Happening.objects.get(trigger="code").name
    with pytest.raises(Exception, match="member_not_found"):
        enter(world.aroma, world.noah, code(world.aroma, batch, 2))
    with pytest.raises(using.CodeUsed):
        enter(world.aroma, world.mia, code(world.aroma, batch))


def test_the_laws_find_a_batch_that_counts_wrongly(world):
    gives(world.aroma)
    batch = made(world.aroma)
    enter(world.aroma, world.noah, code(world.aroma, batch))
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []
        CodeBatch.objects.update(used=2)
        (problem,) = statements.prove()
    assert "batch of codes" in str(problem)


def test_a_code_that_staff_entered_is_not_taken_back_and_stays_used(world):
    gives(world.aroma)
    typed, actor = code(world.aroma, made(world.aroma)), new_id()
    with tenancy.scope(world.aroma.id):
        using.enter_code(
            merchant=world.aroma,
            who=Scanned(member_id=world.noah.id),
            typed=typed,
            key=new_id(),
            asked=[typed],
            actor_id=actor,
            channel="scanner",
        )
        entered = Happening.objects.get(trigger="code")
        before = points_of(world.aroma, world.noah)
        with pytest.raises(HappeningUnknown):
            cancel_happening(merchant=world.aroma, happening_id=entered.id, key=new_id(), actor_id=actor)
    assert points_of(world.aroma, world.noah) == before
