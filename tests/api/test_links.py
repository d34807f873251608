"""Printed links by program: made, listed with what came of them, read."""

import pytest
from django.utils import timezone

from core import tenancy
from core.ids import read_id
from merchants.access import Scope
from merchants.api_keys import make_key
from studio.counting import count_scan
from studio.links import stop_link
from studio.models import Link
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


def test_a_key_that_may_only_read_makes_none(world):
    with tenancy.scope(world.aroma.id):
        reader = Till(make_key(name="Reader", scopes=[Scope.READ_PROGRAMME], actor=None)[1])
    assert_refused(reader.post("/links", ASKED), 403, "scope_missing")
    assert reader.get("/links").json()["items"] == []
