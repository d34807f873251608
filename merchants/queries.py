"""Reading merchants, locations and staff."""

from uuid import UUID

from django.db.models import QuerySet

from merchants.models import ApiKey, Invitation, Location, Merchant, StaffMember, User


def merchant_by_slug(slug: str) -> Merchant | None:
    """A merchant by the name in its addresses. Needs no scope: the row is public."""
    return Merchant.objects.filter(slug=slug).first()


def merchant_by_number(number: int) -> Merchant | None:
    """A merchant by the number in its cards. Needs no scope."""
    return Merchant.objects.filter(number=number).first()


def merchants_of(user: User) -> list[Merchant]:
    """The merchants at which this user is staff, by name."""
    return list(Merchant.objects.filter(id__in=user.merchant_ids).order_by("name"))


def staff_member(user_id: UUID) -> StaffMember | None:
    """This user's membership in the current merchant."""
    return StaffMember.objects.select_related("user").filter(user_id=user_id, removed_at=None).first()


def team() -> list[StaffMember]:
    """The current merchant's staff, owners first, then by how long they are there."""
    order = list(StaffMember.Role.values)
    staff = StaffMember.objects.select_related("user").filter(removed_at=None).order_by("created_at", "id")
    return sorted(staff, key=lambda one: order.index(one.role))


def open_invitations() -> QuerySet[Invitation]:
    """Invitations that wait for an answer, newest first; those too old are still there to be sent again."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None).order_by("-created_at", "-id")


def locations() -> QuerySet[Location]:
    """Open locations of the current merchant, oldest first."""
    return Location.objects.filter(closed_at=None).order_by("created_at", "id")


def api_keys() -> QuerySet[ApiKey]:
    """All keys of the current merchant, newest first, revoked ones included."""
    return ApiKey.objects.order_by("revoked_at", "-created_at")
