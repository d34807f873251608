"""The team: roles, leaving and coming back, and that a shop is never without an owner."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from core import tenancy
from core.models import Event
from merchants import invitations, queries, team
from merchants.models import Invitation, StaffMember, User
from tests.loyalty.purchases.test_earning_at_once import at_once
from tests.world import user


def staff_of(world, someone: User) -> StaffMember:
    with tenancy.scope(world.aroma.id):
        return StaffMember.objects.get(user=someone)


def second_owner(world) -> User:
    someone = user("nina@aroma.test", "Nina")
    with tenancy.scope(world.aroma.id):
        team.add_staff(user=someone, role="owner", merchant=world.aroma)
    return someone


def owners(world) -> list[str]:
    with tenancy.scope(world.aroma.id):
        return sorted(one.user.name for one in queries.team() if one.role == "owner")


def test_who_is_removed_is_out_and_listed_nowhere(world):
    olivia, sam = staff_of(world, world.olivia), staff_of(world, world.sam)
    with tenancy.scope(world.aroma.id):
        team.remove_staff(staff_id=sam.id, merchant=world.aroma, actor=olivia)
        assert queries.staff_member(world.sam.id) is None
        assert [one.user.name for one in queries.team()] == ["Olivia Marchand"]
    assert User.objects.get(id=world.sam.id).merchant_ids == []


def test_a_removal_is_undone_with_the_role_as_it_was_for_ten_minutes(world):
    olivia, sam = staff_of(world, world.olivia), staff_of(world, world.sam)
    with tenancy.scope(world.aroma.id):
        team.remove_staff(staff_id=sam.id, merchant=world.aroma, actor=olivia)
        team.return_staff(staff_id=sam.id, merchant=world.aroma, actor=olivia)
        team.return_staff(staff_id=sam.id, merchant=world.aroma, actor=olivia)
        assert queries.staff_member(world.sam.id).role == "cashier"
        assert Event.objects.filter(name="staff.returned").count() == 1
        long_ago = timezone.now() - dt.timedelta(minutes=11)
        StaffMember.objects.filter(id=sam.id).update(removed_at=long_ago)
        with pytest.raises(team.StaffUnknown):
            team.return_staff(staff_id=sam.id, merchant=world.aroma, actor=olivia)
    assert User.objects.get(id=world.sam.id).merchant_ids == [world.aroma.id]


@pytest.mark.parametrize("role", ["manager", "cashier"])
def test_the_last_owner_stays_owner(world, role):
    olivia = staff_of(world, world.olivia)
    with tenancy.scope(world.aroma.id):
        with pytest.raises(team.LastOwner):
            team.change_role(staff_id=olivia.id, role=role, actor=olivia)
        with pytest.raises(team.LastOwner):
            team.remove_staff(staff_id=olivia.id, merchant=world.aroma, actor=olivia)
        assert not Event.objects.filter(name__in=["staff.removed", "staff.role_changed"]).exists()
    assert owners(world) == ["Olivia Marchand"]


def test_two_owners_who_remove_each_other_at_once_leave_one(committed_db, world):
    pair = [staff_of(world, world.olivia), staff_of(world, second_owner(world))]

    def remove_the_other(index):
        with tenancy.scope(world.aroma.id):
            team.remove_staff(staff_id=pair[1 - index].id, merchant=world.aroma, actor=pair[index])

    results = at_once(2, remove_the_other)
    assert sorted(type(result).__name__ for result in results) == ["LastOwner", "NoneType"]
    assert len(owners(world)) == 1


def test_a_role_is_one_of_three(world):
    olivia, sam = staff_of(world, world.olivia), staff_of(world, world.sam)
    with tenancy.scope(world.aroma.id), pytest.raises(team.RoleUnknown):
        team.change_role(staff_id=sam.id, role="admin", actor=olivia)


@pytest.mark.parametrize("how", ["removed", "no owner any more"])
def test_who_may_not_invite_any_more_leaves_no_invitation_open(world, how):
    nina = staff_of(world, second_owner(world))
    olivia = staff_of(world, world.olivia)
    with tenancy.scope(world.aroma.id):
        invitations.invite(email="friend@example.org", role="owner", locale="en", actor=nina)
        if how == "removed":
            team.remove_staff(staff_id=nina.id, merchant=world.aroma, actor=olivia)
        else:
            team.change_role(staff_id=nina.id, role="manager", actor=olivia)
        assert Invitation.objects.get().revoked_at is not None


def test_who_is_removed_comes_back_by_no_invitation_to_any_of_their_addresses(world):
    olivia, sam = staff_of(world, world.olivia), staff_of(world, world.sam)
    with tenancy.scope(world.aroma.id):
        for email in ("sam@home.example", "friend@example.org"):
            invitations.invite(email=email, role="owner", locale="en", actor=olivia)
        # The second address was proven only after somebody had invited it.
        EmailAddress.objects.create(user=world.sam, email="Sam@home.example", verified=True)
        EmailAddress.objects.create(user=world.sam, email="friend@example.org", verified=False)
        team.remove_staff(staff_id=sam.id, merchant=world.aroma, actor=olivia)
        still_open = Invitation.objects.filter(revoked_at=None).values_list("email", flat=True)
        assert list(still_open) == ["friend@example.org"]


def test_who_is_in_the_team_is_so_with_every_proven_address(world):
    olivia = staff_of(world, world.olivia)
    EmailAddress.objects.create(user=world.sam, email="Sam@home.example", verified=True)
    EmailAddress.objects.create(user=world.sam, email="friend@example.org", verified=False)
    with tenancy.scope(world.aroma.id):
        with pytest.raises(invitations.AlreadyInTeam):
            invitations.invite(email="sam@home.example", role="cashier", locale="en", actor=olivia)
        invitations.invite(email="friend@example.org", role="cashier", locale="en", actor=olivia)


def test_staff_of_another_merchant_is_nobody_here(world):
    petra_scope = world.bloom.id
    with tenancy.scope(petra_scope):
        petra = StaffMember.objects.get(user=world.petra)
    olivia = staff_of(world, world.olivia)
    with tenancy.scope(world.aroma.id):
        for change in (
            lambda: team.change_role(staff_id=petra.id, role="cashier", actor=olivia),
            lambda: team.remove_staff(staff_id=petra.id, merchant=world.aroma, actor=olivia),
            lambda: team.return_staff(staff_id=petra.id, merchant=world.aroma, actor=olivia),
        ):
            with pytest.raises(team.StaffUnknown):
                change()
