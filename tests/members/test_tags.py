"""Words by which a shop marks its members: kept with when and by whom, gone with the member."""

import pytest

from core import tenancy
from core.ids import new_id
from core.text import TextForbidden, TextTooLong
from loyalty.membership.leaving import erase_member
from loyalty.membership.merging import merge_members, part_members
from loyalty.rules.segments import SEGMENTS
from members.cards import MemberUnknown
from members.models import Member
from members.tags import RESERVED, TagTaken, TooManyTags, read_tags, set_tags, tags_in_use


def tagged(world, member, *tags, actor="olivia"):
    with tenancy.scope(world.aroma.id):
        set_tags(member=member, tags=read_tags(tags), actor=actor)
        return Member.objects.get(id=member.id).tags


def test_a_tag_is_kept_with_its_day_and_who_gave_it(world):
    first = tagged(world, world.mia, " VIP ", "press  corps")
    assert {tag: given["by"] for tag, given in first.items()} == {"vip": "olivia", "press corps": "olivia"}
    after = tagged(world, world.mia, "vip", "quiz", actor="sam")
    assert after["vip"] == first["vip"]
    assert (list(after), after["quiz"]["by"]) == (["vip", "quiz"], "sam")


def test_what_cannot_be_a_tag_is_refused():
    for words, error in (
        (["New"], TagTaken), (["x" * 31], TextTooLong), (["a\x00"], TextForbidden),
        ([str(number) for number in range(21)], TooManyTags),
    ):  # fmt: skip
        with pytest.raises(error):
            read_tags(words)
    assert read_tags(["", " ", "Vip", "vip"]) == ["vip"]


def test_the_groups_of_every_shop_are_no_tags():
    assert SEGMENTS.keys() == RESERVED


def test_the_tags_in_use_are_told_the_usual_first_and_only_here(world):
    tagged(world, world.mia, "vip")
    tagged(world, world.noah, "vip", "quiz")
    with tenancy.scope(world.aroma.id):
        assert tags_in_use(9) == ["vip", "quiz"]
    with tenancy.scope(world.bloom.id):
        assert tags_in_use(9) == []


def test_who_was_erased_has_none_and_gets_none(world):
    tagged(world, world.mia, "vip")
    with tenancy.scope(world.aroma.id):
        erase_member(member=world.mia, actor="member")
        assert Member.objects.get(id=world.mia.id).tags == {}
        with pytest.raises(MemberUnknown):
            set_tags(member=world.mia, tags=["vip"], actor="olivia")


def test_two_who_are_one_have_the_tags_of_both(world):
    tagged(world, world.mia, "vip")
    tagged(world, world.noah, "quiz")
    with tenancy.scope(world.aroma.id):
        merge_members(stays_id=world.mia.id, goes_id=world.noah.id, key=new_id(), actor_id=None)
        assert set(Member.objects.get(id=world.mia.id).tags) == {"vip", "quiz"}


def merged_and_parted(world, stays, goes):
    """The tags of both afterwards."""
    with tenancy.scope(world.aroma.id):
        done = merge_members(stays_id=stays.id, goes_id=goes.id, key=new_id(), actor_id=None)
        part_members(merge_id=done.id, actor_id=None)
        return [set(Member.objects.get(id=each.id).tags) for each in (stays, goes)]


def test_what_was_said_of_another_person_is_not_said_any_more_once_the_two_are_parted(world):
    """The pain: two who were merged by mistake, and the wrong one is “diabetic” for ever."""
    tagged(world, world.mia, "vip", "press")
    tagged(world, world.noah, "diabetic", "vip")
    assert merged_and_parted(world, world.mia, world.noah) == [{"vip", "press"}, {"diabetic", "vip"}]


def test_what_was_said_of_both_at_one_stroke_stays_said_of_both(world):
    tagged(world, world.mia, "vip")
    tagged(world, world.noah, "vip")
    assert merged_and_parted(world, world.mia, world.noah) == [{"vip"}, {"vip"}]
