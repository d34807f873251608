"""Pages with people in them are kept by no cache: neither the browser's on a shared till nor a proxy's."""

import pytest

from tests.web.desk import HOME, desk_of

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("path", [HOME, f"{HOME}members/", f"{HOME}live/", "/dashboard/", "/accounts/email/"])
def test_nothing_of_the_desk_is_kept(world, path):
    for headers in ({}, HTMX):
        kept = desk_of(world).get(path, headers=headers).headers["Cache-Control"]
        assert "no-store" in kept
        assert "private" in kept


def test_nor_the_pages_of_a_member_nor_of_signing_in(world, client):
    assert "no-store" in desk_of(world).get(f"{HOME}members/{world.mia.id}/").headers["Cache-Control"]
    assert "no-store" in client.get("/accounts/login/").headers["Cache-Control"]
