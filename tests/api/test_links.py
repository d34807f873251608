"""Printed links by program: made, listed with what came of them, read."""

import pytest
from django.utils import timezone

from core import tenancy
from core.ids import read_id
from members.models import Member
from merchants.access import Scope
from merchants.api_keys import make_key
from studio import links
from studio.counting import count_scan
from studio.links import stop_link
from studio.models import Link
from tests.analytics.test_rollups import deliver_all
from tests.api.conftest import Till, assert_refused, public

ASKED = {"kind": "join", "label": "Spring shelf", "partner": "Oatly", "campaign": "Spring"}


def links_of(world):
    with tenancy.scope(world.aroma.id):
        return list(Link.objects.all())


def test_a_link_is_made_once_and_leads_to_its_own_merchants_page(till, client, world, settings):
    place = public("loc", world.croix_rousse.id)
    first, again = (till.post("/links", ASKED | {"location": place}, key="spring") for _time in range(2))
    assert (first.status_code, again.content) == (201, first.content)
    link = first.json()
    assert {name: link[name] for name in ASKED} == ASKED
    assert (link["location"], link["reward"], link["stopped_at"]) == (place, None, None)
    assert len(links_of(world)) == 1
    led = client.get(link["address"].removeprefix(settings.BASE_URL))
    assert led["Location"].startswith("/c/aroma/join?link=")


def test_what_came_of_it_is_told(till, world):
    made = till.post("/links", ASKED).json()
    with tenancy.scope(world.aroma.id):
        link = Link.objects.get(id=read_id("lnk", made["id"]))
        count_scan(link, world.aroma, "somebody", timezone.now())
        stop_link(link_id=link.id, actor_id=None)
    told = till.get(f"/links/{made['id']}").json()
    assert told["figures"] == {"scans": 1, "opened": 0, "joined": 0, "first_purchase": 0}
    assert told["stopped_at"] is not None
    assert till.get("/links").json() == {"items": [told], "next": None}


def test_links_are_listed_newest_first_page_by_page(till):
    for label in ("A", "B", "C"):
        till.post("/links", ASKED | {"label": label})
    first = till.get("/links?limit=2").json()
    rest = till.get(f"/links?limit=2&cursor={first['next']}").json()
    assert [link["label"] for link in first["items"] + rest["items"]] == ["C", "B", "A"]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"label": "x"}, 422, "field_missing"),
        ({"kind": "poster"}, 422, "value_of_wrong_kind"),
        ({"label": " "}, 422, "name_missing"),
        ({"label": "x" * 81}, 422, "text_too_long"),
        ({"partner": "a\u202eb"}, 422, "text_forbidden"),
        ({"location": "loc_" + "0" * 32}, 422, "location_not_found"),
        ({"kind": "reward"}, 404, "reward_not_found"),
        ({"kind": "reward", "reward": "rwd_" + "0" * 32}, 404, "reward_not_found"),
        ({"made_by": "me"}, 422, "field_unknown"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_nothing_is_made(till, world, said, status, code):
    asked = (
        said if "kind" not in said and list(said) == ["label"] and code == "field_missing" else ASKED | said
    )
    assert_refused(till.post("/links", asked), status, code)
    assert links_of(world) == []


def test_another_merchants_link_is_not_there(till, bloom_till):
    theirs = bloom_till.post("/links", ASKED).json()["id"]
    for link_id in (theirs, "lnk_" + "0" * 32, "nonsense"):
        assert_refused(till.get(f"/links/{link_id}"), 404, "link_not_found")


def test_a_key_that_may_only_read_makes_and_changes_none(till, world):
    with tenancy.scope(world.aroma.id):
        reader = Till(make_key(name="Reader", scopes=[Scope.READ_PROGRAMME], actor=None)[1])
    assert_refused(reader.post("/links", ASKED), 403, "scope_missing")
    assert reader.get("/links").json()["items"] == []
    made = till.post("/links", ASKED).json()
    assert_refused(change(reader, made, stopped=True), 403, "scope_missing")
    assert reader.get("/links").json()["items"] == [made]


def change(till, link, **said):
    return till.send("PATCH", f"/links/{link['id']}", said)


def test_a_link_is_renamed_stopped_and_set_going_again(till, client, settings):
    made = till.post("/links", ASKED).json()
    path = made["address"].removeprefix(settings.BASE_URL)
    assert change(till, made, label=" Summer  shelf ").json() == made | {"label": "Summer shelf"}
    for _twice in range(2):
        stopped = change(till, made, stopped=True)
        assert (stopped.status_code, stopped.json()["stopped_at"] is None) == (200, False)
    assert client.get(path).status_code == 410
    assert change(till, made, stopped=False, label="Shelf").json() == made | {"label": "Shelf"}
    assert client.get(path).status_code == 302
    assert change(till, made).json() == till.get(f"/links/{made['id']}").json()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"stopped": "yes"}, "value_of_wrong_kind"),
        ({"stopped": None}, "value_of_wrong_kind"),
        ({"label": None}, "value_of_wrong_kind"),
        ({"label": " ", "stopped": True}, "name_missing"),
        ({"label": "x" * 81}, "text_too_long"),
        ({"label": "Door", "stopped": 1}, "value_of_wrong_kind"),
        ({"partner": "Oatly"}, "field_unknown"),
    ],
    ids=str,
)
def test_a_change_that_cannot_be_changes_nothing(till, said, code):
    made = till.post("/links", ASKED).json()
    assert_refused(change(till, made, **said), 422, code)
    assert till.get(f"/links/{made['id']}").json() == made


def test_another_merchants_link_is_changed_by_nobody_here(till, bloom_till):
    theirs = bloom_till.post("/links", ASKED).json()
    assert_refused(change(till, theirs, stopped=True, label="Ours"), 404, "link_not_found")
    assert bloom_till.get(f"/links/{theirs['id']}").json() == theirs


def test_the_full_house_resumes_none_and_the_name_stays_too(till, monkeypatch):
    monkeypatch.setattr(links, "MOST_LINKS", 1)
    over = till.post("/links", ASKED).json()
    change(till, over, stopped=True)
    other = till.post("/links", ASKED | {"label": "Other"}).json()
    assert_refused(change(till, over, label="New", stopped=False), 422, "too_many_links")
    told = till.get(f"/links/{over['id']}").json()
    assert (told["label"], told["stopped_at"] is None) == (over["label"], False)
    change(till, other, stopped=True)
    assert change(till, over, stopped=False).json()["stopped_at"] is None


ADA = {"name": "Ada", "phone": "06 11 22 33 44"}


def test_a_member_enrolled_by_program_counts_for_the_link_and_joins_where_it_hangs(till, world):
    place = public("loc", world.croix_rousse.id)
    made = till.post("/links", ASKED | {"location": place}).json()
    joined = till.post("/members", ADA | {"link": made["id"]})
    assert joined.status_code == 201
    deliver_all(world.aroma)
    assert till.get(f"/links/{made['id']}").json()["figures"]["joined"] == 1
    with tenancy.scope(world.aroma.id):
        assert Member.objects.get(name="Ada").location_id == world.croix_rousse.id


def test_nobody_joins_by_a_link_that_is_unknown_or_anothers(till, bloom_till, books):
    theirs = bloom_till.post("/links", ASKED).json()["id"]
    before = books()
    for link_id in (theirs, "lnk_" + "0" * 32):
        assert_refused(till.post("/members", ADA | {"link": link_id}), 404, "link_not_found", "link")
    assert_refused(till.post("/members", ADA | {"link": "nonsense"}), 422, "id_unreadable", "link")
    assert books() == before


def test_nobody_joins_by_a_link_that_was_stopped(till, world):
    made = till.post("/links", ASKED).json()
    change(till, made, stopped=True)
    assert_refused(till.post("/members", ADA | {"link": made["id"]}), 409, "link_stopped", "link")
    with tenancy.scope(world.aroma.id):
        assert not Member.objects.filter(name="Ada").exists()
