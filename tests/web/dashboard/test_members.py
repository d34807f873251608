"""The list of members: search, pages, empty states."""

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from loyalty.membership import joining
from loyalty.programme.opening import open_for_business
from tests.loyalty.standings.test_climbing import climb_by
from tests.web.desk import HOME, desk_of, text_of, trips
from tests.world import buy, signed_in

PAGE = f"{HOME}members/"


@pytest.fixture
def thirty(world):
    """Thirty members besides Mia and Noah."""
    with tenancy.scope(world.aroma.id):
        for number in range(30):
            joining.enrol_member(
                merchant=world.aroma, name=f"Guest {number:02}", phone=f"+336120000{number:02}", source="join"
            )
    return world


def test_the_list_says_tier_points_and_last_visit(world):
    page = text_of(desk_of(world).get(PAGE))
    for words in ("Mia", "Gold", "1,200", "Noah", "Bronze", "never"):
        assert words in page


def test_contacts_are_not_shown_in_full(world):
    page = text_of(desk_of(world).get(PAGE))
    assert "+33612345678" not in page
    assert "+33 6 12 •• •• 78" in page


def test_search_finds_by_name_phone_and_address(world):
    client = desk_of(world)
    for text in ("mi", "MIA", "  mia ", "5678", "mia@example"):
        page = text_of(client.get(PAGE, {"q": text}))
        assert ">Mia<" in page, text
        assert ">Noah<" not in page, text


def test_search_as_one_types_gets_the_list_alone(world):
    response = desk_of(world).get(PAGE, {"q": "noah"}, headers={"HX-Request": "true"})
    assert "<html" not in text_of(response)
    assert ">Noah<" in text_of(response)


def test_history_restored_by_htmx_is_the_whole_page(world):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in text_of(desk_of(world).get(PAGE, headers=headers))


def test_nobody_found_says_so_and_breaks_nothing(world):
    client = desk_of(world)
    for text in ("zzz", "<script>", "%", "a\x00b", "x" * 5000, "' OR 1=1 --"):
        page = text_of(client.get(PAGE, {"q": text}))
        assert "Nobody found" in page, text
        assert "<script>" not in page


def test_pages_follow_each_other(thirty):
    client = desk_of(thirty)
    first = text_of(client.get(PAGE))
    assert "1–25 of 32" in first
    assert "?page=2" in first
    second = text_of(client.get(PAGE, {"page": "2"}))
    assert "26–32 of 32" in second
    assert "?page=1" in second


def test_pages_keep_the_search(thirty):
    page = text_of(desk_of(thirty).get(PAGE, {"q": "guest"}))
    assert "?q=guest&amp;page=2" in page


def test_a_page_that_is_not_there_is_the_nearest_one(thirty):
    client = desk_of(thirty)
    for place in ("0", "-1", "999", "two", "9" * 30):
        assert client.get(PAGE, {"page": place}).status_code == 200, place


def test_without_members_the_next_step_is_the_poster(world):
    open_for_business(owner=world.petra, name="Petal", location_name="Ost")
    page = text_of(signed_in(world.petra).get("/dashboard/petal/members/"))
    assert "No member yet" in page
    assert "/dashboard/petal/poster/" in page


def test_another_merchants_members_are_not_in_the_list(world):
    assert "Zoe" not in text_of(desk_of(world).get(PAGE))
    assert "Nobody found" in text_of(desk_of(world).get(PAGE, {"q": "zoe"}))


def test_the_list_needs_few_trips_however_long(thirty):
    client = desk_of(thirty)
    assert trips(client, PAGE) == 11
    for asked in (
        "?sort=name",
        "?sort=-points&q=guest",
        "?sort=last&activity=missing",
        "?sort=-tier&activity=new",
    ):
        assert trips(client, PAGE + asked) <= 12, asked


def test_what_counts_and_what_keeps_a_tier_are_told_beside_a_member(world):
    climb_by(world.aroma, 2, 5, climbing="visits", window="calendar_year", downgrade="one_step", warn_days=60)
    december = timezone.now().replace(month=12, day=15)
    with time_machine.travel(december.replace(year=december.year + 1)):
        buy(world.aroma, world.mia, 500)  # one visit of the two that Regular takes
        client = signed_in(world.olivia)
        page = client.get(f"/dashboard/aroma/members/{world.mia.id}/").content.decode()
        found = client.get("/dashboard/aroma/members/").content.decode()
    assert "1 visit more by 31 December to stay Regular" in page
    assert "1 visit this calendar year" in page
    assert "4 visits to Friend" in found
    assert "2 visits to Regular" in found  # Noah
