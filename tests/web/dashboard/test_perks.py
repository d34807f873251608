"""What a tier brings besides units, and its season, filled in below the tier."""

import pytest

from core.ids import new_id
from loyalty.rules.tiers import Perk, Season
from tests.web.dashboard.test_tiers import PAGE
from tests.web.desk import desk_of, drafted, text_of
from tests.world import signed_in

NOTHING = {"first_day": "", "first_month": "", "last_day": "", "last_month": ""}


def perks_of(world, place: int = 2) -> str:
    """Where the perks of Aroma's tier at this place are, Gold's if nobody says."""
    return f"{PAGE}tiers/{drafted(world.aroma).tiers[place].id}/perks/"


def gold(world):
    """Gold as the draft says it."""
    return drafted(world.aroma).tiers[2]


def line(number: int, kind: str, en: str = "", fr: str = "", percent: str = "") -> dict[str, str]:
    """A perk as the form sends it."""
    return {f"kind_{number}": kind, f"en_{number}": en, f"fr_{number}": fr, f"percent_{number}": percent}


def test_perks_are_added_one_by_one_and_stand_in_the_row(world):
    client = desk_of(world)
    client.post(perks_of(world), line(0, "free_delivery") | NOTHING)
    client.post(
        perks_of(world), line(0, "free_delivery") | line(1, "text", "Tastings", "Dégustations") | NOTHING
    )
    assert gold(world).perks == (
        Perk("free_delivery"),
        Perk("text", {"en": "Tastings", "fr": "Dégustations"}),
    )
    page = text_of(client.get(PAGE))
    assert "free delivery · Tastings" in page
    assert "1 change from version 2" in page  # it is one tier that differs


def test_a_percentage_has_its_number(world):
    client = desk_of(world)
    client.post(perks_of(world), line(0, "percent_off", percent="7,5") | NOTHING)
    assert gold(world).perks == (Perk("percent_off", {}, 750),)
    for wrong in ("", "0", "101", "many", "-3"):
        response = client.post(perks_of(world), line(0, "percent_off", percent=wrong) | line(1, "") | NOTHING)
        assert response.status_code == 422, wrong
        assert 'id="perks_percent_0_error"' in text_of(response)
    assert gold(world).perks == (Perk("percent_off", {}, 750),)


def test_a_perk_is_taken_out(world):
    client = desk_of(world)
    client.post(perks_of(world), line(0, "gift") | NOTHING)
    client.post(perks_of(world), line(0, "") | line(1, "early_access") | NOTHING)
    assert gold(world).perks == (Perk("early_access"),)


def test_a_perk_in_words_of_its_own_needs_them(world):
    response = desk_of(world).post(perks_of(world), line(0, "text") | NOTHING)
    assert response.status_code == 422
    assert 'id="perks_en_0_error"' in text_of(response)
    assert gold(world).perks == ()


@pytest.mark.parametrize(
    ("days", "season"),
    [
        (
            {"first_day": "1", "first_month": "6", "last_day": "31", "last_month": "8"},
            Season("06-01", "08-31"),
        ),
        ({"first_month": "12", "last_month": "2"}, Season("12-01", "02-28")),
        ({}, None),
    ],
)
def test_a_tier_has_its_season(world, days, season):
    desk_of(world).post(perks_of(world), line(0, "") | NOTHING | days)
    assert gold(world).season == season


@pytest.mark.parametrize(
    "days",
    [
        {"first_month": "6"},
        {"first_month": "13", "last_month": "8"},
        {"first_day": "31", "first_month": "6", "last_month": "8"},
        {"first_day": "29", "first_month": "2", "last_month": "8"},
    ],
)
def test_a_season_that_is_none_is_refused(world, days):
    response = desk_of(world).post(perks_of(world), line(0, "") | NOTHING | days)
    assert response.status_code == 422
    assert "_error" in text_of(response)
    assert gold(world).season is None


def test_the_form_opens_with_what_is_kept(world):
    client, path = desk_of(world), perks_of(world)
    client.post(path, line(0, "gift") | NOTHING)
    assert 'value="gift" selected' in text_of(client.get(path))


def test_another_shops_tier_is_not_there(world):
    bud = drafted(world.bloom).tiers[0].id
    for tier_id in (bud, new_id()):
        for answer in (desk_of(world).get, desk_of(world).post):
            assert answer(f"{PAGE}tiers/{tier_id}/perks/").status_code == 404
    assert signed_in(world.sam).get(perks_of(world)).status_code == 403
