"""A member's story says when a tier was about to be lost, when it was, and when a season's began."""

from dataclasses import replace

import pytest
from django.db import connection

from config.subscriptions import SUBSCRIPTIONS
from core import tenancy
from core.events import keep_for_audit, record
from core.ids import new_id
from core.models import Event
from loyalty.membership.tier_story import tier_turns
from loyalty.programme.publishing import change_programme
from loyalty.rules.tiers import Ladder, Season
from tests.loyalty.standings.test_climbing import FRIEND, climb_by
from tests.loyalty.standings.test_reviewing import at, buys, joins, looked
from tests.web.desk import HOME, desk_of, text_of


def heard(merchant) -> None:
    """The worker has told whoever keeps the audit."""
    with tenancy.scope(merchant.id):
        for event in Event.objects.filter(name__in=["tier.changed", "tier.warned"]).order_by("id"):
            assert SUBSCRIPTIONS[event.name]["audit"] is keep_for_audit
            keep_for_audit(event)
            event.delete()


@pytest.fixture
def ada(world):
    """Friend by €300 of 2027, with €120 in 2028."""
    with at("2027-01-01T09:00:00+01:00"):
        climb_by(world.aroma, 10_000, 30_000, window="calendar_year", downgrade="by_standing", warn_days=30)
    ada = joins(world.aroma, "2027-02-03T10:00:00+01:00")
    buys(world.aroma, ada, 30_000, "2027-03-01T10:00:00+01:00")
    buys(world.aroma, ada, 12_000, "2028-05-01T10:00:00+02:00")
    return ada


def page(world, ada, moment: str, show: str = "") -> str:
    """The words of her page then."""
    with at(moment):
        heard(world.aroma)
        return text_of(desk_of(world).get(f"{HOME}members/{ada.id}/{show}"))


def test_a_tier_that_is_lost_was_in_danger_before(world, ada):
    for moment in ("2028-12-05T10:00:00+01:00", "2029-01-01T00:00:00+01:00"):
        looked(world.aroma, moment)
    said = page(world, ada, "2029-01-02T10:00:00+01:00")
    for words in (
        "About to lose Friend",
        "€180 short: it is lost on 1 January 2029.",
        "No longer Friend",
        "It was not earned again. Regular from that day on.",
    ):
        assert words in said
    assert said.index("No longer Friend") < said.index("About to lose Friend") < said.index("€120")
    assert "No longer Friend" not in page(world, ada, "2029-01-02T10:00:00+01:00", "?show=points")


def test_a_season_begins_and_is_over_in_the_story(world, ada):
    with at("2029-01-02T10:00:00+01:00"), tenancy.scope(world.aroma.id):
        change_programme(
            merchant=world.aroma,
            actor=None,
            change=lambda version: replace(
                version,
                tiers=tuple(
                    replace(tier, season=Season("06-01", "08-31")) if tier.id == FRIEND else tier
                    for tier in version.tiers
                ),
            ),
        )
    buys(world.aroma, ada, 30_000, "2029-05-01T10:00:00+02:00")
    for moment in ("2029-06-01T00:00:00+02:00", "2029-09-01T00:00:00+02:00"):
        looked(world.aroma, moment)
    said = page(world, ada, "2029-09-02T10:00:00+02:00")
    for words in ("Now Friend", "Its season has begun.", "Its season is over. Regular from that day on."):
        assert words in said


def test_what_became_of_a_tier_stays_as_it_was_told(world, ada):
    """The pain: the shop took Friend away, and who had lost it read that Regular's season had begun."""
    for moment in ("2028-12-05T10:00:00+01:00", "2029-01-01T00:00:00+01:00"):
        looked(world.aroma, moment)
    with at("2029-01-02T10:00:00+01:00"):
        heard(world.aroma)
        with tenancy.scope(world.aroma.id):
            change_programme(
                merchant=world.aroma,
                actor=None,
                change=lambda version: replace(
                    version,
                    tiers=tuple(
                        replace(tier, name="Comrade", threshold_minor=10)
                        for tier in version.tiers
                        if tier.id != FRIEND
                    ),
                    ladder=Ladder("visits"),
                ),
            )
    said = page(world, ada, "2029-01-03T10:00:00+01:00")
    for words in (
        "About to lose Friend",
        "€180 short: it is lost on 1 January 2029.",
        "No longer Friend",
        "It was not earned again. Regular from that day on.",
    ):
        assert words in said
    assert "Its season has begun." not in said


def test_a_change_of_which_no_cause_was_told_is_a_change_and_no_more(world, ada):
    with at("2029-01-01T10:00:00+01:00"), tenancy.scope(world.aroma.id):
        record("tier.changed", {"member": str(ada.id), "tier": None, "before": str(new_id())})
    said = page(world, ada, "2029-01-02T10:00:00+01:00")
    assert "A tier changed" in said
    assert "season" not in said


def test_what_became_of_tiers_is_found_by_the_member(world, ada):
    """However much a shop's audit holds of others: row security lets the index be asked for the member, too."""
    with tenancy.scope(world.aroma.id):
        for _other in range(20):
            keep_for_audit(Event(name="tier.changed", payload={"member": str(new_id()), "tier": None}))
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            asked = []
            with connection.execute_wrapper(
                lambda run, sql, *rest: asked.append((sql, rest[0])) or run(sql, *rest)
            ):
                assert tier_turns([ada.id], since=None, before=None, limit=9) == []
            [(sql, values)] = [row for row in asked if "core_auditrow" in row[0]]
            cursor.execute(f"EXPLAIN (VERBOSE) {sql}", values)
            plan = [row[0] for row in cursor.fetchall()]
            cursor.execute("SELECT current_user, row_security_active('core_auditrow')")
            assert cursor.fetchone() == ("habitue_app", True)
    [condition] = [line for line in plan if "Index Cond:" in line]
    assert "member_id" in condition
