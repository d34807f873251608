"""A balance corrected by hand: for a reason, by somebody, within bounds, and taken back by its opposite once."""

from dataclasses import replace

import orjson
import pytest

from core import tenancy
from core.idempotency import KeyReused
from core.ids import new_id, read_id
from core.models import Event
from core.text import TextTooLong
from loyalty.membership.leaving import erase_member
from loyalty.membership.story import story_of
from loyalty.models import Note
from loyalty.programme import publishing
from loyalty.units.adjusting import (
    AdjustmentUnknown,
    AdjustmentUsed,
    InsufficientUnits,
    ReasonMissing,
    UnitsOutOfRange,
    UnitUnknown,
    adjust_units,
    undo_adjustment,
)
from loyalty.wording import say_reason
from members.cards import MemberUnknown
from merchants.queries import staff_member
from tests.loyalty.purchases.test_cancelling import bought, cancel, problems, standing, use
from tests.loyalty.ruled import per_euro, stamps, with_rules
from tests.world import points_of


def adjust(
    world, amount, *, member=None, key=None, merchant=None, actor_id=None, unit="points", reason="A gift"
):
    """The answer, as it is told."""
    with tenancy.scope((merchant or world.aroma).id):
        answered = adjust_units(
            member_id=(member or world.mia).id, unit=unit, amount=amount, reason=reason, key=key or new_id(),
            actor_id=actor_id,
        )  # fmt: skip
    return orjson.loads(answered.body)


def undo(world, answer):
    with tenancy.scope(world.aroma.id):
        return undo_adjustment(entry_id=read_id("ent", answer["id"]), actor_id=None)


def newest(world, member):
    with tenancy.scope(world.aroma.id):
        return story_of(member.id, limit=1)[0]


def test_units_are_given_and_taken_for_a_reason_by_somebody(world):
    with tenancy.scope(world.aroma.id):
        olivia = staff_member(world.olivia.id)
    answer = adjust(world, 50, reason="Her birthday", actor_id=olivia.id)
    line = newest(world, world.mia)
    assert (answer["amount"], answer["balances"]["points"]["available"]) == (50, 1250)
    assert (line.kind, line.amount, line.balance, line.note, line.actor) == (
        "adjust",
        50,
        1250,
        "Her birthday",
        "Olivia Marchand",
    )
    assert say_reason(line.reasons, "EUR", "en") == "Corrected by hand"
    assert adjust(world, -1250)["balances"]["points"]["available"] == 0
    assert problems(world) == []


def test_the_words_stand_beside_the_books_and_go_with_the_member(world):
    adjust(world, 50, reason="Zzyzx complained")
    with tenancy.scope(world.aroma.id):
        assert "Zzyzx" not in str(story_of(world.mia.id, limit=1)[0].reasons)
        assert not Event.objects.filter(payload__icontains="Zzyzx").exists()
        erase_member(member=world.mia, actor="member")
        assert [note.text for note in Note.objects.all()] == [""]
    with pytest.raises(MemberUnknown):
        adjust(world, 50)


def test_more_than_there_is_is_declined_for_ever_under_its_key(world):
    key = new_id()
    with pytest.raises(InsufficientUnits):
        adjust(world, -1201, key=key)
    adjust(world, 100)
    with pytest.raises(InsufficientUnits) as again:
        adjust(world, -1201, key=key)
    assert "1200 available" in again.value.detail
    assert points_of(world.aroma, world.mia) == 1300
    assert problems(world) == []


def test_repeating_the_key_adjusts_once(world):
    key = new_id()
    assert adjust(world, 50, key=key) == adjust(world, 50, key=key)
    with pytest.raises(KeyReused):
        adjust(world, 51, key=key)
    assert points_of(world.aroma, world.mia) == 1250


def test_what_is_owed_is_repaid_first(world):
    purchase_id = bought(world, world.noah, 1_000)
    use(world, world.noah, 60)
    cancel(world, purchase_id)
    adjust(world, 15, member=world.noah)
    found, line = standing(world, world.noah), newest(world, world.noah)
    assert (found.points, found.debt, line.amount, line.repaid) == (5, 0, 15, 10)
    assert problems(world) == []


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"amount": 0}, UnitsOutOfRange),
        ({"amount": 1_000_001}, UnitsOutOfRange),
        ({"amount": -1_000_001}, UnitsOutOfRange),
        ({"amount": 5, "reason": "  "}, ReasonMissing),
        ({"amount": 5, "reason": "x" * 201}, TextTooLong),
        ({"amount": 5, "unit": "stamps"}, UnitUnknown),
    ],
)
def test_what_cannot_be_is_refused(world, more, refusal):
    with pytest.raises(refusal):
        adjust(world, **more)
    assert points_of(world.aroma, world.mia) == 1200


def test_another_merchants_member_does_not_exist(world):
    with pytest.raises(MemberUnknown):
        adjust(world, 5, merchant=world.bloom)


def test_a_correction_is_taken_back_by_its_opposite_once(world):
    up, down = adjust(world, 50), adjust(world, -30)
    for answer in (up, down):
        first, again = undo(world, answer), undo(world, answer)
        assert (first.replayed, again.replayed, again.body) == (False, True, first.body)
    line = newest(world, world.mia)
    assert (line.amount, line.balance) == (30, 1200)
    assert say_reason(line.reasons, "EUR", "en") == "Correction taken back"
    with tenancy.scope(world.aroma.id), pytest.raises(AdjustmentUnknown):
        undo_adjustment(entry_id=line.entry_id, actor_id=None)
    assert problems(world) == []


def test_units_that_were_used_meanwhile_are_taken_back_when_there_are_enough_again(world):
    answer = adjust(world, 50, member=world.noah)
    use(world, world.noah, 80)
    with pytest.raises(AdjustmentUsed):
        undo(world, answer)
    assert points_of(world.aroma, world.noah) == 20
    adjust(world, 100, member=world.noah)
    undo(world, answer)
    assert points_of(world.aroma, world.noah) == 70


def test_another_merchants_correction_is_not_taken_back(world):
    answer = adjust(world, 50)
    with tenancy.scope(world.bloom.id), pytest.raises(AdjustmentUnknown):
        undo_adjustment(entry_id=read_id("ent", answer["id"]), actor_id=None)
    assert points_of(world.aroma, world.mia) == 1250


def test_each_correction_is_kept_for_audit_without_its_words(world):
    adjust(world, -30, reason="Zzyzx")
    with tenancy.scope(world.aroma.id):
        [fact] = Event.objects.filter(name="units.adjusted")
        [moved] = Event.objects.filter(name="points.adjusted")
    assert (fact.payload["amount"], moved.payload["amount"]) == (-30, 30)


def test_a_correction_in_a_unit_that_the_programme_gave_up_is_taken_back_too(world):
    with_rules(world.aroma, per_euro(world.aroma, "points"), units=(stamps(),))
    answer = adjust(world, 5, unit="stamps")
    with tenancy.scope(world.aroma.id):
        publishing.change_programme(
            merchant=world.aroma, change=lambda version: replace(version, units=version.units[:1]), actor=None
        )
    first, again = undo(world, answer), undo(world, answer)
    assert (first.status, again.replayed, again.body) == (201, True, first.body)
    assert problems(world) == []
