"""Who may do what: the one table. Pages and endpoints name a permission; nobody invents a rule of their own."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, NotAllowed
from merchants.models import StaffMember

Role = StaffMember.Role


class Permission(StrEnum):
    """What can be asked for."""

    SEE_FIGURES = "see_figures"
    EDIT_PROGRAMME = "edit_programme"
    SEE_MEMBERS = "see_members"
    EDIT_MEMBERS = "edit_members"
    ERASE_MEMBERS = "erase_members"
    MERGE_MEMBERS = "merge_members"
    EXPORT_MEMBERS = "export_members"
    PRINT_POSTER = "print_poster"
    EDIT_LOCATIONS = "edit_locations"
    EDIT_SHOP = "edit_shop"
    MANAGE_TEAM = "manage_team"
    MANAGE_KEYS = "manage_keys"
    SCAN = "scan"
    ENROL = "enrol"
    CANCEL_PURCHASES = "cancel_purchases"  # and refund: anybody's, at any time; one's own scan of a moment ago comes with SCAN
    ADJUST_UNITS = "adjust_units"


ROLES: dict[Permission, frozenset[str]] = {
    Permission.SEE_FIGURES: frozenset({Role.OWNER, Role.MANAGER}),
    Permission.EDIT_PROGRAMME: frozenset({Role.OWNER, Role.MANAGER}),
    Permission.SEE_MEMBERS: frozenset({Role.OWNER, Role.MANAGER}),
    Permission.EDIT_MEMBERS: frozenset({Role.OWNER, Role.MANAGER}),
    Permission.ERASE_MEMBERS: frozenset({Role.OWNER}),
    Permission.MERGE_MEMBERS: frozenset({Role.OWNER, Role.MANAGER}),
    Permission.EXPORT_MEMBERS: frozenset({Role.OWNER, Role.MANAGER}),
    Permission.PRINT_POSTER: frozenset({Role.OWNER, Role.MANAGER}),
    Permission.EDIT_LOCATIONS: frozenset({Role.OWNER, Role.MANAGER}),
    Permission.EDIT_SHOP: frozenset({Role.OWNER, Role.MANAGER}),
    Permission.MANAGE_TEAM: frozenset({Role.OWNER}),
    Permission.MANAGE_KEYS: frozenset({Role.OWNER}),
    Permission.SCAN: frozenset({Role.OWNER, Role.MANAGER, Role.CASHIER}),
    Permission.ENROL: frozenset({Role.OWNER, Role.MANAGER, Role.CASHIER}),
    Permission.CANCEL_PURCHASES: frozenset({Role.OWNER, Role.MANAGER}),
    Permission.ADJUST_UNITS: frozenset({Role.OWNER, Role.MANAGER}),
}


class Scope(StrEnum):
    """What an API key may do. A key has at least one."""

    READ_PROGRAMME = "programme:read"
    READ_MEMBERS = "members:read"
    WRITE_MEMBERS = "members:write"
    READ_PURCHASES = "purchases:read"
    WRITE_PURCHASES = "purchases:write"
    READ_REWARDS = "rewards:read"
    WRITE_REDEMPTIONS = "redemptions:write"
    WRITE_UNITS = "units:write"
    WRITE_CODES = "codes:write"


class ManagerNeeded(DomainError):
    """A cashier's own scan, and for some seconds: the rest is a manager's."""

    code = "manager_needed"
    message = _("A scan can be undone for a few seconds, by whoever made it. Ask a manager to cancel it.")


def may(staff: StaffMember, permission: Permission) -> bool:
    """Whether this staff member's role allows it."""
    return staff.role in ROLES[permission]


def require(staff: StaffMember, permission: Permission) -> None:
    """Raises NotAllowed."""
    if not may(staff, permission):
        raise NotAllowed
