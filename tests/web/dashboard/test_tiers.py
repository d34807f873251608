"""The ladder on the programme's page: start, add, change, move, remove."""

import pytest

from core import tenancy
from core.ids import new_id
from loyalty import queries
from loyalty.models import Tier
from tests.web.desk import HOME, desk_of, drafted, publish, text_of
from tests.world import signed_in

PAGE = f"{HOME}programme/"
PLATINUM = {"new-name": "Platinum", "new-threshold": "900", "new-multiplier": "2"}


def row(tier: Tier, name: str, threshold: str, multiplier: str) -> dict[str, str]:
    """A row of the ladder as its form sends it."""
    fields = {"name": name, "threshold": threshold, "multiplier": multiplier}
    return {f"tier-{tier.id}-{field}": value for field, value in fields.items()}


def ladder_of(merchant) -> list[tuple[str, int, int]]:
    """Name, threshold and multiplier as the draft says them, lowest first."""
    ladder = drafted(merchant).tiers
    return [(tier.name, tier.threshold_minor, tier.multiplier_percent) for tier in ladder]


def tier_of(merchant, name: str) -> Tier:
    """A tier by its name."""
    with tenancy.scope(merchant.id):
        return Tier.objects.get(name=name)


def test_an_empty_ladder_starts_with_three(world):
    client = signed_in(world.petra)
    bud = tier_of(world.bloom, "Bud")
    client.post(f"/dashboard/bloom/programme/tiers/{bud.id}/removal/")
    assert "Start with Bronze, Silver, Gold" in text_of(client.get("/dashboard/bloom/programme/"))
    client.post("/dashboard/bloom/programme/ladder/")
    assert ladder_of(world.bloom) == [("Bronze", 0, 100), ("Silver", 25_000, 125), ("Gold", 50_000, 150)]


def test_a_tier_is_added(world):
    response = desk_of(world).post(f"{PAGE}tiers/", PLATINUM, follow=True)
    assert "1 change from version 2" in text_of(response)
    assert ladder_of(world.aroma)[-1] == ("Platinum", 90_000, 200)


def test_a_tier_is_renamed_and_its_members_follow_a_lower_threshold(world):
    gold = tier_of(world.aroma, "Gold")
    desk_of(world).post(f"{PAGE}tiers/{gold.id}/", row(gold, "Or", "0,50", "1,75"))
    assert ("Or", 50, 175) in ladder_of(world.aroma)


def test_a_member_moves_up_with_a_lower_threshold(world):
    silver = tier_of(world.aroma, "Silver")
    with tenancy.scope(world.aroma.id):
        assert queries.standing_of(world.noah.id).tier.name == "Bronze"
    # Bronze begins at 0, where Noah stands: Silver takes its place from below.
    bronze = tier_of(world.aroma, "Bronze")
    client = desk_of(world)
    client.post(f"{PAGE}tiers/{bronze.id}/removal/")
    client.post(f"{PAGE}tiers/{silver.id}/", row(silver, "Silver", "0", "1.25"))
    with tenancy.scope(world.aroma.id):
        assert queries.standing_of(world.noah.id).tier.name == "Bronze"
    publish(client)
    with tenancy.scope(world.aroma.id):
        assert queries.standing_of(world.noah.id).tier.name == "Silver"


@pytest.mark.parametrize(
    ("direction", "expected"), [("up", ["Bronze", "Gold", "Silver"]), ("down", ["Silver", "Bronze", "Gold"])]
)
def test_a_tier_changes_places_and_the_amounts_stay(world, direction, expected):
    silver = tier_of(world.aroma, "Silver")
    response = desk_of(world).post(f"{PAGE}tiers/{silver.id}/place/", {"direction": direction}, follow=True)
    assert "The amounts stayed." in text_of(response)
    ladder = ladder_of(world.aroma)
    assert [name for name, _threshold, _percent in ladder] == expected
    assert [threshold for _name, threshold, _percent in ladder] == [0, 25_000, 50_000]


def test_at_the_end_of_the_ladder_nothing_moves_and_nothing_is_said(world):
    before, gold = ladder_of(world.aroma), tier_of(world.aroma, "Gold")
    response = desk_of(world).post(f"{PAGE}tiers/{gold.id}/place/", {"direction": "up"}, follow=True)
    assert "The amounts stayed." not in text_of(response)
    assert ladder_of(world.aroma) == before


def test_a_tier_is_removed_after_one_question(world):
    silver = tier_of(world.aroma, "Silver")
    client = desk_of(world)
    assert "Remove Silver?" in text_of(client.get(PAGE))
    response = client.post(f"{PAGE}tiers/{silver.id}/removal/", follow=True)
    assert "The tier is taken out of the draft." in text_of(response)
    assert [name for name, *_rest in ladder_of(world.aroma)] == ["Bronze", "Gold"]


@pytest.mark.parametrize(
    ("name", "words", "left"),
    [
        ("Gold", "Once that is published, its members are Silver.", "Silver"),
        ("Silver", "Once that is published, its members are Bronze.", "Gold"),
    ],
)
def test_the_question_says_what_becomes_of_its_members(world, name, words, left):
    """Mia is Gold."""
    client, tier = desk_of(world), tier_of(world.aroma, name)
    assert words in text_of(client.get(PAGE))
    client.post(f"{PAGE}tiers/{tier.id}/removal/")
    publish(client)
    with tenancy.scope(world.aroma.id):
        standing = queries.standing_of(world.mia.id)
    assert standing.tier is not None
    assert standing.tier.name == left


def test_of_the_lowest_tier_the_question_says_that_its_members_have_none(world):
    assert "its members have no tier until they reach one" in text_of(desk_of(world).get(PAGE))


def test_by_another_count_the_question_promises_no_more_than_the_lowest_tier(world):
    """Mia is Gold by what she spent. The same draft counts visits, of which she has few."""
    client, gold = desk_of(world), tier_of(world.aroma, "Gold")
    client.post(f"{PAGE}ladder/terms/", {"climbing": "visits"})
    page = text_of(client.get(PAGE))
    assert "its members have the tier that they reach by the new count, at least Bronze" in page
    assert "its members are" not in page
    client.post(f"{PAGE}tiers/{gold.id}/removal/")
    publish(client)
    with tenancy.scope(world.aroma.id):
        standing = queries.standing_of(world.mia.id)
    assert standing.tier is not None
    assert standing.tier.name == "Bronze"


def test_by_another_count_without_a_tier_for_everybody_the_question_promises_none(world):
    client, bronze = desk_of(world), tier_of(world.aroma, "Bronze")
    client.post(f"{PAGE}ladder/terms/", {"climbing": "visits"})
    client.post(f"{PAGE}tiers/{bronze.id}/removal/")
    assert "by the new count, if any" in text_of(client.get(PAGE))


def test_of_a_tier_that_is_new_in_the_draft_the_question_says_that_nobody_has_it(world):
    client = desk_of(world)
    assert "Nobody has it yet" not in text_of(client.get(PAGE))
    client.post(f"{PAGE}tiers/", PLATINUM)
    assert text_of(client.get(PAGE)).count("Nobody has it yet") == 1


def test_nobody_is_said_to_move_up_whose_tier_is_taken_out(world):
    """Gold is taken out, so that Mia is Silver. In the same draft Silver begins €1 higher, which lifts nobody."""
    client, gold, silver = desk_of(world), tier_of(world.aroma, "Gold"), tier_of(world.aroma, "Silver")
    client.post(f"{PAGE}tiers/{gold.id}/removal/")
    page = client.post(f"{PAGE}tiers/{silver.id}/", row(silver, "Silver", "251", "1.25"), follow=True)
    assert "Silver was €250: nobody would move" in text_of(page)


def test_nobody_is_said_to_move_up_from_a_tier_that_another_count_takes_away(world):
    """Whether the tier that she reaches by visits is more than Gold by spend was, nobody can say."""
    client, gold = desk_of(world), tier_of(world.aroma, "Gold")
    client.post(f"{PAGE}ladder/terms/", {"climbing": "visits"})
    client.post(f"{PAGE}tiers/{gold.id}/removal/")
    assert "would move up" not in text_of(client.get(PAGE))


REFUSED = {
    "name": ["", "x" * 41, "a\u202eb"],
    "threshold": ["500", "-1", "1.234", "1e5", "10000000001", ""],
    "multiplier": ["0.5", "11", "1.005", "NaN", "1e9999", "١"],
}


def test_a_tier_that_cannot_be_is_refused_at_its_field(world):
    client, before = desk_of(world), ladder_of(world.aroma)
    for field, values in REFUSED.items():
        for value in values:
            response = client.post(f"{PAGE}tiers/", PLATINUM | {f"new-{field}": value})
            assert response.status_code == 422, value
            assert f'id="new-{field}_error"' in text_of(response)
    assert ladder_of(world.aroma) == before


def test_a_refused_change_says_so_in_its_own_row(world):
    gold = tier_of(world.aroma, "Gold")
    response = desk_of(world).post(f"{PAGE}tiers/{gold.id}/", row(gold, "Gold", "250", "1.5"))
    assert response.status_code == 422
    assert f'id="tier-{gold.id}-threshold_error"' in text_of(response)


def test_names_with_quotes_are_shown_once_escaped(world):
    desk_of(world).post(f"{PAGE}tiers/", PLATINUM | {"new-name": "L'Or <b>"})
    page = text_of(desk_of(world).get(PAGE))
    assert "<b>?" not in page
    assert "Remove L&#x27;Or &lt;b&gt;?" in page


@pytest.mark.parametrize("what", ["", "place/", "removal/"])
def test_another_merchants_tier_is_not_there_and_nothing_changes(world, what):
    bud = tier_of(world.bloom, "Bud")
    before = ladder_of(world.aroma), ladder_of(world.bloom)
    client = desk_of(world)
    for tier_id in (bud.id, new_id()):
        for form in (PLATINUM, {}):
            assert client.post(f"{PAGE}tiers/{tier_id}/{what}", form).status_code == 404
    assert (ladder_of(world.aroma), ladder_of(world.bloom)) == before


def test_a_ladder_ends_at_twelve(world):
    client = desk_of(world)
    for number in range(9):
        client.post(f"{PAGE}tiers/", PLATINUM | {"new-threshold": str(1000 + number)})
    response = client.post(f"{PAGE}tiers/", PLATINUM | {"new-threshold": "5000"})
    assert response.status_code == 422
    assert "A programme has at most 12 tiers." in text_of(response)
