"""A merchant's palette as a style sheet."""

import pytest

from core import tenancy


def test_the_sheet_holds_both_themes_and_a_fallback(world, client):
    response = client.get("/c/bloom/theme.css")
    assert response.headers["Content-Type"].startswith("text/css")
    css = response.content.decode()
    assert css.startswith(":root{--brand-fill:#f6c9d0;")
    assert "--brand-text:light-dark(#" in css


def test_it_is_cached_and_asked_for_again_cheaply(world, client):
    first = client.get("/c/aroma/theme.css")
    assert "public" in first.headers["Cache-Control"]
    again = client.get("/c/aroma/theme.css", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/c/bloom/theme.css").headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("colour", ["red", "#12", "}*{}", ""])
def test_a_colour_that_cannot_be_read_leaves_the_services_own(world, client, colour):
    with tenancy.scope(world.aroma.id):
        world.aroma.brand_colour = colour
        world.aroma.save(update_fields=["brand_colour"])
    response = client.get("/c/aroma/theme.css")
    assert (response.status_code, response.content) == (200, b"")
