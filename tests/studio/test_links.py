"""Links: what is printed finds them for ever, and leads nowhere but to their own merchant's pages."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from core import tenancy
from core.ids import new_id
from core.models import Event
from core.text import TextForbidden, TextTooLong
from loyalty.purchases.earning import LocationUnknown
from merchants.onboarding import NameMissing
from rewards.catalogue import RewardUnknown
from studio import links
from studio.links import LinkUnknown, NewLink, TooManyLinks, find_link, link_address, make_link
from studio.models import Link


@pytest.fixture
def shop(world):
    with tenancy.scope(world.aroma.id):
        yield world


def told() -> list[tuple[str, str]]:
    """The links' events, with what they call the link."""
    rows = Event.objects.filter(name__startswith="link.").order_by("id")
    return [(row.name, row.payload["label"]) for row in rows]


@pytest.mark.parametrize("number", [0, 1, 29, 30, 899, 2**31, 2**32 - 1])
def test_a_merchants_number_reads_back_from_its_letters(number):
    assert links.number_of(links.letters_of(number)) == number


@pytest.mark.parametrize("letters", ["", "2222", "abcdefgh", "zzzzzzzz", "0", "l1", "AB", "é", "a/b", "\x00"])
def test_what_writes_no_number_is_none(letters):
    assert links.number_of(letters) is None


def test_what_is_printed_finds_its_link_and_no_other_merchants(world):
    with tenancy.scope(world.aroma.id):
        made = make_link(asked=NewLink("join", "Window"), actor_id=None)
        address = link_address(made, world.aroma)
        shop, _slash, letters = address.partition("/q/")[2].partition("/")
        assert links.number_of(shop) == world.aroma.number
        assert find_link(letters) == made
    with tenancy.scope(world.bloom.id):
        assert find_link(letters) is None


def test_its_label_partner_and_campaign_are_no_part_of_the_address(shop):
    said = NewLink("join", "https://evil.test/?x=", partner="//evil.test", campaign="../../evil")
    address = link_address(make_link(asked=said, actor_id=None), shop.aroma)
    assert "evil" not in address


def test_the_same_form_twice_makes_one(shop):
    key = new_id()
    first = make_link(asked=NewLink("table", "Table 7"), actor_id=None, link_id=key)
    assert make_link(asked=NewLink("table", "Table 8"), actor_id=None, link_id=key) == first
    assert Link.objects.count() == 1
    assert told() == [("link.made", "Table 7")]


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        (NewLink("join", "  "), NameMissing),
        (NewLink("join", "x" * 81), TextTooLong),
        (NewLink("join", "a\x00b"), TextForbidden),
        (NewLink("join", "x", partner="x" * 61), TextTooLong),
        (NewLink("join", "x", location_id=new_id()), LocationUnknown),
        (NewLink("reward", "x"), RewardUnknown),
        (NewLink("reward", "x", reward_id=new_id()), RewardUnknown),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(shop, asked, refused):
    with pytest.raises(refused):
        make_link(asked=asked, actor_id=None)
    assert (Link.objects.count(), told()) == (0, [])


def test_another_merchants_place_is_nobodys(shop):
    with pytest.raises(LocationUnknown):
        make_link(asked=NewLink("join", "x", location_id=shop.bloom_shop.id), actor_id=None)


def test_a_thousand_that_lead_are_enough_and_stopping_one_makes_room(shop, monkeypatch):
    monkeypatch.setattr(links, "MOST_LINKS", 1)
    one = make_link(asked=NewLink("join", "One"), actor_id=None)
    with pytest.raises(TooManyLinks):
        make_link(asked=NewLink("join", "Two"), actor_id=None)
    links.stop_link(link_id=one.id, actor_id=None)
    two = make_link(asked=NewLink("join", "Two"), actor_id=None)
    with pytest.raises(TooManyLinks):
        links.resume_link(link_id=one.id, actor_id=None)
    assert (
        links.resume_link(link_id=two.id, actor_id=None) == two
    )  # it leads, so there is nothing to be full for
    assert [link.label for link in Link.objects.filter(stopped_at=None)] == ["Two"]
    assert told()[-1] == ("link.made", "Two")


def test_many_made_at_once_are_not_more_than_that(committed_db, world, monkeypatch):
    monkeypatch.setattr(links, "MOST_LINKS", 2)
    together = threading.Barrier(6)

    def make(number: int) -> bool:
        together.wait()
        try:
            with tenancy.scope(world.aroma.id):
                make_link(asked=NewLink("table", f"Table {number}"), actor_id=None)
        except TooManyLinks:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as makers:
        made = list(makers.map(make, range(6)))
    assert sum(made) == 2
    with tenancy.scope(world.aroma.id):
        assert Link.objects.count() == 2


def test_a_link_is_renamed_stopped_and_set_going_again_and_each_is_told_once(shop):
    made = make_link(asked=NewLink("join", "Window"), actor_id=None)
    for _twice in range(2):
        links.rename_link(link_id=made.id, label="Door", actor_id=None)
    for _twice in range(2):
        assert links.stop_link(link_id=made.id, actor_id=None).stopped_at is not None
    for _twice in range(2):
        assert links.resume_link(link_id=made.id, actor_id=None).stopped_at is None
    assert told() == [
        ("link.made", "Window"),
        ("link.renamed", "Door"),
        ("link.stopped", "Door"),
        ("link.resumed", "Door"),
    ]
    found = find_link(made.letters)
    assert found is not None
    assert found.label == "Door"


@pytest.mark.parametrize("verb", ["stop_link", "resume_link"])
def test_what_is_no_link_of_ours_is_not_there(shop, verb):
    with pytest.raises(LinkUnknown):
        getattr(links, verb)(link_id=new_id(), actor_id=None)


def test_a_locations_poster_always_says_the_same(shop):
    first = links.poster_link(shop.croix_rousse)
    assert links.poster_link(shop.croix_rousse) == first
    assert (first.kind, first.location_id, first.label) == ("join", shop.croix_rousse.id, "Croix-Rousse")
    assert told() == [("link.made", "Croix-Rousse")]


def test_the_last_one_that_fits_is_told_to_both_presses_that_made_it(committed_db, world, monkeypatch):
    monkeypatch.setattr(links, "MOST_LINKS", 1)
    key, together = new_id(), threading.Barrier(4)

    def press(_press: int) -> Link:
        together.wait()
        try:
            with tenancy.scope(world.aroma.id):
                return make_link(asked=NewLink("table", "Table 7"), actor_id=None, link_id=key)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as presses:
        assert {made.id for made in presses.map(press, range(4))} == {key}
