"""Refunds of a member who was merged into another: units, standing and answer are the other's, and the books add up."""

from core import tenancy
from loyalty.membership.story import story_of
from tests.loyalty.membership.test_merging import enrolled, merge, part
from tests.loyalty.purchases.test_cancelling import bought, cancel, problems, standing, use
from tests.loyalty.purchases.test_refunding import refund, told
from tests.world import points_of


def test_a_purchase_of_the_one_who_went_is_refunded_to_the_one_who_stays(world):
    double = enrolled(world, phone="+33611111111")
    purchase_id = bought(world, double, 26_000)
    use(world, double, 20, cause_id=purchase_id)
    merge(world, world.noah, double)
    assert (standing(world, world.noah).tier.name, points_of(world.aroma, world.noah)) == ("Silver", 340)
    answer = told(refund(world, purchase_id, 13_000))
    assert answer["member"]["name"] == "Noah"
    assert (answer["taken_back"][0]["amount"], answer["given_back"][0]["amount"]) == (130, 10)
    assert (answer["tier"]["name"], answer["balances"]["points"]["available"]) == ("Bronze", 220)
    assert problems(world) == []
    cancel(world, purchase_id)
    assert (points_of(world.aroma, world.noah), standing(world, world.noah).purchases) == (100, 0)
    assert problems(world) == []


def test_what_is_not_there_is_owed_by_the_one_who_stays(world):
    double = enrolled(world, phone="+33611111111")
    purchase_id = bought(world, double, 26_000)
    merge(world, world.noah, double)
    use(world, world.noah, 360)
    refund(world, purchase_id)
    assert (standing(world, world.noah).debt, standing(world, double).debt) == (260, 0)
    with tenancy.scope(world.aroma.id):
        assert story_of(world.noah.id, limit=1)[0].owed == 260
    assert problems(world) == []


def test_a_refund_between_a_merge_and_its_undoing_stays_where_it_was_made(world):
    double = enrolled(world, phone="+33611111111")
    purchase_id = bought(world, double, 26_000)
    merged = merge(world, world.noah, double)
    refund(world, purchase_id, 13_000)
    part(world, merged)
    assert standing(world, double).progress == 13_000
    refund(world, purchase_id)
    assert standing(world, double).progress == 0
    assert problems(world) == []
