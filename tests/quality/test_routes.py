"""No page escapes the suites: every route is in the list of pages, or says why it is none."""

import re

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.quality.pages import NO_PAGES, PAGES, client_of
from tests.web.test_access_map import routes

LISTED = {page.route for page in PAGES}
EXCUSED = {name for names in NO_PAGES.values() for name in names.split()}


def named_routes() -> dict[str, str]:
    """Name → address, of everything that is not the API's."""
    return {
        str(pattern.name): address
        for address, pattern in routes(get_resolver())
        if not address.startswith(("api/", "openapi"))
    }


def test_every_route_is_a_page_of_the_list_or_says_why_not():
    found = named_routes()
    assert "None" not in found, "a route without a name cannot be listed"
    assert sorted(found.keys() - LISTED - EXCUSED) == []
    assert sorted((LISTED | EXCUSED) - found.keys()) == []
    assert sorted(LISTED & EXCUSED) == []


@pytest.mark.parametrize("route", sorted(EXCUSED - {"dev-letter", "dev-letter-html"}))
def test_what_is_called_no_page_shows_none(every_page, mail_folder, route):
    world = every_page.world
    arguments = {
        "slug": "aroma", "member_id": world.mia.id, "location_id": world.croix_rousse.id, "token": "x",
        "name": "x", "size": 192 if route == "card-icon" else "a6", "digits": "1f4d3a", "number": 1,
    }  # fmt: skip
    wanted = re.findall(r"<\w+:(\w+)>", named_routes()[route])
    kwargs = {name: arguments.get(name, world.mia.id) for name in wanted}
    who = "mia" if route.startswith("card") else "olivia"
    try:
        response = client_of(who, world).get(reverse(route, kwargs=kwargs))
    except NoReverseMatch:
        pytest.fail(f"{route} has an argument this test does not know")
    is_document = (
        response.headers.get("Content-Type", "").startswith("text/html") and response.status_code == 200
    )
    assert not (is_document and b"<html" in b"".join(response)), "this is a page: list it"
