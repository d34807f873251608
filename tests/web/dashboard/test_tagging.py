"""The page of a member's tags."""

from core import tenancy
from members.models import Member
from tests.web.dashboard.test_member_story import story
from tests.web.dashboard.test_undoing import after, form_of, words
from tests.web.desk import HOME, desk_of, text_of
from tests.world import signed_in


def page(member):
    return f"{HOME}members/{member.id}/tags/"


def test_tags_are_written_with_commas_and_shown_beside_the_name(world):
    client = desk_of(world)
    assert "Tags…" in text_of(client.get(story(world.mia)))
    said = words(after(client, page(world.mia), {"tags": "VIP, press , vip"}))
    assert "vip press" in said
    assert form_of(client, page(world.mia)) == {"tags": "vip, press"}
    assert "In use: press, vip" in words(client.get(page(world.noah)))
    after(client, page(world.mia), {"tags": ""})
    with tenancy.scope(world.aroma.id):
        assert Member.objects.get(id=world.mia.id).tags == {}


def test_a_word_of_ours_is_refused_at_the_field(world):
    refused = desk_of(world).post(page(world.mia), {"tags": "new"})
    assert refused.status_code == 422
    assert "“new” is a group that every shop has." in words(refused)


def test_only_who_may_edit_members_and_only_ones_own(world):
    assert signed_in(world.sam).post(page(world.mia), {"tags": "vip"}).status_code == 403
    assert desk_of(world).post(page(world.zoe), {"tags": "vip"}).status_code == 404
