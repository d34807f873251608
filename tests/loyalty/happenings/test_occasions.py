"""A complete profile and the newsletter: each is given once for a person, whatever is told of it and however often."""

import pytest

from config.subscriptions import SUBSCRIPTIONS
from core import outbox, tenancy
from core.ids import new_id
from core.models import Event
from loyalty.ledger import statements
from loyalty.membership import leaving, merging
from loyalty.membership.joining import enrol_member
from loyalty.models import Happening
from members import profiles
from tests.loyalty.happenings.test_greeting import flat
from tests.loyalty.ruled import with_rules
from tests.world import points_of

MINE = {
    name: {who: what for who, what in subscribers.items() if who in ("profile", "newsletter")}
    for name, subscribers in SUBSCRIPTIONS.items()
}


@pytest.fixture
def aroma(world):
    """20 points for a complete profile, 5 for the newsletter, and nobody told of anything yet."""
    with_rules(world.aroma, flat(world.aroma, "profile", 20), flat(world.aroma, "newsletter", 5))
    deliver(world.aroma)
    return world.aroma


def deliver(merchant):
    """Everything that waits, to the subscribers of this file. Returns what was delivered, to do it again."""
    with tenancy.scope(merchant.id):
        waiting = list(Event.objects.order_by("id"))
    for event in waiting:
        outbox.deliver(merchant.id, event.id, MINE)
    return waiting


def again(merchant, delivered):
    """The same events once more, as after a crash."""
    with tenancy.scope(merchant.id):
        Event.objects.bulk_create(delivered, ignore_conflicts=True)
    deliver(merchant)


def change(merchant, member, **changes):
    with tenancy.scope(merchant.id):
        profiles.change_profile(member=member, merchant=merchant, changes=changes, actor="member")


def says(merchant, member, *, given=True):
    with tenancy.scope(merchant.id):
        profiles.set_consent(member=member, purpose="news_email", given=given, source="card")


def test_a_profile_is_rewarded_when_its_last_line_is_filled_and_never_again(world, aroma):
    change(aroma, world.noah, name="Noah Blanc")
    deliver(aroma)
    assert points_of(aroma, world.noah) == 50
    change(aroma, world.noah, birthday="1990-05-24")
    told = deliver(aroma)
    assert points_of(aroma, world.noah) == 70
    again(aroma, told)
    change(aroma, world.noah, birthday=None)
    change(aroma, world.noah, birthday="1990-05-25")
    deliver(aroma)
    assert points_of(aroma, world.noah) == 70
    with tenancy.scope(aroma.id):
        assert Happening.objects.filter(trigger="profile").count() == 1
        assert statements.prove() == []


def test_who_tells_everything_and_wants_news_on_joining_has_both_at_once(aroma):
    with tenancy.scope(aroma.id):
        ada = enrol_member(
            merchant=aroma,
            name="Ada",
            email="ada@example.org",
            birthday="1990-05-24",
            consents={"news_email": True},
            source="join",
        ).member
    told = deliver(aroma)
    assert points_of(aroma, ada) == 25
    again(aroma, told)
    assert points_of(aroma, ada) == 25


def test_the_newsletter_is_rewarded_once_however_often_one_leaves_and_returns(world, aroma):
    for given in (True, False, True, False, True):
        says(aroma, world.mia, given=given)
        deliver(aroma)
    assert points_of(aroma, world.mia) == 1205


def test_news_that_were_refused_before_anybody_heard_or_that_reach_nobody_are_worth_nothing(world, aroma):
    says(aroma, world.mia)
    says(aroma, world.mia, given=False)
    says(aroma, world.noah)  # he has no address
    deliver(aroma)
    assert (points_of(aroma, world.mia), points_of(aroma, world.noah)) == (1200, 50)


def test_points_by_e_mail_are_no_newsletter(world, aroma):
    change(aroma, world.noah, email="noah@example.org")
    with tenancy.scope(aroma.id):
        profiles.set_consent(member=world.noah, purpose="points_email", given=True, source="card")
    deliver(aroma)
    assert points_of(aroma, world.noah) == 50


def test_who_was_erased_before_it_was_delivered_gets_nothing(world, aroma):
    change(aroma, world.noah, birthday="1990-05-24")
    with tenancy.scope(aroma.id):
        leaving.erase_member(member=world.noah, actor="member")
    deliver(aroma)
    with tenancy.scope(aroma.id):
        assert not Happening.objects.filter(trigger="profile").exists()
        assert not Event.objects.filter(last_error__gt="").exists()


def test_two_who_are_one_have_it_once(world, aroma):
    change(aroma, world.noah, birthday="1990-05-24")
    deliver(aroma)
    with tenancy.scope(aroma.id):
        merging.merge_members(stays_id=world.mia.id, goes_id=world.noah.id, key=new_id(), actor_id=None)
    change(aroma, world.mia, birthday="1990-05-25")
    deliver(aroma)
    assert points_of(aroma, world.mia) == 1200 + 50 + 20


def test_a_shop_without_the_rule_notes_nothing_and_may_reward_it_later(world):
    change(world.aroma, world.noah, birthday="1990-05-24")
    deliver(world.aroma)
    with tenancy.scope(world.aroma.id):
        assert not Happening.objects.filter(trigger="profile").exists()
    with_rules(world.aroma, flat(world.aroma, "profile", 20))
    change(world.aroma, world.noah, name="Noah Blanc")
    deliver(world.aroma)
    assert points_of(world.aroma, world.noah) == 70


def test_one_shops_rule_gives_nothing_at_another(world, aroma):
    change(world.bloom, world.zoe, birthday="1990-05-24")
    says(world.bloom, world.zoe)
    deliver(world.bloom)
    assert points_of(world.bloom, world.zoe) == 0
