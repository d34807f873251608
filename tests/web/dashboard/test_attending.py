"""One thing told of many members at once, from a list."""

import pytest

from core import tenancy
from core.ids import new_id
from loyalty.happenings.by_hand import act_of
from loyalty.happenings.together import record_for_all
from loyalty.membership.leaving import erase_member
from loyalty.programme.versions import version_in_force
from members.cards import MemberUnknown
from members.models import Member
from tests.loyalty.happenings.test_taking_back import gives
from tests.loyalty.ruled import with_rules
from tests.web.dashboard.test_undoing import after, words
from tests.web.desk import HOME, desk_of, text_of
from tests.world import points_of, signed_in

PAGE = f"{HOME}members/attendance/"


def test_everybody_on_the_list_has_it_once_however_often_it_is_sent(world):
    with_rules(world.aroma, gives(world, "attendance", 30))
    client = desk_of(world)
    assert PAGE in text_of(client.get(f"{HOME}members/"))
    people = f"06 98 76 54 32\n\nMIA@example.org\n{world.noah_card.spoken_code}\n"
    sent = {"act": "attendance", "key": str(new_id()), "people": people}
    assert "Noted for 2 members." in words(after(client, PAGE, sent))
    after(client, PAGE, sent)
    assert (points_of(world.aroma, world.noah), points_of(world.aroma, world.mia)) == (80, 1230)


def test_whom_nobody_knows_is_told_and_the_others_have_it(world):
    with_rules(world.aroma, gives(world, "attendance", 30))
    sent = {"act": "attendance", "key": str(new_id()), "people": "06 98 76 54 32\nhello\nzoe@example.org"}
    refused = desk_of(world).post(PAGE, sent)
    assert refused.status_code == 422
    assert "Nobody is known by these." in words(refused)
    assert refused.context["form"]["people"].value() == "hello\nzoe@example.org"
    assert (points_of(world.aroma, world.noah), points_of(world.bloom, world.zoe)) == (80, 0)


def test_only_where_a_rule_asks_for_it_and_not_for_a_cashier(world):
    assert "No rule asks for it" in words(desk_of(world).get(PAGE))
    assert PAGE not in text_of(desk_of(world).get(f"{HOME}members/"))
    assert signed_in(world.sam).get(PAGE).status_code == 403


def test_a_list_without_end_is_refused(world):
    with_rules(world.aroma, gives(world, "attendance", 30))
    people = "\n".join(f"060000{number:04}" for number in range(101))
    refused = desk_of(world).post(PAGE, {"act": "attendance", "key": str(new_id()), "people": people})
    assert "At most 100 at once." in words(refused)


def test_another_thing_told_on_the_same_form_is_told_of_everybody(world):
    """Back in the browser, another act: whoever had the first has the second too."""
    with_rules(world.aroma, gives(world, "attendance", 30), gives(world, "review", 10))
    client, key = desk_of(world), str(new_id())
    client.post(PAGE, {"act": "attendance", "key": key, "people": world.noah_card.spoken_code})
    both = f"{world.mia_card.spoken_code}\n{world.noah_card.spoken_code}"
    assert client.post(PAGE, {"act": "review", "key": key, "people": both}).status_code == 302
    assert (points_of(world.aroma, world.mia), points_of(world.aroma, world.noah)) == (1210, 90)


def test_where_one_of_them_cannot_have_it_nobody_has(world):
    """Whoever was erased while the list was written: it is said, and can be sent again."""
    with_rules(world.aroma, gives(world, "attendance", 30))
    with tenancy.scope(world.aroma.id):
        erase_member(member=Member.objects.get(id=world.noah.id), actor="member")
        with pytest.raises(MemberUnknown):
            record_for_all(
                merchant=world.aroma,
                member_ids=[world.noah.id, world.mia.id],
                act=act_of(version_in_force(), "attendance"),
                key=new_id(),
                actor_id=new_id(),
                channel="desk",
            )
    assert points_of(world.aroma, world.mia) == 1200
