"""The cards of two members who became one: both go on working, both addresses, and nobody gains who should not."""

import datetime as dt
import re

import pytest
import time_machine
from django.utils import timezone

from config.subscriptions import SUBSCRIPTIONS
from core import outbox, tenancy
from core.ids import new_id
from core.models import Event
from integrations.notifications.models import Message
from loyalty.membership.joining import enrol_member
from loyalty.membership.leaving import erase_member
from loyalty.membership.merging import merge_members, part_members
from members import profiles, queries
from members.cards_replacing import replace_card
from members.models import Member
from tests.web.card.conftest import link_path, phone_of, prove, words_of
from tests.world import buy

CARD, ASK, ENTER = "/c/aroma/", "/c/aroma/return", "/c/aroma/return/code"
ERASE = "/c/aroma/me/erase"


def merge(world, stays, goes):
    with tenancy.scope(world.aroma.id):
        return merge_members(stays_id=stays.id, goes_id=goes.id, key=new_id(), actor_id=None)


def row(world, member):
    with tenancy.scope(world.aroma.id):
        return Member.objects.get(id=member.id)


def card_of(world, member):
    with tenancy.scope(world.aroma.id):
        return queries.card_of(member)


def is_open(phone):
    return phone.get(CARD).status_code == 200


def test_a_phone_with_the_merged_card_shows_the_one_who_stays_and_keeps_its_code(world, double):
    phone, spoken = phone_of(world.aroma, double), card_of(world, double).spoken_code
    merge(world, world.mia, double)
    words = words_of(phone.get(CARD))
    assert "1,250" in words
    assert f"{spoken[:3]} {spoken[3:]}" in words
    assert "Two cards became one" in words


def test_a_proven_address_of_the_merged_one_brings_the_card_back(world, double, client, post_office):
    merge(world, world.mia, double)
    client.post(ASK, {"email": "two@example.org"})
    [letter] = post_office(world.aroma)
    assert letter.to == ["two@example.org"]
    code = re.search(r"\b(\d{3} \d{3})\b", letter.body)[1]
    client.post(ENTER, {"email": "two@example.org", "code": code})
    assert "1,250" in words_of(client.get(CARD))


def test_an_address_that_nobody_proved_opens_nothing_more(world, client, post_office):
    with tenancy.scope(world.aroma.id):
        slip = enrol_member(merchant=world.aroma, name="Mia", email="slip@example.org", source="join").member
    path = link_path(world.aroma, slip)
    assert client.get(path).status_code == 200
    merge(world, world.mia, slip)
    post_office(world.aroma)
    client.post(ASK, {"email": "slip@example.org"})
    assert post_office(world.aroma) == []
    assert (client.get(path).status_code, client.post(path).status_code) == (410, 410)
    assert not is_open(client)


def test_replacing_the_card_ends_all_cards_that_lead_to_it(world, double, mias_phone):
    theirs = phone_of(world.aroma, double)
    merge(world, world.mia, double)
    with tenancy.scope(world.aroma.id):
        replace_card(member=world.mia, actor="test")
    assert not is_open(theirs)
    assert not is_open(mias_phone)


@pytest.mark.parametrize("whose", ["mia", "double"])
def test_a_proof_by_either_card_after_the_merge_holds_for_the_one_member(world, double, whose):
    phone = phone_of(world.aroma, double)
    merge(world, world.mia, double)
    assert phone.post(ERASE).status_code == 403
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        prove(phone, world.aroma, {"mia": world.mia, "double": double}[whose])
        assert phone.post(ERASE).status_code == 302
    assert None not in (row(world, world.mia).erased_at, row(world, double).erased_at)
    assert not is_open(phone_of(world.aroma, world.mia))


@pytest.mark.parametrize("holds", ["mia", "double"])
def test_a_proof_by_the_merged_card_before_the_merge_proves_nothing_of_the_one_who_stays(
    world, double, holds
):
    phone = phone_of(world.aroma, {"mia": world.mia, "double": double}[holds])
    with time_machine.travel(timezone.now() - dt.timedelta(minutes=1)):
        prove(phone, world.aroma, double)
    merge(world, world.mia, double)
    assert phone.post(ERASE).status_code == 403
    assert row(world, world.mia).erased_at is None


def test_the_merged_one_gets_no_letters_of_its_own(world, double, post_office):
    merge(world, world.mia, double)
    buy(world.aroma, double, 10_000)
    with tenancy.scope(world.aroma.id):
        Message.objects.all().update(sent_at=None)
    sent = post_office(world.aroma)
    assert {address for letter in sent for address in letter.to} <= {"mia@example.org"}


def test_a_letter_that_waited_when_they_were_merged_is_not_sent(world, double, post_office):
    buy(world.aroma, double, 10_000)
    with tenancy.scope(world.aroma.id):
        earned = Event.objects.get(name="points.earned", payload__member=str(double.id))
    outbox.deliver(world.aroma.id, earned.id, SUBSCRIPTIONS)
    with tenancy.scope(world.aroma.id):
        assert Message.objects.filter(member=double, sent_at=None).exists()
    merge(world, world.mia, double)
    assert post_office(world.aroma) == []


def test_who_lacks_an_address_gets_the_other_ones_and_no_more_letters_than_both_wanted(world):
    with tenancy.scope(world.aroma.id):
        profiles.set_consent(member=world.noah, purpose="points_email", given=True, source="scanner")
        other = enrol_member(
            merchant=world.aroma, name="Noah", email="noah@example.org", source="join",
            consents={"points_email": False},
        ).member  # fmt: skip
    done = merge(world, world.noah, other)
    stays = row(world, world.noah)
    assert (stays.email, row(world, other).email) == ("noah@example.org", "")
    with tenancy.scope(world.aroma.id):
        assert profiles.consents_of(stays)["points_email"] is False
        part_members(merge_id=done.id, actor_id=None)
        assert profiles.consents_of(stays)["points_email"] is True
    assert (row(world, world.noah).email, row(world, other).email) == ("", "noah@example.org")


def test_the_member_may_take_over_a_number_of_its_other_card(world, double):
    with tenancy.scope(world.aroma.id):
        merge_members(stays_id=world.mia.id, goes_id=double.id, key=new_id(), actor_id=None)
        profiles.change_profile(
            member=Member.objects.get(id=world.mia.id), merchant=world.aroma, changes={"phone": "+33611111111"},
            actor="test",
        )  # fmt: skip
    assert (row(world, world.mia).phone, row(world, double).phone) == ("+33611111111", "")
    with tenancy.scope(world.aroma.id):
        assert queries.by_contact(phone="+33611111111").id == world.mia.id
        with pytest.raises(profiles.AlreadyMember):
            profiles.change_profile(
                member=world.noah, merchant=world.aroma, changes={"email": "two@example.org"}, actor="test"
            )


def test_parted_again_each_phone_opens_its_own_card(world, double, mias_phone):
    theirs = phone_of(world.aroma, double)
    done = merge(world, world.mia, double)
    with tenancy.scope(world.aroma.id):
        part_members(merge_id=done.id, actor_id=None)
    assert "1,200" in words_of(mias_phone.get(CARD))
    assert 'value="Mia Two"' in theirs.get("/c/aroma/me").content.decode()
    with tenancy.scope(world.aroma.id):
        assert queries.by_contact(phone="+33611111111").id == double.id


def test_a_letter_to_an_address_that_went_back_opens_the_one_who_stayed_no_more(world, double, client):
    theirs, noahs = phone_of(world.aroma, double), phone_of(world.aroma, world.noah)
    done = merge(world, world.noah, double)
    path = link_path(world.aroma, row(world, world.noah))
    assert (row(world, world.noah).email, client.get(path).status_code) == ("two@example.org", 200)
    with tenancy.scope(world.aroma.id):
        part_members(merge_id=done.id, actor_id=None)
    assert (client.get(path).status_code, client.post(path).status_code) == (410, 410)
    assert (is_open(noahs), is_open(theirs)) == (False, True)


def test_a_profile_saved_on_the_merged_phone_binds_it_to_its_own_card(world, double):
    theirs = phone_of(world.aroma, double)
    done = merge(world, world.mia, double)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        prove(theirs, world.aroma, world.mia)
        said = {"name": "Mia", "phone": "+33612340000", "email": "mia@example.org", "locale": "en"}
        assert theirs.post("/c/aroma/me", said).status_code == 302
        assert is_open(theirs)
    with tenancy.scope(world.aroma.id):
        part_members(merge_id=done.id, actor_id=None)
    page = theirs.get("/c/aroma/me").content.decode()
    assert 'value="Mia Two"' in page
    assert "mia@example.org" not in page
    assert theirs.post(ERASE).status_code == 302
    assert row(world, world.mia).erased_at is None


def test_an_erased_pair_frees_both_numbers(world, double):
    merge(world, world.mia, double)
    with tenancy.scope(world.aroma.id):
        erase_member(member=world.mia, actor="member")
        for phone in ("+33611111111", "+33612345678"):
            assert enrol_member(merchant=world.aroma, name="New", phone=phone, source="join").member
