"""The team: who is staff and with which role. Somebody removed is out at once, and what they did keeps their name."""

import datetime as dt
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import DomainError
from merchants.models import Invitation, Merchant, StaffMember, User

Role = StaffMember.Role
UNDO_WITHIN = dt.timedelta(minutes=10)  # longer than a slip of the hand; afterwards one is invited anew


class StaffUnknown(DomainError):
    """Nobody of this team, or not any more."""

    code = "staff_unknown"
    message = _("This person is not in the team any more.")


class LastOwner(DomainError):
    """Without an owner nobody could ever change the team again."""

    code = "last_owner"
    message = _("A shop keeps at least one owner. Make somebody else an owner first.")
    field = "role"


class RoleUnknown(DomainError):
    """Not one of the three."""

    code = "role_unknown"
    message = _("Choose a role from the list.")
    field = "role"


def add_staff(*, user: User, role: str, merchant: Merchant, actor: StaffMember | None = None) -> StaffMember:
    """Give a user a role at the merchant of the current scope, and list the door in the user's own row.

    Who left comes back with the new role; who is there keeps the role they have.
    """
    staff, new = StaffMember.objects.select_for_update().get_or_create(user=user, defaults={"role": role})
    if not new and staff.removed_at is None:
        return staff
    if not new:
        staff.role, staff.removed_at = role, None
        staff.save(update_fields=["role", "removed_at"])
    _list_door(user, merchant)
    _record("staff.added", staff, actor, role=role)
    return staff


def change_role(*, staff_id: UUID, role: str, actor: StaffMember) -> StaffMember:
    """From the next click on. Raises StaffUnknown, RoleUnknown, LastOwner."""
    if role not in Role.values:
        raise RoleUnknown
    team = _lock_team()
    staff = _one_of(team, staff_id)
    if staff.role != role:
        _keep_an_owner(team, without=staff)
        was, staff.role = staff.role, role
        staff.save(update_fields=["role"])
        _withdraw_invitations(staff)
        _record("staff.role_changed", staff, actor, role=role, was=was)
    return staff


def remove_staff(*, staff_id: UUID, merchant: Merchant, actor: StaffMember) -> StaffMember:
    """Out at once, on every device; invitations that they sent, or could take, are void.

    Raises StaffUnknown, LastOwner.
    """
    team = _lock_team()
    staff = _one_of(team, staff_id)
    _keep_an_owner(team, without=staff)
    staff.removed_at = timezone.now()
    staff.save(update_fields=["removed_at"])
    _unlist_door(staff.user, merchant)
    _withdraw_invitations(staff)
    _withdraw_offers(staff.user)
    _record("staff.removed", staff, actor)
    return staff


def return_staff(*, staff_id: UUID, merchant: Merchant, actor: StaffMember) -> StaffMember:
    """Undo a removal, with the role as it was. Twice changes nothing. Raises StaffUnknown when too late."""
    staff = StaffMember.objects.select_for_update().filter(id=staff_id).first()
    if staff is None or (staff.removed_at and staff.removed_at < timezone.now() - UNDO_WITHIN):
        raise StaffUnknown
    if staff.removed_at is not None:
        staff.removed_at = None
        staff.save(update_fields=["removed_at"])
        _list_door(staff.user, merchant)
        _record("staff.returned", staff, actor)
    return staff


def is_in_team(email: str) -> bool:
    """Whether somebody is who showed to read this address, be it the one they sign in with or another."""
    proven = Q(user__emailaddress__email__iexact=email, user__emailaddress__verified=True)
    there = StaffMember.objects.filter(removed_at=None)
    return there.filter(Q(user__email__iexact=email) | proven).exists()


def _lock_team() -> list[StaffMember]:
    """All rows, in one order: two owners who remove each other at once must not both succeed."""
    return list(StaffMember.objects.select_for_update().filter(removed_at=None).order_by("id"))


def _one_of(team: list[StaffMember], staff_id: UUID) -> StaffMember:
    staff = next((one for one in team if one.id == staff_id), None)
    if staff is None:
        raise StaffUnknown
    return staff


def _keep_an_owner(team: list[StaffMember], *, without: StaffMember) -> None:
    if not any(one.role == Role.OWNER for one in team if one.id != without.id):
        raise LastOwner


def _withdraw_invitations(staff: StaffMember) -> None:
    """An invitation is worth what its sender may do: who may not invite any more leaves none open."""
    if staff.removed_at is not None or staff.role != Role.OWNER:
        Invitation.objects.filter(invited_by=staff, accepted_at=None, revoked_at=None).update(
            revoked_at=timezone.now()
        )


def _withdraw_offers(user: User) -> None:
    """What waits at an address of theirs would let them in again."""
    themselves = User.objects.filter(id=user.id, emailaddress__verified=True)
    proven = themselves.values_list("emailaddress__email", flat=True)
    Invitation.objects.filter(
        email__in=[email.lower() for email in proven], accepted_at=None, revoked_at=None
    ).update(revoked_at=timezone.now())


def _list_door(user: User, merchant: Merchant) -> None:
    """By one statement on the row itself: two doors opened at once must both be listed."""
    _write_doors(
        "UPDATE merchants_user SET merchant_ids = array_append(merchant_ids, %s) "
        "WHERE id = %s AND NOT %s = ANY (merchant_ids)",
        user,
        [merchant.id, user.id, merchant.id],
    )


def _unlist_door(user: User, merchant: Merchant) -> None:
    _write_doors(
        "UPDATE merchants_user SET merchant_ids = array_remove(merchant_ids, %s) WHERE id = %s",
        user,
        [merchant.id, user.id],
    )


def _write_doors(statement: str, user: User, values: list[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    user.refresh_from_db(fields=["merchant_ids"])


def _record(name: str, staff: StaffMember, actor: StaffMember | None, **more: str) -> None:
    events.record(name, {"staff": str(staff.id), "actor": str(actor.id) if actor else None, **more})
