"""Units that vest and die: what a purchase, a visit, joining and a correction give lives as the programme says, to the day."""

import datetime as dt
import json
import zoneinfo
from dataclasses import replace

import pytest
from django.utils import timezone

from config.tasks import settle_due
from core import tenancy
from core.ids import new_id
from loyalty import queries
from loyalty.happenings import happening
from loyalty.ledger import statements
from loyalty.ledger.models import Entry, Lot
from loyalty.membership.joining import enrol_member
from loyalty.programme import publishing, versions
from loyalty.purchases import earning, history
from loyalty.rules.calendar import end_of_day
from loyalty.rules.types import Expiry, Rule
from loyalty.units import adjusting
from members import cards
from tests.loyalty.ruled import per_euro, rule_id, with_rules
from tests.world import make_world

PARIS = zoneinfo.ZoneInfo("Europe/Paris")


def days(count):
    return dt.timedelta(days=count)


def ago(count):
    """So many days ago, at this time by the shop's clocks."""
    here = timezone.now().astimezone(PARIS)
    return (here.replace(tzinfo=None) - days(count)).replace(tzinfo=PARIS)


def last_in(count):
    """The local day in so many days: what an answer tells."""
    return (timezone.now().astimezone(PARIS).date() + days(count)).isoformat()


def living(world, **changes):
    """Aroma's points live so from now on."""
    with tenancy.scope(world.aroma.id):
        publishing.change_programme(
            merchant=world.aroma,
            change=lambda version: replace(
                version, units=(replace(version.units[0], **changes), *version.units[1:])
            ),
            actor=None,
        )
    return world


def buy(world, member, amount_minor=1_000, when=None):
    """Ten points for Noah, who has no multiplier."""
    said = earning.NewPurchase(
        who=cards.Scanned(member_id=member.id), amount_minor=amount_minor, channel="api",
        asked=[str(member.id), amount_minor], occurred_at=when,
    )  # fmt: skip
    return json.loads(earning.record_purchase(merchant=world.aroma, bought=said, key=new_id()).body)


def ends(world, member):
    """The ends of what the member can still use, with the units, soonest first; None is never."""
    with tenancy.scope(world.aroma.id):
        account = statements.balances(member.id)[0].account_id
        lots = Lot.objects.filter(account_id=account, available__gt=0).order_by("expires_at", "id")
        return list(lots.values_list("expires_at", "available"))


def balance(world, member):
    with tenancy.scope(world.aroma.id):
        assert statements.prove() == []
        return queries.standing_of(member.id).balances["points"]


def end(count):
    """The end of the local day in so many days."""
    return end_of_day(timezone.now().astimezone(PARIS).date() + days(count), "Europe/Paris")


def test_units_of_a_purchase_die_at_the_end_of_their_last_day(world):
    living(world, expiry=Expiry("days", 30))
    answer = buy(world, world.noah)
    assert ends(world, world.noah) == [(end(30), 10), (None, 50)]
    assert answer["balances"]["points"]["expiring"] == [{"amount": 10, "on": last_in(30)}]
    assert balance(world, world.noah) == answer["balances"]["points"]


def test_units_of_one_day_are_told_together_and_the_soonest_first(world):
    living(world, expiry=Expiry("days", 30))
    buy(world, world.noah)
    buy(world, world.noah, when=ago(10))
    answer = buy(world, world.noah, 500)
    assert answer["balances"]["points"]["expiring"] == [
        {"amount": 10, "on": last_in(20)},
        {"amount": 15, "on": last_in(30)},
    ]
    assert balance(world, world.noah) == answer["balances"]["points"]


def test_what_a_late_till_brings_dead_counts_for_nothing_and_says_so(world):
    living(world, expiry=Expiry("days", 30))
    answer = buy(world, world.noah, when=ago(31))
    assert answer["balances"]["points"]["available"] == 50
    assert balance(world, world.noah) == answer["balances"]["points"]


def test_units_that_wait_are_pending_until_their_day(world):
    living(world, vesting="days", vesting_days=14)
    answer = buy(world, world.noah)
    assert answer["balances"]["points"] | {"available": 50, "pending": 10} == answer["balances"]["points"]
    assert balance(world, world.noah) == answer["balances"]["points"]
    buy(world, world.noah, when=ago(13))
    assert balance(world, world.noah)["pending"] == 20
    assert buy(world, world.noah, when=ago(14))["balances"]["points"]["available"] == 60
    assert balance(world, world.noah)["available"] == 60


def test_whoever_comes_keeps_what_dies_by_inactivity(world):
    living(world, expiry=Expiry("inactivity", 90))
    buy(world, world.noah, when=ago(80))
    assert ends(world, world.noah) == [(end(10), 10), (None, 50)]
    answer = buy(world, world.noah)
    assert ends(world, world.noah) == [(end(90), 10), (end(90), 10), (None, 50)]
    assert answer["balances"]["points"]["expiring"] == [{"amount": 20, "on": last_in(90)}]
    assert balance(world, world.noah) == answer["balances"]["points"]


def test_a_visit_keeps_them_too_and_nobody_comes_by_having_a_birthday(world):
    living(world, expiry=Expiry("inactivity", 90))
    buy(world, world.noah, when=ago(80))
    for trigger, soonest in (("birthday", end(10)), ("visit", end(90))):
        with tenancy.scope(world.aroma.id):
            happening.record_happening(
                merchant=world.aroma,
                who=cards.Scanned(member_id=world.noah.id),
                trigger=trigger,
                key=new_id(),
                asked=trigger,
            )
        assert ends(world, world.noah)[0] == (soonest, 10)


def test_who_comes_too_late_finds_nothing_and_what_comes_late_takes_nothing_away(world):
    living(world, expiry=Expiry("inactivity", 90))
    buy(world, world.noah, when=ago(91))
    buy(world, world.noah)
    assert balance(world, world.noah)["available"] == 60


def test_a_visit_that_a_till_brings_late_counts_and_the_newer_one_still_does(world):
    living(world, expiry=Expiry("inactivity", 90))
    buy(world, world.noah, when=ago(91))
    buy(world, world.noah)
    assert balance(world, world.noah)["available"] == 60
    buy(world, world.noah, when=ago(50))  # so the first had not died by then
    assert ends(world, world.noah) == [(end(90), 10), (end(90), 10), (end(90), 10), (None, 50)]
    buy(world, world.noah, when=ago(200))  # nobody came in the ninety days after it
    assert balance(world, world.noah)["available"] == 80


def test_what_an_event_brought_late_gives_lives_from_the_newest_visit(world):
    living(world, expiry=Expiry("inactivity", 90))
    review = Rule(rule_id("review"), "review", points_unit(world), amount=5, gives="flat")
    with_rules(world.aroma, per_euro(world.aroma, "points"), review)
    buy(world, world.noah)
    with tenancy.scope(world.aroma.id):
        happening.record_happening(
            merchant=world.aroma,
            who=cards.Scanned(member_id=world.noah.id),
            trigger="review",
            key=new_id(),
            asked="review",
            occurred_at=ago(89),
        )
    assert sorted(ends(world, world.noah)[:2]) == [(end(90), 5), (end(90), 10)]


def points_unit(world):
    with tenancy.scope(world.aroma.id):
        return versions.version_in_force().units[0].id


def test_joining_and_corrections_give_units_of_the_same_life(world):
    living(world, expiry=Expiry("months", 1))
    with tenancy.scope(world.aroma.id):
        zoe = enrol_member(merchant=world.aroma, name="Zoé", phone="+33699999998", source="counter").member
        adjusting.adjust_units(
            member_id=zoe.id, unit="points", amount=5, reason="for waiting", key=new_id(), actor_id=None
        )
    mine = ends(world, zoe)
    assert [units for _end, units in mine] == [50, 5]
    assert mine[0][0] == mine[1][0] == end((last_of_month(1) - timezone.now().astimezone(PARIS).date()).days)


def last_of_month(count):
    from loyalty.rules.expiring import months_after

    return months_after(timezone.now().astimezone(PARIS).date(), count)


def test_history_brings_units_that_live_as_if_they_had_been_given_then(world):
    living(world, expiry=Expiry("inactivity", 90))
    when = [ago(300), ago(150), ago(100), ago(20)]
    with tenancy.scope(world.aroma.id):
        rows = [history.PastPurchase(world.noah.id, 1_000, moment) for moment in when]
        assert list(history.record_history(merchant=world.aroma, purchases=rows)) == [4]
    # The first died before anybody came again; who came after 50 and 80 days kept the others.
    assert ends(world, world.noah)[1:] == [(end(70), 10), (end(70), 10), (end(70), 10), (None, 50)]
    assert balance(world, world.noah)["available"] == 80


def test_after_a_week_of_silence_one_sweep_lets_die_what_was_due_each_day(committed_db, servers_of_this_run):
    world = living(make_world(), expiry=Expiry("days", 30))
    for number in (37, 34, 31, 30):
        buy(world, world.noah, when=ago(number))
    assert settle_due() == 3
    assert settle_due() == 0
    assert ends(world, world.noah) == [(end(0), 10), (None, 50)]
    with tenancy.scope(world.aroma.id):
        died = (
            Entry.objects.filter(kind="expire").order_by("occurred_at").values_list("occurred_at", flat=True)
        )
        assert list(died) == [end(-7), end(-4), end(-1)]
    assert balance(world, world.noah)["available"] == 60


@pytest.mark.parametrize("vesting", ["at_once", "days"])
def test_what_lives_for_ever_has_no_end_whatever_it_waits_for(world, vesting):
    living(world, vesting=vesting, vesting_days=3)
    buy(world, world.noah)
    buy(world, world.noah, when=ago(30))
    assert {moment for moment, _units in ends(world, world.noah)} == {None}
