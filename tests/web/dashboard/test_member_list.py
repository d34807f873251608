"""The list of members: filters, sorts, how far one may leaf, and the list as a file."""

import csv
import datetime as dt
import io
import re

import pytest
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from core.models import Event
from loyalty.membership import joining, leaving, member_list
from loyalty.programme.versions import version_in_force
from loyalty.purchases import earning
from members import cards
from members.tags import set_tags
from merchants.queries import staff_member
from tests.web.desk import HOME, desk_of, manager_of, text_of
from tests.world import World, signed_in
from web.dashboard import spreadsheet

PAGE = f"{HOME}members/"
EXPORT = f"{PAGE}export/"
HEAD = ["name", "phone", "email", "language", "tier", "points", "visits", "last_visit", "joined", "tags"]


@pytest.fixture
def regulars(world):
    """Besides Mia, who is gold and came today, and Noah, who never came: Ada came 40 days ago, Bea and Élise today."""
    now = timezone.now()
    for place, (name, days, spent) in enumerate((("Ada", 40, 3000), ("bea", 0, 30_000), ("Élise", 0, 900))):
        moment = now - dt.timedelta(days=days) + dt.timedelta(milliseconds=place)
        with tenancy.scope(world.aroma.id):
            joined = joining.enrol_member(
                merchant=world.aroma,
                name=name,
                email=f"{name[1:]}@example.org",
                source="join",
                joined_at=moment,
            )
        bought = earning.NewPurchase(
            who=cards.Scanned(member_id=joined.member.id),
            amount_minor=spent,
            channel="scanner",
            asked=[name],
            occurred_at=moment,
        )
        earning.record_purchase(merchant=world.aroma, bought=bought, key=new_id())
    return world


def names(world: World, **asked: str) -> list[str]:
    """The names on the page, in their order."""
    page = text_of(desk_of(world).get(PAGE, asked))
    return re.findall(r'<a href="/dashboard/aroma/members/[0-9a-f-]{36}/">([^<]+)</a>', page)


def tier(world: World, name: str) -> str:
    """The id of a tier."""
    with tenancy.scope(world.aroma.id):
        return next(tier.id for tier in version_in_force().tiers if tier.name == name)


def test_filters_by_when_they_came(regulars):
    assert names(regulars, activity="missing") == ["Ada"]
    assert names(regulars, activity="never") == ["Noah"]
    assert set(names(regulars, activity="recent")) == {"Mia", "bea", "Élise"}
    assert set(names(regulars, activity="new")) == {"Mia", "Noah", "bea", "Élise"}


def test_filters_by_tier_and_all_filters_hold_at_once(regulars):
    assert names(regulars, tier=tier(regulars, "Gold")) == ["Mia"]
    assert names(regulars, tier=tier(regulars, "Silver"), activity="recent") == ["bea"]
    assert names(regulars, tier=tier(regulars, "Bronze"), activity="recent", q="lis") == ["Élise"]
    assert names(regulars, tier=tier(regulars, "Gold"), activity="missing") == []


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["Ada", "bea", "Élise", "Mia", "Noah"]),
        ("-name", ["Noah", "Mia", "Élise", "bea", "Ada"]),
        ("-points", ["Mia", "bea", "Ada", "Élise", "Noah"]),
        ("points", ["Élise", "Noah", "Ada", "bea", "Mia"]),
        ("-tier", ["Mia", "bea", "Ada", "Élise", "Noah"]),
        ("tier", ["Noah", "Élise", "Ada", "bea", "Mia"]),
        ("-last", ["Élise", "bea", "Mia", "Ada", "Noah"]),
        ("last", ["Ada", "Mia", "bea", "Élise", "Noah"]),
        ("joined", ["Ada", "Mia", "Noah", "bea", "Élise"]),
        ("-joined", ["Élise", "bea", "Noah", "Mia", "Ada"]),
        ("shoe size", ["Élise", "bea", "Noah", "Mia", "Ada"]),
    ],
)
def test_each_column_sorts_both_ways(regulars, sort, expected):
    # Noah's 50 of welcome and Élise's 50 + 9
    order = {"points": ["Noah", "Élise", "Ada", "bea", "Mia"]}.get(sort, expected)
    assert names(regulars, sort=sort) == order
    filtered = names(regulars, sort=sort, activity="recent")
    assert filtered == [name for name in order if name in {"Mia", "bea", "Élise"}]


def test_every_address_keeps_the_rest_of_the_state(regulars):
    page = text_of(desk_of(regulars).get(PAGE, {"q": "e", "activity": "recent", "sort": "name"}))
    assert "?q=e&amp;activity=recent&amp;sort=-name" in page  # the name's head, now the other way
    assert "?q=e&amp;activity=recent&amp;sort=-points" in page
    assert "?q=e&amp;activity=never&amp;sort=name" in page
    assert f"?q=e&amp;tier={tier(regulars, 'Gold')}&amp;activity=recent&amp;sort=name" in page
    assert '<input type="hidden" name="activity" value="recent">' in page
    assert 'aria-sort="ascending"' in page


def test_what_makes_no_sense_is_not_asked(regulars):
    client = desk_of(regulars)
    for name, value in (
        ("tier", "x"),
        ("tier", str(new_id())),
        ("activity", "asleep"),
        ("sort", "--name"),
        ("page", "²"),
    ):
        assert len(names(regulars, **{name: value})) == 5, (name, value)
        assert client.get(PAGE, {name: value}).status_code == 200


def test_nobody_like_this_offers_everybody(world):
    page = text_of(desk_of(world).get(PAGE, {"activity": "missing"}))
    assert "No member is like this at the moment." in page
    assert f'href="{PAGE}"' in page


def test_the_count_is_said_where_it_is_heard(regulars):
    page = text_of(desk_of(regulars).get(PAGE, {"activity": "recent"}))
    assert re.search(r'id="count" role="status">3 found<', page)
    part = text_of(desk_of(regulars).get(PAGE, {"q": "ada"}, headers={"HX-Request": "true"}))
    assert '<p hx-swap-oob="innerHTML:#count">1 found</p>' in part


def test_nobody_leafs_for_ever(regulars, monkeypatch):
    monkeypatch.setattr(member_list, "REACH", 2)
    monkeypatch.setattr("web.dashboard.member_list.REACH", 2)
    page = text_of(desk_of(regulars).get(PAGE, {"q": "e", "page": "9"}))
    assert "1–2 of more than 2" in page
    assert "More than 2 found" in page
    assert "The list ends here." in page
    assert "page=2" not in page
    assert "1–2 of 5" in text_of(desk_of(regulars).get(PAGE))


def test_another_merchants_members_are_found_by_no_filter_and_no_sort(regulars):
    for asked in (
        {"sort": "-points"},
        {"sort": "last"},
        {"sort": "tier"},
        {"activity": "never"},
        {"q": "zoe"},
    ):
        assert "Zoe" not in names(regulars, **asked), asked
    with tenancy.scope(regulars.bloom.id):
        theirs = version_in_force().tiers[0].id
    assert "Zoe" not in names(regulars, tier=theirs)


def test_who_was_erased_is_on_no_list(regulars):
    with tenancy.scope(regulars.aroma.id):
        leaving.erase_member(member=regulars.mia, actor="member")
    for sort in ("name", "-points", "last", "-tier", "joined"):
        found = names(regulars, sort=sort)
        assert sorted(found) == ["Ada", "Noah", "bea", "Élise"], sort
    assert len(exported(desk_of(regulars).post(EXPORT))) == 4


def exported(response) -> list[dict[str, str]]:
    """The file's lines by its heads."""
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert lines[0] == HEAD
    return [dict(zip(HEAD, line, strict=True)) for line in lines[1:]]


def test_the_list_is_taken_along_as_it_is_filtered(regulars, monkeypatch):
    monkeypatch.setattr(member_list, "BATCH", 2)
    response = desk_of(regulars).post(EXPORT)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert re.match(r'attachment; filename="aroma-\d{4}-\d\d-\d\d\.csv"', response["Content-Disposition"])
    lines = exported(response)
    assert {line["name"] for line in lines} == {"Ada", "Mia", "Noah", "bea", "Élise"}
    mia = next(line for line in lines if line["name"] == "Mia")
    assert (mia["tier"], mia["points"], mia["visits"], mia["email"]) == (
        "Gold",
        "1200",
        "3",
        "mia@example.org",
    )
    assert [line["name"] for line in exported(desk_of(regulars).post(EXPORT, {"activity": "missing"}))] == [
        "Ada"
    ]


def test_a_tag_finds_its_members_and_goes_along_in_the_file(regulars):
    with tenancy.scope(regulars.aroma.id):
        set_tags(member=regulars.mia, tags=["vip", "press"], actor="olivia")
        set_tags(member=regulars.noah, tags=["vip"], actor="olivia")
    assert sorted(names(regulars, tag="vip")) == ["Mia", "Noah"]
    assert names(regulars, tag="vip", tier=tier(regulars, "Gold")) == ["Mia"]
    assert names(regulars, tag="gone") == []
    page = text_of(desk_of(regulars).get("/dashboard/aroma/members/"))
    assert [f'href="?tag={tag}"' in page for tag in ("vip", "press", "gone")] == [True, True, False]
    [mia] = exported(desk_of(regulars).post(EXPORT, {"tag": "press"}))
    assert (mia["name"], mia["tags"]) == ("Mia", "vip, press")


def test_no_cell_is_a_formula(world):
    with tenancy.scope(world.aroma.id):
        joining.enrol_member(
            merchant=world.aroma, name='=HYPERLINK("http://evil","x")', phone="+33611111111", source="join"
        )
    lines = exported(desk_of(world).post(EXPORT))
    assert any(line["name"] == '\'=HYPERLINK("http://evil","x")' for line in lines)
    assert all(line["phone"].startswith("'+33") for line in lines)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_is_a_formula_however_a_spreadsheet_parts_the_line(delimiter):
    """French Excel parts a line at semicolons, and asks no quotes that it did not expect."""
    for start in ("=", "+", "-", "@", "＝", "＋", "－", "＠", " =", '"='):
        for before in ("", "Léa;", "Léa\t", "Léa\r", "Léa\n", "Léa,"):
            cell = spreadsheet.safe_cell(f"{before}{start}1+1")
            read = next(csv.reader([spreadsheet._csv([["first", cell]])], delimiter=delimiter))
            assert not [part for part in read if part.lstrip(' "').startswith(tuple("=+-@＝＋－＠"))], cell


def test_who_took_the_list_along_is_kept_without_what_was_searched(world):
    desk_of(world).post(EXPORT, {"q": "mia", "activity": "recent"})
    with tenancy.scope(world.aroma.id):
        event = Event.objects.get(name="members.exported")
        who = staff_member(world.olivia.id)
    assert event.payload == {"actor": str(who.id), "filters": {"activity": "recent"}, "searched": True}


def test_a_cashier_takes_no_list_along_and_a_manager_does(world):
    assert signed_in(world.sam).post(EXPORT).status_code == 403
    assert signed_in(manager_of(world.aroma)).post(EXPORT).status_code == 200
    assert signed_in(world.petra).post(EXPORT).status_code == 404
    assert desk_of(world).get(EXPORT).status_code == 405
    with tenancy.scope(world.aroma.id):
        assert Event.objects.filter(name="members.exported").count() == 1
