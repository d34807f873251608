"""Merging at the desk: the other card is found, both are seen side by side, one yes, and an undo for thirty days."""

import datetime as dt
import re
from uuid import UUID

import pytest

from core import tenancy
from core.ids import new_id
from loyalty.ledger import postings
from loyalty.ledger.models import Account
from loyalty.membership.joining import enrol_member
from loyalty.membership.merging import may_part_until, merges_into
from loyalty.models import Merge, Unit
from members.models import Member
from rewards.taking import take_reward
from tests.rewards.offering import offered
from tests.web.desk import desk_of, manager_of, text_of
from tests.world import buy, points_of, signed_in
from web.dashboard.merging_words import merges_said

MEMBERS = "/dashboard/aroma/members/"


@pytest.fixture
def double(world):
    """Mia's other card: no phone, another address, 150 points."""
    with tenancy.scope(world.aroma.id):
        made = enrol_member(merchant=world.aroma, name="Mia", email="mia@elsewhere.org", source="join").member
    buy(world.aroma, made, 10_000)
    return made


def page(stays, goes):
    return f"{MEMBERS}{stays.id}/merge/{goes.id}/"


def cells(text):
    """The table as {label: [stays, goes, together]}."""
    found = re.findall(
        r"<tbody>.*?<th[^>]*>(.*?)</th>.*?<td>(.*?)</td>.*?<td>(.*?)</td>.*?<td[^>]*>(.*?)</td>",
        text,
        re.DOTALL,
    )
    return {label: [cell.strip() for cell in row] for label, *row in found}


def merge(world, stays, goes):
    client = desk_of(world)
    key = re.search(r'name="key" value="([^"]+)"', text_of(client.get(page(stays, goes))))[1]
    return client.post(page(stays, goes), {"key": key}, follow=True)


def the_merge(world):
    with tenancy.scope(world.aroma.id):
        return Merge.objects.latest("merged_at")


def undo_of(world):
    done = the_merge(world)
    return f"{MEMBERS}{done.into_id}/merges/{done.id}/undo/"


def test_who_looks_alike_is_suggested_with_the_reason(world, double):
    text = text_of(desk_of(world).get(f"{MEMBERS}{world.mia.id}/merge/"))
    assert page(world.mia, double) in text
    assert page(world.mia, world.noah) not in text
    assert "A similar e-mail" in text
    assert "150 points" in text


def test_anybody_of_the_shop_is_found_and_nobody_of_another(world):
    client = desk_of(world)
    assert page(world.mia, world.noah) in text_of(client.get(f"{MEMBERS}{world.mia.id}/merge/?q=987654"))
    for words in ("zoe", "mia"):
        assert "Nobody else found" in text_of(client.get(f"{MEMBERS}{world.mia.id}/merge/?q={words}"))


def test_the_preview_shows_both_and_what_will_be(world, double):
    text = text_of(desk_of(world).get(page(world.noah, double)))
    assert cells(text) == {
        "Points": ["50", "150", "200"],
        "Tier": ["Bronze", "Bronze", "Bronze"],
        "Spent in all": ["€0.00", "€100.00", "€100.00"],
        "Visits": ["0", "1", "1"],
        "Phone": ["+33 6 98 •• •• 32", "–", "+33 6 98 •• •• 32"],
        "E-mail": ["–", "m••@elsewhere.org", "m••@elsewhere.org"],
    }
    assert "E-mails go to the address of Mia from now on." in text
    assert points_of(world.aroma, world.noah) == 50


def test_two_of_one_name_are_told_apart(world, double):
    text = text_of(desk_of(world).get(page(world.mia, double)))
    assert "Merge Mia (m••@elsewhere.org) into Mia (+33 6 12 •• •• 78)?" in text.replace("\u00a0", " ")


def test_one_yes_makes_them_one_and_the_page_says_so(world, double):
    response = merge(world, world.mia, double)
    text = text_of(response)
    assert response.redirect_chain == [(f"{MEMBERS}{world.mia.id}/", 302)]
    assert "was merged into Mia" in text
    assert text.count(undo_of(world)) == 2  # in the toast, and below for thirty days
    assert "On the card of Mia (m••@elsewhere.org)." in text
    assert points_of(world.aroma, world.mia) == 1350


def test_the_same_form_sent_twice_merges_once(world, double):
    client, key = desk_of(world), str(new_id())
    for _twice in range(2):
        assert client.post(page(world.mia, double), {"key": key}).status_code == 302
    with tenancy.scope(world.aroma.id):
        assert Merge.objects.count() == 1
    assert points_of(world.aroma, world.mia) == 1350


def test_the_page_and_the_list_know_the_merged_one_no_more(world, double):
    merge(world, world.mia, double)
    client = desk_of(world)
    assert client.get(f"{MEMBERS}{double.id}/").headers["Location"] == f"{MEMBERS}{world.mia.id}/"
    listed = text_of(client.get(MEMBERS))
    assert (f"{MEMBERS}{world.mia.id}/" in listed, f"{MEMBERS}{double.id}/" in listed) == (True, False)
    found = text_of(client.get(f"{MEMBERS}?q=elsewhere"))
    assert f"{MEMBERS}{world.mia.id}/" in found


def test_the_toast_undoes_it_and_so_does_the_page_after_saying_what_goes_back(world, double):
    for _twice in range(2):
        merge(world, world.mia, double)
        text = text_of(desk_of(world).get(undo_of(world)))
        assert "Back to Mia (m••@elsewhere.org): 150 points, all that came along." in text
        assert "The €100.00 that Mia (m••@elsewhere.org) had spent before count" in text
        after = desk_of(world).post(undo_of(world), follow=True)
        assert "are two members again" in text_of(after)
        assert (points_of(world.aroma, world.mia), points_of(world.aroma, double)) == (1200, 150)


@pytest.mark.parametrize(("stays", "is_said"), [("noah", True), ("mia", False)])
def test_the_page_says_when_an_address_goes_back_and_the_card_is_replaced(world, double, stays, is_said):
    merge(world, getattr(world, stays), double)
    text = text_of(desk_of(world).get(undo_of(world)))
    assert ("so Noah gets a new card: letters sent there opened the old one." in text) == is_said


def test_a_number_that_only_ends_alike_is_called_similar(world):
    with tenancy.scope(world.aroma.id):
        enrol_member(merchant=world.aroma, name="Ann", phone="+32512345678", source="join")
    text = text_of(desk_of(world).get(f"{MEMBERS}{world.mia.id}/merge/"))
    assert "A similar number" in text
    assert "The same number" not in text


def test_what_was_used_since_is_not_given_back(world, double):
    merge(world, world.noah, double)
    with tenancy.scope(world.aroma.id):
        account = Account.objects.get(member_id=world.noah.id)
        postings.spend(
            account_id=account.id, amount=100, key=new_id(), reasons={}, cause_id=None, actor_id=None
        )
    text = text_of(desk_of(world).get(undo_of(world)))
    assert re.search(r"Back to .*: what is still there, \d+ of 150 points", text)


def test_after_thirty_days_there_is_nothing_to_undo(world, double):
    merge(world, world.mia, double)
    assert undo_of(world) in text_of(desk_of(world).get(f"{MEMBERS}{world.mia.id}/"))
    last = may_part_until(the_merge(world))
    with tenancy.scope(world.aroma.id):
        merges = merges_into(world.mia.id)
        said = [merges_said(merges, world.mia, now) for now in (last, last + dt.timedelta(seconds=1))]
    assert [line["may_part"] for [line] in said] == [True, False]


def take(world, member, name, *, cost, valid_days=0):
    with tenancy.scope(world.aroma.id):
        unit_id = Unit.objects.get(code="points").id
        reward = offered(name=name, unit_id=unit_id, cost=cost, valid_days=valid_days)
        who = {"reward_id": reward.id, "member_id": member.id}
        return take_reward(merchant=world.aroma, key=new_id(), actor_id=None, **who)


def test_what_is_set_aside_is_said_before_the_merge_and_before_its_undoing(world, double):
    take(world, double, "A cake", cost=100)
    take(world, double, "A tea", cost=20, valid_days=30)
    text = text_of(desk_of(world).get(page(world.mia, double)))
    assert cells(text)["Points"] == ["1,200", "30", "1,230"]
    assert cells(text)["Held for rewards"] == ["0", "120", "120"]
    said = r"has set aside comes along, and a printed code goes on working: A cake \(until \d\d:\d\d.*\) and A tea \(until \d+ \w+ \d{4}\)\."
    assert re.search(said, text)
    merge(world, world.mia, double)
    text = text_of(desk_of(world).get(undo_of(world)))
    assert re.search(r"Back to .*: 150 points, all that came along", text)
    assert re.search(r"Set aside for .* alone again: A cake \(until .*\) and A tea", text)


def test_of_a_drawer_full_of_vouchers_the_first_are_named(world, double):
    for number in range(7):
        take(world, double, f"Tea {number}", cost=2, valid_days=30)
    text = text_of(desk_of(world).get(page(world.mia, double)))
    assert ("Tea 4 (until" in text, "Tea 5" in text) == (True, False)
    assert " and 2 more." in text


def test_the_same_member_is_refused_in_words(world):
    response = desk_of(world).get(page(world.mia, world.mia))
    assert (response.status_code, 'name="key"' in text_of(response)) == (409, False)
    assert "This is the same member." in text_of(response)


def test_who_was_merged_is_not_merged_again(world, double):
    merge(world, world.mia, double)
    text = text_of(desk_of(world).get(page(world.noah, double)))
    assert "Merge into Mia instead." in text


def test_managers_may_and_cashiers_and_strangers_may_not(world, double):
    assert signed_in(manager_of(world.aroma)).get(page(world.mia, double)).status_code == 200
    for someone, status in ((world.sam, 403), (world.petra, 404)):
        client = signed_in(someone)
        assert client.get(page(world.mia, double)).status_code == status
        assert client.post(page(world.mia, double), {"key": str(new_id())}).status_code == status
    with tenancy.scope(world.aroma.id):
        assert not Merge.objects.exists()


def test_nobody_of_another_shop_can_be_merged_or_parted(world, double):
    client = desk_of(world)
    assert client.get(page(world.mia, world.zoe)).status_code == 404
    assert client.post(page(world.zoe, world.mia), {"key": str(new_id())}).status_code == 404
    merge(world, world.mia, double)
    done = the_merge(world)
    petra = signed_in(world.petra)
    assert petra.post(f"/dashboard/bloom/members/{world.zoe.id}/merges/{done.id}/undo/").status_code == 404
    assert client.post(f"{MEMBERS}{world.noah.id}/merges/{done.id}/undo/").status_code == 404
    assert client.get(f"{MEMBERS}{UUID(int=7)}/merge/").status_code == 404
    with tenancy.scope(world.aroma.id):
        assert Member.objects.get(id=double.id).merged_into_id == world.mia.id
