"""Two members who are one person: one balance, one standing; and two again for thirty days."""

import datetime as dt

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from core import tenancy
from core.idempotency import KeyReused
from core.ids import new_id
from core.models import Event
from loyalty import queries
from loyalty.ledger import postings
from loyalty.ledger.models import Account
from loyalty.membership import merging
from loyalty.membership.joining import enrol_member
from loyalty.membership.leaving import erase_member
from loyalty.membership.merging import merge_members, part_members
from loyalty.models import Merge, Purchase, Standing
from loyalty.purchases.cancelling import cancel_purchase
from members.cards import MemberUnknown
from members.models import Member
from tests.world import buy, points_of


def enrolled(world, name="Mia", **said):
    """Another card at Aroma: 50 points on joining."""
    with tenancy.scope(world.aroma.id):
        return enrol_member(merchant=world.aroma, name=name, source="join", **said).member


@pytest.fixture
def double(world):
    """Mia again, who has €100 spent in bronze: 150 points."""
    made = enrolled(world, phone="+33611111111")
    buy(world.aroma, made, 10_000)
    return made


def merge(world, stays, goes, *, key=None):
    with tenancy.scope(world.aroma.id):
        return merge_members(stays_id=stays.id, goes_id=goes.id, key=key or new_id(), actor_id=None)


def part(world, done):
    with tenancy.scope(world.aroma.id):
        return part_members(merge_id=done.id, actor_id=None)


def account(member):
    return Account.objects.get(member_id=member.id)


def use(world, member, units):
    with tenancy.scope(world.aroma.id):
        postings.spend(
            account_id=account(member).id,
            amount=units,
            key=new_id(),
            reasons={},
            cause_id=None,
            actor_id=None,
        )


def problems(world):
    with tenancy.scope(world.aroma.id):
        return queries.problems_in_books()


def standing(world, member):
    with tenancy.scope(world.aroma.id):
        return Standing.objects.select_related("tier").get(member_id=member.id)


def first_purchase(world, member):
    with tenancy.scope(world.aroma.id):
        return Purchase.objects.filter(member=member).earliest("id")


def test_the_one_who_stays_has_the_points_and_the_spend_of_both(world, double):
    merge(world, world.mia, double)
    assert (points_of(world.aroma, world.mia), points_of(world.aroma, double)) == (1200 + 150, 0)
    both, nobody = standing(world, world.mia), standing(world, double)
    assert (both.progress_minor, both.purchases, both.tier.name) == (93_400 + 10_000, 4, "Gold")
    assert (nobody.progress_minor, nobody.purchases) == (0, 0)
    assert problems(world) == []


def test_the_tier_is_the_higher_of_what_the_sum_earns_and_what_both_held(world):
    double = enrolled(world, phone="+33611111111")
    buy(world.aroma, world.noah, 30_000)
    buy(world.aroma, double, 30_000)
    assert standing(world, world.noah).tier.name == "Silver"
    merge(world, world.noah, double)
    assert standing(world, world.noah).tier.name == "Gold"
    newcomer = enrolled(world, phone="+33622222222")
    merge(world, newcomer, world.mia)
    assert standing(world, newcomer).tier.name == "Gold"


def test_a_debt_comes_along_and_is_repaid_by_what_the_other_has(world, double):
    use(world, double, 150)
    with tenancy.scope(world.aroma.id):
        bought = Purchase.objects.get(member=double)
        cancel_purchase(merchant=world.aroma, purchase_id=bought.id, key=new_id(), actor_id=None)
        assert account(double).debt == 100
    merge(world, world.mia, double)
    assert points_of(world.aroma, world.mia) == 1100
    assert problems(world) == []


def test_the_same_key_merges_once_and_for_no_others(world, double):
    key = new_id()
    first, again = merge(world, world.mia, double, key=key), merge(world, world.mia, double, key=key)
    assert (first.id, points_of(world.aroma, world.mia)) == (again.id, 1350)
    with tenancy.scope(world.aroma.id):
        assert Event.objects.filter(name="member.merged").count() == 1
    with pytest.raises(KeyReused):
        merge(world, world.noah, double, key=key)


def test_a_member_is_not_merged_into_itself(world):
    with pytest.raises(merging.SameMember):
        merge(world, world.mia, world.mia)


def test_merges_make_no_chains(world, double):
    merge(world, world.mia, double)
    for stays, goes, words in (
        (world.noah, double, "Mia was merged into Mia. Merge into Mia instead."),
        (double, world.noah, "Mia was merged into Mia. Merge into Mia instead."),
    ):
        with pytest.raises(merging.AlreadyMerged) as refused:
            merge(world, stays, goes)
        assert refused.value.detail == words
    with pytest.raises(merging.HasMerged):
        merge(world, world.noah, world.mia)
    merge(world, world.mia, world.noah)
    assert points_of(world.aroma, world.mia) == 1200 + 150 + 50
    assert problems(world) == []


def test_the_database_refuses_a_chain_too(world, double):
    merge(world, world.mia, double)
    with tenancy.scope(world.aroma.id):
        for goes, into in ((world.noah, double), (world.mia, world.noah), (double, world.noah)):
            with pytest.raises(IntegrityError), transaction.atomic():
                Member.objects.filter(id=goes.id).update(merged_into_id=into.id, merged_at=timezone.now())
        with pytest.raises(IntegrityError), transaction.atomic():
            Member.objects.filter(id=world.noah.id).update(
                merged_into_id=world.noah.id, merged_at=timezone.now()
            )
        assert Member.objects.filter(merged_into__isnull=False).count() == 1


@pytest.mark.parametrize("gone", ["mia", "noah"])
def test_who_was_erased_is_not_merged(world, gone):
    with tenancy.scope(world.aroma.id):
        erase_member(member=getattr(world, gone), actor="member")
    with pytest.raises(MemberUnknown):
        merge(world, world.mia, world.noah)


def test_nobody_of_another_merchant_is_merged(world):
    with pytest.raises(MemberUnknown):
        merge(world, world.mia, world.zoe)
    assert points_of(world.aroma, world.mia) == 1200


def test_a_purchase_of_the_merged_one_is_taken_back_from_the_one_who_stays(world, double):
    bought = first_purchase(world, double)
    merge(world, world.mia, double)
    with tenancy.scope(world.aroma.id):
        cancel_purchase(merchant=world.aroma, purchase_id=bought.id, key=new_id(), actor_id=None)
    assert points_of(world.aroma, world.mia) == 1200 + 50
    assert standing(world, world.mia).progress_minor == 93_400
    assert problems(world) == []


def test_even_when_nothing_was_left_to_be_merged(world, double):
    use(world, double, 150)
    bought = first_purchase(world, double)
    merge(world, world.mia, double)
    with tenancy.scope(world.aroma.id):
        cancel_purchase(merchant=world.aroma, purchase_id=bought.id, key=new_id(), actor_id=None)
    assert points_of(world.aroma, world.mia) == 1200 - 100
    assert problems(world) == []


def test_an_unmerge_gives_everything_back(world, double):
    done = merge(world, world.mia, double)
    part(world, done)
    assert (points_of(world.aroma, world.mia), points_of(world.aroma, double)) == (1200, 150)
    mine, theirs = standing(world, world.mia), standing(world, double)
    assert (mine.progress_minor, mine.purchases, mine.tier.name) == (93_400, 3, "Gold")
    assert (theirs.progress_minor, theirs.purchases, theirs.tier.name) == (10_000, 1, "Bronze")
    assert problems(world) == []


def test_an_unmerge_gives_back_what_is_still_there(world, double):
    done = merge(world, double, world.mia)
    use(world, double, 200)
    part(world, done)
    left = points_of(world.aroma, double), points_of(world.aroma, world.mia)
    assert sum(left) == 1350 - 200
    assert problems(world) == []


def test_what_was_bought_since_stays_with_the_one_who_stays(world, double):
    done = merge(world, world.noah, double)
    buy(world.aroma, double, 5_000)
    part(world, done)
    assert (points_of(world.aroma, world.noah), points_of(world.aroma, double)) == (50 + 50, 150)
    assert standing(world, world.noah).progress_minor == 5_000
    assert standing(world, double).progress_minor == 10_000
    assert problems(world) == []


def test_a_tier_that_only_the_sum_earned_goes_with_the_unmerge(world):
    double = enrolled(world, phone="+33611111111")
    buy(world.aroma, world.noah, 30_000)
    buy(world.aroma, double, 30_000)
    part(world, merge(world, world.noah, double))
    assert [standing(world, each).tier.name for each in (world.noah, double)] == ["Silver", "Silver"]


def test_an_unmerge_is_done_once_and_they_may_be_merged_again(world, double):
    done = merge(world, world.mia, double)
    assert part(world, done).undone_at == part(world, done).undone_at
    with tenancy.scope(world.aroma.id):
        assert Event.objects.filter(name="member.unmerged").count() == 1
    merge(world, world.mia, double)
    assert points_of(world.aroma, world.mia) == 1350
    assert problems(world) == []


def test_after_thirty_days_a_merge_is_for_good(world, double):
    done = merge(world, world.mia, double)
    with tenancy.scope(world.aroma.id):
        stays, goes = Member.objects.get(id=world.mia.id), Member.objects.get(id=double.id)
        last = merging.may_part_until(Merge.objects.get(id=done.id))
        merging.refuse_parting(merge=done, stays=stays, goes=goes, now=last)
        with pytest.raises(merging.TooLateToPart):
            merging.refuse_parting(merge=done, stays=stays, goes=goes, now=last + dt.timedelta(seconds=1))
    assert last - done.merged_at == dt.timedelta(days=30)


def test_erasing_the_one_who_stays_erases_the_merged_one_and_ends_the_unmerge(world, double):
    done = merge(world, world.mia, double)
    with tenancy.scope(world.aroma.id):
        erase_member(member=world.mia, actor="member")
        gone = Member.objects.get(id=double.id)
        assert (gone.name, gone.phone, gone.erased_at is not None) == ("", "", True)
        told = Event.objects.filter(name="member.erased").values_list("payload__member", flat=True)
        assert set(told) == {str(world.mia.id), str(double.id)}
    with pytest.raises(MemberUnknown):
        part(world, done)
    assert problems(world) == []


def test_what_counts_for_a_days_limit_is_each_ones_own_again(world, double):
    part(world, merge(world, world.mia, double))
    with tenancy.scope(world.aroma.id):
        mia, other = (Standing.objects.get(member=member) for member in (world.mia, double))
    assert (mia.counted, other.counted) == (3, 1)
