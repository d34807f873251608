"""Ready sentences of the gallery: in the shop's own units, into the draft by one press and out of it by another."""

import pytest

from loyalty.gallery.sentences import SHELF
from loyalty.rules.checking import check_version
from tests.web.dashboard.test_tiers import PAGE
from tests.web.desk import desk_of, drafted, fill, rule_of, text_of

BORROW = f"{PAGE}rules/borrowed/"


@pytest.mark.parametrize("code", [ready.code for ready in SHELF])
def test_each_of_the_shelf_makes_a_programme_that_could_be_published(world, code):
    before = drafted(world.aroma)
    page = text_of(desk_of(world).post(BORROW, {"ready": code}, follow=True))
    assert "Borrowed. Make it yours, blank by blank." in page
    after = drafted(world.aroma)
    assert len(after.rules) > len(before.rules)
    assert check_version(after) == []
    assert f'value="{code}"' not in page  # nobody borrows it twice


def test_it_gives_what_means_something_in_this_programme(world):
    client = desk_of(world)
    fill(client, rule_of(world.aroma, "purchase"), amount="5")
    assert "100 points for the birthday" in text_of(client.get(PAGE))
    client.post(BORROW, {"ready": "birthday"})
    assert rule_of(world.aroma, "birthday").amount == 100


def test_a_friend_and_who_brought_them_come_together_and_go_together(world):
    client, before = desk_of(world), drafted(world.aroma).rules
    page = text_of(client.post(BORROW, {"ready": "referral"}, follow=True))
    assert {rule.trigger for rule in drafted(world.aroma).rules} >= {"referrer", "friend"}
    assert f'action="{PAGE}undo/"' in page
    client.post(f"{PAGE}undo/")
    assert drafted(world.aroma).rules == before


def test_two_surprises_are_drawn_from_two_seeds(world):
    seeds = set()
    for _shop in range(2):
        client = desk_of(world)
        client.post(BORROW, {"ready": "surprise"})
        [chance, *_] = rule_of(world.aroma, "visit").conditions
        seeds.add(chance.given["seed"])
        client.post(f"{PAGE}discard/")
    assert len(seeds) == 2
    assert "" not in seeds


def test_what_is_not_on_the_shelf_changes_nothing(world):
    client = desk_of(world)
    assert client.post(BORROW, {"ready": "gold"})["Location"] == PAGE
    assert "from version" not in text_of(client.get(PAGE))
