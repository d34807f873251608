"""The QR studio: every printed code, what came of it, made, renamed, stopped and set going again."""

import csv
import io

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image

from core import tenancy
from core.ids import new_id, public_id
from core.models import Event
from loyalty.membership.joining import enrol_member
from loyalty.models import Unit
from studio.counting import count_scan
from studio.links import NewLink, link_address, make_link, poster_link
from studio.models import Arrival, Link
from tests.analytics.test_rollups import deliver_all
from tests.rewards.offering import A_BUNCH, offered
from tests.web.card.conftest import words_of
from tests.web.desk import HOME, desk_of, text_of, trips
from tests.world import buy, signed_in

PAGE, NEW = f"{HOME}studio/", f"{HOME}studio/new/"


def a_link(world, kind="join", label="Window", **more):
    with tenancy.scope(world.aroma.id):
        return make_link(asked=NewLink(kind, label, **more), actor_id=None)


def brought(world, link, scans=0, *, joins=False, buys=False):
    """So many people scanned it, one joined by it, and bought."""
    with tenancy.scope(world.aroma.id):
        for number in range(scans):
            count_scan(link, world.aroma, str(number), timezone.now())
        if joins:
            joined = enrol_member(merchant=world.aroma, phone="+33611223344", source="join", link_id=link.id)
    deliver_all(world.aroma)
    if buys:
        buy(world.aroma, joined.member, 500)


def links_of(world):
    with tenancy.scope(world.aroma.id):
        return list(Link.objects.order_by("made_at"))


def test_an_empty_studio_says_what_it_is_for(world):
    page = desk_of(world).get(PAGE)
    assert "Nothing is printed yet" in words_of(page)
    assert f'href="{NEW}"' in text_of(page)


def test_the_list_tells_from_the_scan_to_the_first_purchase_the_busiest_first(world):
    quiet, busy = a_link(world, "table", "Table 7"), a_link(world, partner="Oatly", campaign="Spring")
    brought(world, quiet, 1)
    brought(world, busy, 4, joins=True, buys=True)
    said = words_of(desk_of(world).get(PAGE))
    assert "Window Join · Oatly · Spring Scans 4 Joined 1 First purchase 1 Rate 25%" in said
    assert "Table 7 Table tent Scans 1 Joined 0 First purchase 0 Rate < 1%" not in said
    assert said.index("Window") < said.index("Table 7")


def test_partners_and_campaigns_are_counted_together_who_brought_most_first(world):
    for partner, scans, joins in (("Oatly", 1, False), ("Chloé", 9, False), ("oatly", 2, True)):
        brought(world, a_link(world, partner=partner, campaign="Spring"), scans, joins=joins)
    brought(world, a_link(world, label="Door"), 5)
    desk = desk_of(world)
    said = words_of(desk.get(PAGE, {"by": "partner"}))
    assert "Oatly 2 codes Scans 3 Joined 1 First purchase 0 Rate 33%" in said.replace("oatly", "Oatly")
    assert (
        said.casefold().index("oatly 2 codes")
        < said.index("Chloé 1 code")
        < said.index("Without a partner 1 code Scans 5")
    )
    assert "Spring 3 codes Scans 12 Joined 1" in words_of(desk.get(PAGE, {"by": "campaign"}))
    assert trips(desk, f"{PAGE}?by=partner") <= 8


@pytest.mark.parametrize("by", ["location", "nonsense", "\x00"])
def test_where_nothing_is_to_be_added_up_the_codes_stand_there(world, by):
    a_link(world, label="Door")
    page = desk_of(world).get(PAGE, {"by": by})
    assert "Door Join" in words_of(page)
    assert "What is counted together" not in text_of(page)


def test_a_stopped_one_comes_last_and_says_so(world):
    over, other = a_link(world, label="Over"), a_link(world, label="Other")
    brought(world, over, 2)
    desk_of(world).post(f"{PAGE}{over.id}/stop/")
    said = words_of(desk_of(world).get(PAGE))
    assert said.index("Other") < said.index("Over stopped")
    assert other.stopped_at is None


def test_the_figures_are_of_the_days_that_were_chosen(world):
    link = a_link(world)
    with tenancy.scope(world.aroma.id):
        count_scan(link, world.aroma, "long ago", timezone.now() - timezone.timedelta(days=20))
    desk = desk_of(world)
    assert "Scans 1" in words_of(desk.get(PAGE))
    assert "Scans 0" in words_of(desk.get(PAGE, {"days": "7"}))


@pytest.mark.parametrize(
    ("kind", "more"), [("join", {"partner": "Oatly"}), ("table", {}), ("reward", {})], ids=str
)
def test_making_one_leads_to_its_page(world, kind, more):
    said = {
        "label": "Window",
        "location": public_id("loc", world.croix_rousse.id),
        "campaign": "Spring",
    } | more
    if kind == "reward":
        with tenancy.scope(world.aroma.id):
            reward = offered(unit_id=Unit.objects.get().id, **A_BUNCH)
        said["reward"] = public_id("rwd", reward.id)
    key, desk = str(new_id()), desk_of(world)
    for _twice in range(2):
        answer = desk.post(f"{NEW}?kind={kind}", said | {"key": key})
    (made,) = links_of(world)
    assert answer["Location"] == f"{PAGE}{made.id}/"
    assert (made.kind, made.label, made.location_id) == (kind, "Window", world.croix_rousse.id)
    assert (made.partner, made.campaign) == (more.get("partner", ""), "Spring")
    assert "is ready to print" in words_of(desk.get(answer["Location"]))


@pytest.mark.parametrize(
    "said", [{"label": ""}, {"label": "x" * 81}, {"label": "x", "location": "loc_x"}], ids=str
)
def test_what_cannot_be_comes_back_at_its_field_and_nothing_is_made(world, said):
    answer = desk_of(world).post(NEW, said | {"key": str(new_id())})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text_of(answer)
    assert links_of(world) == []


def test_without_a_reward_there_is_the_way_to_offer_one(world):
    assert "No reward is offered yet" in words_of(desk_of(world).get(NEW, {"kind": "reward"}))


def test_its_page_tells_the_funnel_and_its_code_reads_back(world):
    link = a_link(world)
    brought(world, link, 4, joins=True)
    desk = desk_of(world)
    said = words_of(desk.get(f"{PAGE}{link.id}/"))
    assert "Scans 4 Page opened 0 Joined 1 25% of scans First purchase 0" in said
    picture = desk.get(f"{PAGE}{link.id}/code.png")
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.content)))
    with tenancy.scope(world.aroma.id):
        assert found.text == link_address(link, world.aroma)
    assert picture["Content-Disposition"].endswith(f'"habitue-aroma-{link.letters}.png"')
    drawing = desk.get(f"{PAGE}{link.id}/code.svg")
    assert (drawing["Content-Type"], "<script" in text_of(drawing)) == ("image/svg+xml", False)


def test_renaming_changes_the_name_and_nothing_that_is_printed(world):
    link, desk = a_link(world), desk_of(world)
    answer = desk.post(f"{PAGE}{link.id}/", {"label": " The  door "}, follow=True)
    assert "What is printed goes on working" in words_of(answer)
    (now,) = links_of(world)
    assert (now.label, now.letters) == ("The door", link.letters)
    assert desk.post(f"{PAGE}{link.id}/", {"label": "a\u202eb"}).status_code == 422


def test_stopping_is_undone_by_its_toast(world):
    link, desk = a_link(world), desk_of(world)
    page = text_of(desk.post(f"{PAGE}{link.id}/stop/", follow=True))
    assert f"{PAGE}{link.id}/resumption/" in page
    assert links_of(world)[0].stopped_at is not None
    desk.post(f"{PAGE}{link.id}/resumption/")
    assert links_of(world)[0].stopped_at is None
    with tenancy.scope(world.aroma.id):
        told = Event.objects.filter(name__in=["link.stopped", "link.resumed"]).order_by("id")
        assert [bool(event.payload["actor"]) for event in told] == [True, True]


def test_a_full_house_resumes_none_and_says_what_to_do(world, monkeypatch):
    monkeypatch.setattr("studio.links.MOST_LINKS", 1)
    link, desk = a_link(world), desk_of(world)
    desk.post(f"{PAGE}{link.id}/stop/")
    a_link(world, label="Other")
    answer = desk.post(f"{PAGE}{link.id}/resumption/", follow=True)
    assert "Stop one that nobody scans any more" in words_of(answer)
    assert links_of(world)[0].stopped_at is not None


def test_the_page_of_a_member_says_by_which_code_they_came(world):
    link = a_link(world, label="Window, rue Mercière")
    brought(world, link, joins=True)
    with tenancy.scope(world.aroma.id):
        newcomer = Arrival.objects.get().member
    desk = desk_of(world)
    assert "Came by “Window, rue Mercière”" in words_of(desk.get(f"{HOME}members/{newcomer.id}/"))
    assert "Came by" not in words_of(desk.get(f"{HOME}members/{world.mia.id}/"))
    assert trips(desk, f"{HOME}members/{newcomer.id}/") <= 12


def test_the_form_hides_from_nobody_that_members_read_the_name(world):
    """It stands in the file of their own data."""
    link, desk = a_link(world), desk_of(world)
    for path in (NEW, f"{NEW}?kind=table", f"{PAGE}{link.id}/"):
        said = words_of(desk.get(path))
        assert "joins by it reads it in their own data" in said or "joined by it reads it" in said


def test_the_file_has_a_line_for_each_link_and_day(world):
    link = a_link(world, label="=Window", partner="Oatly")
    brought(world, link, 2, joins=True, buys=True)
    answer = desk_of(world).get(f"{PAGE}figures.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    (row,) = rows
    assert row["link"] == "'=Window"
    assert row["address"].endswith(link.letters)
    assert [row[name] for name in ("scans", "opened", "joined", "first_purchase")] == ["2", "0", "1", "1"]


@pytest.mark.parametrize("path", ["", "code.png", "code.svg"])
def test_another_merchants_link_is_not_there(world, path):
    with tenancy.scope(world.bloom.id):
        theirs = poster_link(world.bloom_shop)
    assert desk_of(world).get(f"{PAGE}{theirs.id}/{path}").status_code == 404
    for verb in ("stop", "resumption"):
        assert desk_of(world).post(f"{PAGE}{theirs.id}/{verb}/").status_code == 404


def test_a_cashier_makes_none(world):
    assert signed_in(world.sam).post(NEW, {"label": "x", "key": str(new_id())}).status_code == 403
    assert links_of(world) == []


def test_its_pages_need_few_trips(world):
    for number in range(5):
        a_link(world, "table", f"Table {number}", location_id=world.croix_rousse.id)
    desk = desk_of(world)
    assert trips(desk, PAGE) <= 8
    assert trips(desk, f"{PAGE}{links_of(world)[0].id}/") <= 11
