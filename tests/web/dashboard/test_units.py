"""The tabs of units: what members collect, and how long it lives. Sentences with blanks, as the rules are."""

import datetime as dt

import pytest

from loyalty.rules.types import Expiry, Worth
from tests.web.desk import HOME, desk_of, drafted, text_of, trips
from tests.world import signed_in, today_at

PROGRAMME = f"{HOME}programme/"
UNITS, EXPIRY = f"{PROGRAMME}units/", f"{PROGRAMME}expiry/"


def unit_of(world, place=0):
    return drafted(world.aroma).units[place]


def fill_in(client, unit_id, field, **said):
    return client.post(f"{UNITS}{unit_id}/blanks/{field}/", said, follow=True)


def add(client, kind):
    return client.post(f"{UNITS}new/", {"kind": kind}, follow=True)


def test_the_programme_has_four_tabs(world):
    client = desk_of(world)
    for page, name in ((PROGRAMME, "Tiers and rules"), (UNITS, "Units"), (EXPIRY, "Expiry and returns")):
        text = text_of(client.get(page))
        assert f'aria-current="page">{name}</a>' in text
        assert f'href="{PROGRAMME}versions/"' in text


def test_what_members_collect_is_a_sentence(world):
    page = text_of(desk_of(world).get(UNITS))
    for words in ("Members collect ", "points</a>", "a number that grows", "Nobody can pay with them"):
        assert words in page, words


def test_a_unit_is_renamed_in_both_languages(world):
    client, unit = desk_of(world), unit_of(world)
    names = {"one_en": "bean", "many_en": "beans", "one_fr": "grain", "many_fr": "grains"}
    page = text_of(fill_in(client, unit.id, "names", **names))
    assert unit_of(world).names == {"en": ("bean", "beans"), "fr": ("grain", "grains")}
    assert "In force: Members collect points" in page
    assert "1,218 <span>beans</span>" in page, "the live card follows"


def test_a_unit_has_both_its_words_or_none(world):
    client, unit = desk_of(world), unit_of(world)
    response = fill_in(client, unit.id, "names", one_en="bean", many_en="", one_fr="grain", many_fr="grains")
    assert response.status_code == 422
    assert 'id="blank_one_en_error"' in text_of(response)
    assert unit_of(world) == unit


def test_what_units_are_worth(world):
    client, unit = desk_of(world), unit_of(world)
    assert "100 points pay for €5" in text_of(fill_in(client, unit.id, "worth", units="100", minor="5"))
    assert unit_of(world).worth == Worth(100, 500)
    assert fill_in(client, unit.id, "worth", units="100", minor="").status_code == 422
    fill_in(client, unit.id, "worth", units="", minor="")
    assert unit_of(world).worth is None


def test_how_much_of_a_bill_units_pay(world):
    client, unit = desk_of(world), unit_of(world)
    assert "all of a bill" not in text_of(client.get(UNITS)), "no unit pays for anything yet"
    assert "all of a bill" in text_of(fill_in(client, unit.id, "worth", units="100", minor="5"))
    assert 'name="least"' in text_of(client.get(f"{UNITS}least/", follow=True))
    page = text_of(client.post(f"{UNITS}least/", {"least": "1.50"}, follow=True))
    assert drafted(world.aroma).least_in_money_minor == 150
    assert "all of a bill but €1.50" in page
    assert "In force: Units pay all of a bill." in page
    assert client.post(f"{UNITS}least/", {"least": "-1"}).status_code == 422
    assert client.post(f"{UNITS}least/", {"least": "much"}).status_code == 422
    client.post(f"{UNITS}least/", {"least": ""})
    assert drafted(world.aroma).least_in_money_minor == 0


def test_a_unit_is_added_with_its_name_open_and_undone(world):
    client = desk_of(world)
    page = text_of(add(client, "stamps"))
    new = unit_of(world, 1)
    assert (new.code, new.kind) == ("stamps", "stamps")
    assert f'id="blank-{new.id}-names"' in page
    assert 'name="one_en"' in page
    assert "No sentence gives them yet." in page
    add(client, "stamps")
    assert unit_of(world, 2).code == "stamps-2"
    back = client.post(f"{PROGRAMME}undo/?tab=units", {}, follow=True)
    assert back.request["PATH_INFO"] == UNITS
    assert [unit.code for unit in drafted(world.aroma).units] == ["points", "stamps"]


def test_what_nobody_offered_is_no_unit(world):
    add(desk_of(world), "gold")
    assert len(drafted(world.aroma).units) == 1


def test_units_change_places_and_the_first_is_the_figure_on_the_card(world):
    client = desk_of(world)
    add(client, "stamps")
    points, stamps = drafted(world.aroma).units
    page = text_of(client.post(f"{UNITS}{points.id}/place/", {"direction": "down"}, follow=True))
    assert [unit.id for unit in drafted(world.aroma).units] == [stamps.id, points.id]
    assert "<span>stamps</span>" in page
    assert "On the card, in this order: stamps and points" in text_of(client.get(f"{PROGRAMME}publish/"))


def test_taking_a_unit_out_says_who_holds_it_and_what_gives_it(world):
    client = desk_of(world)
    add(client, "stamps")
    page = text_of(client.get(UNITS))
    assert "2 sentences give it and go with it. 2 members have points." in page
    assert "Nobody has any of it, and no sentence gives it." in page
    points = unit_of(world)
    client.post(f"{UNITS}{points.id}/removal/", {}, follow=True)
    version = drafted(world.aroma)
    assert [unit.code for unit in version.units] == ["stamps"]
    assert version.rules == ()


def test_the_last_unit_stays(world):
    desk_of(world).post(f"{UNITS}{unit_of(world).id}/removal/")
    assert len(drafted(world.aroma).units) == 1


def test_a_unit_expires_and_the_page_says_whom_that_is_about_and_from_when(world):
    client, unit = desk_of(world), unit_of(world)
    assert "Points <a" in text_of(client.get(EXPIRY))
    page = text_of(fill_in(client, unit.id, "expiry", expiry="months", count="12"))
    assert unit_of(world).expiry == Expiry("months", 12)
    today = today_at(world.aroma)
    day = today.replace(year=today.year + 1, day=28 if (today.month, today.day) == (2, 29) else today.day)
    assert f"2 members have points: the first of those expire on {day.day} {day:%B %Y}" in page
    assert "In force: Points can be used at once and never expire." in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"expiry": "days", "count": "30"}, "expire 30 days after they were given"),
        ({"expiry": "end_of_year", "count": "0"}, "expire at the end of the year in which they were given"),
        ({"expiry": "end_of_quarter", "count": "6"}, "expire at the end of the quarter, 6 months after"),
        ({"expiry": "inactivity", "count": "90"}, "expire after 90 days without a purchase"),
    ],
)
def test_every_way_to_expire_can_be_written(world, said, words):
    assert words in text_of(fill_in(desk_of(world), unit_of(world).id, "expiry", **said))


@pytest.mark.parametrize("said", [{"expiry": "months", "count": ""}, {"expiry": "days", "count": "100000"}])
def test_an_expiry_that_cannot_be_is_refused_at_its_number(world, said):
    response = fill_in(desk_of(world), unit_of(world).id, "expiry", **said)
    assert response.status_code == 422
    assert 'id="blank_count_error"' in text_of(response)
    assert unit_of(world).expiry == Expiry()


def test_units_wait_before_they_can_be_used_but_do_not_die_first(world):
    client, unit = desk_of(world), unit_of(world)
    page = text_of(fill_in(client, unit.id, "vesting", vesting="days", vesting_days="14"))
    assert "can be used 14 days later" in page
    assert "This holds for what is given from then on." in page
    response = fill_in(client, unit.id, "expiry", expiry="days", count="7")
    assert "These units would expire before they can be used." in text_of(response)


def test_what_a_refund_takes_back(world):
    client = desk_of(world)
    page = text_of(client.post(f"{EXPIRY}returns/", {"returns": "within_balance"}, follow=True))
    assert drafted(world.aroma).returns == "within_balance"
    assert "what the member still has" in page
    assert "Purchases that are there keep what was in force when they were made." in page
    assert client.post(f"{EXPIRY}returns/", {"returns": "nothing"}).status_code == 422


def test_limits_between_scans_stand_beside_them(world):
    client = desk_of(world)
    assert "At most" in text_of(client.get(EXPIRY))
    said = {"cool_down_minutes": "5", "purchases_a_day": "3", "static_a_day": "1"}
    assert client.post(f"{EXPIRY}limits/", said)["Location"] == EXPIRY
    assert drafted(world.aroma).limits.cool_down_minutes == 5


def test_what_is_typed_shows_what_would_follow_and_changes_nothing(world):
    client, unit = desk_of(world), unit_of(world)
    said = {"line": unit.id, "blank": "expiry", "expiry": "days", "count": "10"}
    page = text_of(client.post(f"{UNITS}preview/", said, headers={"HX-Request": "true"}))
    day = today_at(world.aroma) + dt.timedelta(days=10)
    assert f"the first of those expire on {day.day} {day:%B %Y}, one full period later" in page
    assert unit_of(world) == unit


def test_a_blank_opens_in_its_place_and_on_the_page_without_a_script(world):
    client, unit = desk_of(world), unit_of(world)
    address = f"{UNITS}{unit.id}/blanks/expiry/"
    assert text_of(client.get(address, headers={"HX-Request": "true"})).startswith("\n<li")
    assert 'name="count"' in text_of(client.get(address, follow=True))


@pytest.mark.parametrize("field", ["nothing", "returns"])
def test_a_blank_that_is_not_there_is_not_found(world, field):
    assert desk_of(world).get(f"{UNITS}{unit_of(world).id}/blanks/{field}/").status_code == 404


def test_another_shops_unit_is_not_there(world):
    theirs = drafted(world.bloom).units[0]
    client = desk_of(world)
    assert client.get(f"{UNITS}{theirs.id}/blanks/names/").status_code == 404
    assert client.post(f"{UNITS}{theirs.id}/place/").status_code == 404


def test_a_cashier_cannot_change_units(world):
    client = signed_in(world.sam)
    assert client.get(UNITS).status_code == 403
    assert client.post(f"{UNITS}new/", {"kind": "stamps"}).status_code == 403


@pytest.mark.parametrize("page", [UNITS, EXPIRY])
def test_the_tabs_need_few_trips(world, page):
    assert trips(desk_of(world), page) == 11
