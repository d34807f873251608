"""What the team tells of a member at the desk: only what a rule asks for, once a tap, and taken back by the toast."""

from dataclasses import replace

from core import tenancy
from core.ids import new_id
from loyalty.models import Happening
from loyalty.rules.types import Condition, Quota
from tests.loyalty.happenings.test_taking_back import gives
from tests.loyalty.ruled import STAMPS, stamps, with_rules
from tests.web.dashboard.test_member_story import story
from tests.web.dashboard.test_undoing import after, form_of, words
from tests.web.desk import HOME, desk_of, text_of, trips
from tests.world import points_of, signed_in


def page(member):
    return f"{HOME}members/{member.id}/happening/"


def named(world, trigger, name, amount):
    """A rule for what has this name."""
    rule = gives(world, trigger, amount, conditions=(Condition("name", {"any": [name]}),))
    return replace(rule, id=str(new_id()))


def test_the_page_offers_what_rules_ask_for_and_says_what_they_give(world):
    with_rules(
        world.aroma,
        gives(world, "gift", 20),
        named(world, "attendance", "latte art", 30),
        named(world, "custom", "quiz week", 5),
        replace(gives(world, "survey", 9), active=False),
        gives(world, "birthday", 9),
    )
    client = desk_of(world)
    assert "Give…" in text_of(client.get(story(world.noah)))
    said = words(client.get(page(world.noah)))
    for sentence in (
        "A gift · 20 points as a gift of the team",
        "Came to “latte art” · 30 points for “latte art”",
        "“quiz week” · 5 points for “quiz week”",
    ):
        assert sentence in said
    assert "survey" not in said
    assert "birthday" not in said


def test_without_such_a_rule_there_is_nothing_to_give(world):
    client = desk_of(world)
    assert "Give…" not in text_of(client.get(story(world.noah)))
    empty = client.get(page(world.noah))
    assert "No rule asks for it" in words(empty)
    assert "To the programme" in words(empty)
    refused = client.post(page(world.noah), {"act": "gift", "key": str(new_id())})
    assert refused.status_code == 422
    assert points_of(world.aroma, world.noah) == 50


def test_a_gift_is_given_once_a_tap_and_the_story_says_by_whom(world):
    with_rules(world.aroma, gives(world, "gift", 20, names={"en": "For the queue"}))
    client = desk_of(world)
    sent = form_of(client, page(world.noah))
    first = after(client, page(world.noah), sent)
    after(client, page(world.noah), sent)
    assert "20 points for Noah." in words(first)
    assert points_of(world.aroma, world.noah) == 70
    assert "For the queue Given by Olivia. +20" in words(client.get(story(world.noah)))
    with tenancy.scope(world.aroma.id):
        kept = Happening.objects.get(trigger="gift")
    assert (kept.channel, kept.actor_id is not None) == ("desk", True)


def test_an_act_that_gives_stamps_is_told_in_stamps(world):
    gift = gives(world, "gift", 2)
    with_rules(world.aroma, replace(gift, unit=STAMPS), units=(stamps(),))
    client = desk_of(world)
    answer = words(after(client, page(world.noah), form_of(client, page(world.noah))))
    assert "2 stamps for Noah." in answer


def test_the_toast_takes_it_back(world):
    with_rules(world.aroma, gives(world, "gift", 20))
    client = desk_of(world)
    given = after(client, page(world.noah), form_of(client, page(world.noah)))
    undo = next(str(message.extra_tags) for message in given.context["messages"])
    assert "Taken back." in words(after(client, undo))
    assert points_of(world.aroma, world.noah) == 50
    assert "Taken back: 20 points as a gift of the team" in words(client.get(story(world.noah)))


def test_what_gives_nothing_now_says_why(world):
    with_rules(world.aroma, gives(world, "gift", 20, quotas=(Quota(1, "times", "day"),)))
    client = desk_of(world)
    after(client, page(world.noah), form_of(client, page(world.noah)))
    again = after(client, page(world.noah), form_of(client, page(world.noah)))
    assert "It is kept, and gives nothing now." in words(again)
    assert points_of(world.aroma, world.noah) == 70


def test_a_cashier_gives_at_the_till_and_not_here(world):
    with_rules(world.aroma, gives(world, "gift", 20))
    assert signed_in(world.sam).get(page(world.noah)).status_code == 403
    assert desk_of(world).get(page(world.zoe)).status_code == 404


def test_the_page_takes_few_trips(world):
    with_rules(world.aroma, gives(world, "gift", 20))
    assert trips(desk_of(world), page(world.noah)) <= 12
