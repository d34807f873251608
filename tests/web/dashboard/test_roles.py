"""Every page of the desk, opened by everybody: owner, manager, cashier, stranger."""

from django.test import Client

from tests.web.desk import HOME, manager_of, text_of
from tests.world import World, signed_in

PAGES = ["", "live/", "programme/", "members/", "members/{mia}/", "members/{mia}/profile/", "poster/"]
PAGES += ["studio/", "studio/designer/", "studio/designs/", "locations/", "locations/{place}/"]
PAGES += ["settings/", "settings/branding/", "settings/branding/ffd400.css"]
OWNERS = ["keys/", "team/"]
FORMS = [
    "programme/name/",
    "programme/rules/",
    "programme/stacking/",
    "programme/undo/",
    "programme/discard/",
    "programme/ladder/",
    "programme/tiers/",
    "programme/preview/",
    "locations/",
    "locations/{place}/",
    "locations/{place}/closure/",
    "locations/{place}/reopening/",
    "settings/",
    "settings/branding/",
    "settings/branding/logo/removal/",
    "keys/",
    "team/",
]
FORMS += ["members/{mia}/profile/", "members/{mia}/letter/", "members/{mia}/replacement/"]


def opened(client: Client, world: World, pages: list[str], home: str = HOME) -> dict[str, int]:
    """What each page answers."""
    return {
        page: client.get(home + page.format(mia=world.mia.id, place=world.croix_rousse.id)).status_code
        for page in pages
    }


def posted(client: Client, world: World) -> dict[str, int]:
    """What each form answers."""
    return {
        form: client.post(
            HOME + form.format(mia=world.mia.id, place=world.croix_rousse.id), {"name": "Mine"}
        ).status_code
        for form in FORMS
    }


def test_the_owner_opens_every_page(world):
    pages = [*PAGES, *OWNERS]
    assert opened(signed_in(world.olivia), world, pages) == dict.fromkeys(pages, 200)


def test_a_manager_opens_all_but_the_keys_and_the_team(world):
    client = signed_in(manager_of(world.aroma))
    assert opened(client, world, PAGES) == dict.fromkeys(PAGES, 200)
    assert opened(client, world, OWNERS) == dict.fromkeys(OWNERS, 403)


def test_a_cashier_opens_none_and_is_told_whom_to_ask(world):
    client, pages = signed_in(world.sam), [*PAGES, *OWNERS]
    assert opened(client, world, pages) == dict.fromkeys(pages, 403)
    assert "Ask the owner." in text_of(client.get(HOME))


def test_for_a_stranger_the_merchant_is_not_there(world):
    client, pages = signed_in(world.petra), [*PAGES, *OWNERS, "door/"]
    assert opened(client, world, pages) == dict.fromkeys(pages, 404)
    # and it looks as if there were no such merchant at all
    nowhere = opened(client, world, pages, home="/dashboard/nowhere/")
    assert nowhere == dict.fromkeys(pages, 404)


def test_strangers_and_cashiers_post_nothing(world):
    assert posted(signed_in(world.petra), world) == dict.fromkeys(FORMS, 404)
    assert posted(signed_in(world.sam), world) == dict.fromkeys(FORMS, 403)
