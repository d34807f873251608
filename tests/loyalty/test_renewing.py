"""A changed expiry gives everybody one full period from its day on, and takes nothing back that was promised."""

import pytest

from config.subscriptions import SUBSCRIPTIONS
from core import outbox, tenancy
from core.models import Event
from loyalty import renewing
from loyalty.rules.types import Expiry
from tests.loyalty.test_lasting import ago, balance, buy, end, ends, living


def deliver(world):
    """All that waits, and what follows from it. Returns how often the books were asked."""
    asked = 0
    while waiting := due(world):
        asked += len(waiting)
        for event_id in waiting:
            outbox.deliver(world.aroma.id, event_id, SUBSCRIPTIONS)
    return asked


def due(world):
    with tenancy.scope(world.aroma.id):
        names = ("programme.published", "expiry.changed")
        return list(Event.objects.filter(name__in=names).order_by("id").values_list("id", flat=True))


def test_a_newly_enabled_expiry_bites_one_full_period_later(world):
    buy(world, world.noah, when=ago(300))
    living(world, expiry=Expiry("days", 90))
    deliver(world)
    assert ends(world, world.noah) == [(end(90), 50), (end(90), 10)]
    assert balance(world, world.noah)["expiring"][0]["amount"] == 60


def test_what_was_promised_is_kept_and_what_is_longer_is_given_to_all(world):
    living(world, expiry=Expiry("days", 30))
    deliver(world)
    buy(world, world.noah)
    living(world, expiry=Expiry("days", 10))
    deliver(world)
    assert {moment for moment, _units in ends(world, world.noah)} == {end(30)}
    living(world, expiry=Expiry("inactivity", 60))
    deliver(world)
    assert {moment for moment, _units in ends(world, world.noah)} == {end(60)}


def test_an_expiry_that_goes_lets_all_live_for_ever_but_wakes_no_dead(world):
    living(world, expiry=Expiry("days", 30))
    deliver(world)
    buy(world, world.noah, when=ago(31))
    buy(world, world.noah, when=ago(29))
    living(world, expiry=Expiry())
    deliver(world)
    assert [moment for moment, _units in ends(world, world.noah)] == [end(-1), None, None]
    assert balance(world, world.noah)["available"] == 60


def test_done_late_and_twice_it_comes_to_what_is_in_force_now(world):
    living(world, expiry=Expiry("days", 30))
    living(world, expiry=Expiry())
    deliver(world)
    assert ends(world, world.noah) == [(None, 50)]
    living(world, expiry=Expiry("months", 1))
    with tenancy.scope(world.aroma.id):
        event = Event.objects.filter(name="programme.published").last()
    deliver(world)
    given = ends(world, world.noah)
    with tenancy.scope(world.aroma.id):
        renewing.renew_after_publishing(event)
    deliver(world)
    assert ends(world, world.noah) == given


def test_a_version_that_leaves_the_expiry_alone_asks_nobody(world):
    living(world, names={"en": ("bean", "beans"), "fr": ("grain", "grains")})
    with tenancy.scope(world.aroma.id):
        before = set(due(world))
    for event_id in before:
        outbox.deliver(world.aroma.id, event_id, SUBSCRIPTIONS)
    assert due(world) == []


def test_many_accounts_are_done_some_at_a_time(world, monkeypatch):
    monkeypatch.setattr(renewing, "AT_ONCE", 1)
    living(world, expiry=Expiry("days", 90))
    accounts = 2  # Mia's and Noah's
    published = len(due(world))
    assert deliver(world) == published + accounts + 1
    for member in (world.mia, world.noah):
        assert {moment for moment, _units in ends(world, member)} == {end(90)}


@pytest.mark.parametrize("kind", ["inactivity", "days"])
def test_units_given_after_the_change_live_by_it_from_the_first(world, kind):
    living(world, expiry=Expiry(kind, 30))
    buy(world, world.noah)
    deliver(world)
    assert {moment for moment, _units in ends(world, world.noah)} == {end(30)}
    assert balance(world, world.noah)["available"] == 60
