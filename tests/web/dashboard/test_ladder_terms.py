"""How tiers are climbed and lost, as blanks on the programme's page, and what a change of that does."""

import datetime as dt

import pytest
import time_machine

from loyalty.rules.tiers import Ladder
from tests.web.dashboard.test_tiers import PAGE, PLATINUM, ladder_of
from tests.web.desk import desk_of, drafted, publish, text_of
from tests.world import buy

TERMS = f"{PAGE}ladder/terms/"
TODAY = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def test_a_ladder_counts_a_calendar_year_and_its_amounts_stay(world):
    response = desk_of(world).post(TERMS, {"climbing": "spend", "window": "calendar_year"}, follow=True)
    assert "1 change from version 2" in text_of(response)
    assert drafted(world.aroma).ladder == Ladder(window="calendar_year")
    assert ladder_of(world.aroma) == [("Bronze", 0, 100), ("Silver", 25_000, 125), ("Gold", 50_000, 150)]


def test_what_is_lost_and_when_is_asked_only_where_progress_begins_anew(world):
    client = desk_of(world)
    assert "not earned again" not in text_of(client.get(PAGE))
    page = text_of(client.post(TERMS, {"window": "calendar_year"}, follow=True))
    assert "not earned again" in page
    assert 'name="grace_days"' not in page
    page = text_of(client.post(TERMS, {"downgrade": "by_standing"}, follow=True))
    assert 'name="grace_days"' in page
    client.post(TERMS, {"downgrade": "by_standing", "grace_days": "30", "warn_days": "20"})
    assert drafted(world.aroma).ladder == Ladder("spend", "calendar_year", "by_standing", 30, 20)


@pytest.mark.parametrize(
    ("climbing", "thresholds"),
    [("visits", [0, 25, 50]), ("units", [0, 250, 500]), ("spend", [0, 25_000, 50_000])],
)
def test_a_ladder_by_something_else_keeps_its_steps(world, climbing, thresholds):
    desk_of(world).post(TERMS, {"climbing": climbing})
    assert [threshold for _name, threshold, _percent in ladder_of(world.aroma)] == thresholds


def test_amounts_of_a_ladder_by_visits_are_read_as_visits(world):
    client = desk_of(world)
    page = text_of(client.post(TERMS, {"climbing": "visits"}, follow=True))
    assert "Tiers were by spend: look at each amount" in page
    assert ">visits</span>" in page
    client.post(f"{PAGE}tiers/", PLATINUM | {"new-threshold": "90"})
    assert ladder_of(world.aroma)[-1] == ("Platinum", 90, 200)
    refused = client.post(f"{PAGE}tiers/", PLATINUM | {"new-threshold": "90.50"})
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ("calendar_year", ["before 1 January 2026 brings", "loses a tier before 31 January 2028"]),
        ("rolling_12_months", ["before 23 November 2025 brings", "loses a tier before 22 December 2027"]),
        ("from_joining", ["before the last anniversary of joining", "loses a tier before 22 December 2027"]),
    ],
)
def test_what_a_window_does_is_said_beside_it(world, window, words):
    with time_machine.travel(TODAY, tick=False):
        said = {"window": window, "downgrade": "one_step", "grace_days": "30"}
        page = text_of(desk_of(world).post(TERMS, said, follow=True))
    beside = page[page.index('id="consequences"') :][:800]
    assert all(each in beside for each in words)


def test_days_that_are_none_are_refused_at_their_field(world):
    client = desk_of(world)
    client.post(TERMS, {"window": "calendar_year", "downgrade": "one_step"})
    for said in ({"grace_days": "367"}, {"warn_days": "many"}, {"grace_days": "-1"}):
        response = client.post(TERMS, said)
        assert response.status_code == 422, said
        assert f'id="ladder_{next(iter(said))}_error"' in text_of(response)
    assert drafted(world.aroma).ladder == Ladder(window="calendar_year", downgrade="one_step")


def test_what_is_not_offered_changes_nothing(world):
    for said in ({"climbing": "luck"}, {"window": "week"}, {"downgrade": "at_once"}, {}):
        desk_of(world).post(TERMS, said)
    assert drafted(world.aroma).ladder == Ladder()


def fields_of(tier, said):
    """A row of the ladder as its form sends it."""
    return {f"tier-{tier.id}-{name}": value for name, value in said.items()}


def test_whoever_has_a_tier_to_earn_again_is_counted(world):
    said = {"window": "calendar_year", "downgrade": "one_step"}
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=730), tick=False):
        client = desk_of(world)  # Mia became Gold two years ago
        page = text_of(client.post(TERMS, said, follow=True))
        assert "With this ladder 1 member has a tier to earn again" in page
        page = text_of(client.post(TERMS, {"downgrade": "never"}, follow=True))
        assert "to earn again" not in page


def test_whoever_has_to_earn_more_for_a_tier_is_counted(world):
    """Under a ladder that takes tiers away, a higher amount moves nobody today: the tier is safe for a whole window."""
    client, gold = desk_of(world), drafted(world.aroma).tiers[2]
    client.post(TERMS, {"window": "calendar_year", "downgrade": "one_step"})
    publish(client)
    for threshold, words in (("2000", "With this amount 1 member has a tier to earn again"), ("450", "")):
        fields = {"name": "Gold", "threshold": threshold, "multiplier": "1.5"}
        page = text_of(
            client.post(
                f"{PAGE}tiers/{gold.id}/",
                {f"tier-{gold.id}-{name}": value for name, value in fields.items()},
                follow=True,
            )
        )
        assert "Gold was €500: nobody would move" in page
        assert words in page if words else "to earn again" not in page


def test_only_of_a_tier_that_asks_for_more_it_is_said_that_it_is_to_earn_again(world):
    """A year later Mia, who is Gold, has bought nothing yet. Silver is raised: that is nothing to her."""
    terms = {"window": "calendar_year", "downgrade": "one_step"}
    client, (_bronze, silver, gold) = desk_of(world), drafted(world.aroma).tiers
    client.post(TERMS, terms)
    publish(client)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=366), tick=False):
        client = desk_of(world)
        said = {"name": "Silver", "threshold": "251", "multiplier": "1.25"}
        page = text_of(client.post(f"{PAGE}tiers/{silver.id}/", fields_of(silver, said), follow=True))
        assert "Silver was €250: nobody would move" in page
        assert "to earn again" not in page
        said = {"name": "Gold", "threshold": "501", "multiplier": "1.5"}
        page = text_of(client.post(f"{PAGE}tiers/{gold.id}/", fields_of(gold, said), follow=True))
        assert "With these amounts 1 member has a tier to earn again" in page


def test_whoever_would_rise_by_another_measure_is_counted(world):
    for _visit in range(3):
        buy(world.aroma, world.noah, 100)
    client, silver = desk_of(world), drafted(world.aroma).tiers[1]
    client.post(TERMS, {"climbing": "visits"})
    fields = {"name": "Silver", "threshold": "3", "multiplier": "1.25"}
    said = {f"tier-{silver.id}-{name}": value for name, value in fields.items()}
    page = text_of(client.post(f"{PAGE}tiers/{silver.id}/", said, follow=True))
    assert "With this ladder 1 member would move up" in page
