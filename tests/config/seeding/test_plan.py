"""The story that the seed tells: believable, and the same one each time it is told on the same day."""

import datetime as dt
from collections import Counter

import pytest

from config.seeding.cast import MIA, MIA_VISITS, NOAH, SIZES, plan
from config.seeding.people import FICTIONAL_MOBILE
from config.seeding.shops import AROMA, BLOOM

NOW = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def full():
    """Aroma's newcomers and visits, all of them."""
    return plan(AROMA, SIZES["full"][AROMA.name], NOW)


def test_two_years_of_trade_are_told_in_full(full):
    newcomers, visits = full
    assert len(newcomers) == 1200
    assert visits == sorted(visits, key=lambda visit: visit.occurred_at)
    assert abs(len(visits) - 40_000) < 800
    assert visits[0].occurred_at < NOW - dt.timedelta(days=700)
    assert NOW - dt.timedelta(hours=3) < visits[-1].occurred_at <= NOW


def test_the_same_day_tells_the_same_story(full):
    assert plan(AROMA, SIZES["full"][AROMA.name], NOW) == full
    _newcomers, early = plan(BLOOM, SIZES["full"][BLOOM.name], NOW - dt.timedelta(hours=5))
    _newcomers, late = plan(BLOOM, SIZES["full"][BLOOM.name], NOW)
    assert late[: len(early)] == early


def test_weekdays_hours_and_seasons_have_their_pattern(full):
    _newcomers, visits = full
    weekday = Counter(visit.occurred_at.weekday() for visit in visits)
    hour = Counter(visit.occurred_at.hour for visit in visits)
    month = Counter((visit.occurred_at.year, visit.occurred_at.month) for visit in visits)
    assert weekday[5] > 1.5 * weekday[0]
    assert weekday[6] < weekday[0]
    assert hour[8] > 3 * hour[14]
    assert hour[12] > hour[14] < hour[16]
    assert month[2026, 8] < month[2026, 7] < month[2026, 10]
    assert month[2025, 12] > month[2025, 11]


@pytest.mark.parametrize("shop", [AROMA, BLOOM], ids=lambda shop: shop.name)
def test_nobody_buys_while_the_shop_is_shut(shop):
    _newcomers, visits = plan(shop, SIZES["small"][shop.name], NOW)
    for visit in visits:
        opens, closes = shop.hours[visit.occurred_at.weekday()]
        clock = visit.occurred_at.hour + visit.occurred_at.minute / 60
        assert visit.occurred_at.tzinfo is shop.zone
        assert shop.is_open(visit.occurred_at.date())
        assert opens <= clock <= closes


def test_a_few_come_daily_and_most_now_and_then(full):
    _newcomers, visits = full
    counts = sorted(Counter(visit.member for visit in visits).values())
    assert counts[len(counts) // 2] < 20
    assert counts[-1] > 300


def test_bills_lean_to_the_small_and_add_up(full):
    _newcomers, visits = full
    bills = sorted(visit.amount_minor for visit in visits)
    median, mean = bills[len(bills) // 2], sum(bills) / len(bills)
    assert 400 < median < mean < 1200
    for visit in visits[:500]:
        lines = sum(round(100 * float(line["amount"])) for line in visit.items)
        assert lines == visit.amount_minor


def test_nobody_comes_before_joining_and_the_second_place_opened_later(full):
    newcomers, visits = full
    joined = {newcomer.number: newcomer.joined_at for newcomer in newcomers}
    assert all(visit.occurred_at > joined[visit.member] for visit in visits)
    assert {visit.place.name for visit in visits[:1000]} == {"Croix-Rousse"}
    assert {visit.place.name for visit in visits[-1000:]} == {"Croix-Rousse", "Vieux Lyon"}


def test_mia_is_a_regular_and_noah_has_just_joined(full):
    newcomers, visits = full
    mias = [visit for visit in visits if visit.member == MIA]
    noah = next(newcomer for newcomer in newcomers if newcomer.number == NOAH)
    assert len(mias) == MIA_VISITS
    assert noah.joined_at > NOW - dt.timedelta(hours=1)
    assert [visit for visit in visits if visit.member == NOAH] == []
    assert newcomers[-1] == noah


def test_people_are_told_apart_and_nobody_real_is_meant(full):
    newcomers, _visits = full
    phones = [newcomer.person.phone for newcomer in newcomers if newcomer.person.phone]
    emails = [newcomer.person.email for newcomer in newcomers if newcomer.person.email]
    assert len(phones) == len(set(phones))
    assert len(emails) == len(set(emails))
    assert all(newcomer.person.phone or newcomer.person.email for newcomer in newcomers)
    assert all(phone.startswith(FICTIONAL_MOBILE[:8]) and len(phone) == 12 for phone in phones)
    assert all(email.endswith("@example.org") for email in emails)
    assert {newcomer.person.locale for newcomer in newcomers} == {"en", "fr"}
    assert any("é" in newcomer.person.name for newcomer in newcomers)
