"""A challenge, a badge and a tier's perks as everybody sees them: on the card, at the till, on the desk, in the API."""

from core import tenancy
from loyalty.programme.publishing import change_programme
from loyalty.rules.editing import changed_tier
from loyalty.rules.tiers import Perk
from loyalty.rules.types import Goal, Quota, Rule
from members.cards import static_code
from tests.api.conftest import public
from tests.loyalty.ruled import per_euro, rule_id, with_rules
from tests.web.card.conftest import phone_of, words_of
from tests.web.desk import desk_of, text_of
from tests.web.scanner.conftest import Till
from tests.world import buy

VISITS = {"en": "Three visits", "fr": "Trois visites"}


def challenged(world, times: int = 3) -> None:
    """Three visits this month bring 15 points, two ever a badge, and Bronze has free delivery."""
    point = per_euro(world.aroma, "euro")
    visits = Rule(
        rule_id("visits"), "visit", point.unit, 15, gives="flat", goal=Goal(times, "month"), names=VISITS
    )
    badge = Rule(
        rule_id("badge"), "visit", point.unit, gives="badge", goal=Goal(2, "ever"), names={"en": "Regular"},
        quotas=(Quota(1, "times", "ever"),),
    )  # fmt: skip
    version = with_rules(world.aroma, point, visits, badge)
    with tenancy.scope(world.aroma.id):
        change_programme(
            merchant=world.aroma,
            change=lambda made: changed_tier(made, version.tiers[0].id, perks=(Perk("free_delivery"),)),
            actor=None,
        )


def test_the_card_shows_the_stamps_the_badge_and_the_perks(world):
    challenged(world)
    phone = phone_of(world.aroma, world.noah)
    assert "3 more visits this month: 15 points" in words_of(phone.get("/c/aroma/"))
    buy(world.aroma, world.noah, 500)
    buy(world.aroma, world.noah, 500)
    page = phone.get("/c/aroma/")
    said = words_of(page)
    assert "1 more visit this month: 15 points" in said
    assert "Three visits · 2 of 3 visits this month" in said
    assert text_of(page).count("stamp-card__stamp--inked") == 2
    assert "Badges Regular" in said
    assert "Free delivery" in said


def test_what_takes_more_than_ten_is_a_bar(world):
    challenged(world, times=20)
    page = text_of(phone_of(world.aroma, world.noah).get("/c/aroma/"))
    assert "stamp-card__stamps" in page  # of the badge
    assert 'role="progressbar"' in page
    assert "0 of 20 visits this month" in page


def test_a_card_of_a_programme_without_challenges_has_no_place_for_them(world):
    page = text_of(phone_of(world.aroma, world.mia).get("/c/aroma/"))
    assert "card-goals" not in page.replace("card_goals.css", "")
    assert "Badges" not in page


def test_the_till_says_how_far_it_is_and_what_was_won(world):
    challenged(world)
    till, code = Till(world.sam), static_code(world.noah_card, world.aroma)
    assert "Free delivery" in words_of(till.look_up(code))
    first = words_of(till.stamp(code, "5"))
    assert "1 of 3 visits this month Three visits: 15 points for 3 visits in a month" in first
    assert "Bronze: free delivery" in first
    second = words_of(till.stamp(code, "5"))
    assert "2 of 3 visits this month" in second
    assert "The badge “Regular”" in second
    assert "Three visits: 2 of 3 visits this month" in words_of(till.look_up(code))


def test_the_desk_and_the_api_say_it_too(world, client):
    challenged(world)
    for _visit in range(2):
        buy(world.aroma, world.noah, 500)
    page = words_of(desk_of(world).get(f"/dashboard/aroma/members/{world.noah.id}/"))
    assert "Three visits: 2 of 3 visits this month" in page
    assert "Badge: Regular" in page
    found = client.get(
        f"/api/v1/members/{public('mem', world.noah.id)}",
        headers={"Authorization": f"Bearer {world.aroma_key}"},
    ).json()
    assert found["perks"] == ["free delivery"]
    assert found["badges"] == ["Regular"]
    assert found["challenges"] == [
        {"name": "Three visits", "done": 2, "of": 3, "words": "2 of 3 visits this month"}
    ]
