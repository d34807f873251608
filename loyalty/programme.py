"""The programme's verbs that take effect at once: started, renamed, its earning changed. Each publishes a version."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.ids import new_id
from core.money import LARGEST_MINOR, exponent
from core.text import read_text
from loyalty.models import STATIC_A_DAY, Programme, ProgrammeVersion
from loyalty.publishing import Change, change_programme, publish
from loyalty.rules import types
from loyalty.rules.editing import renamed, with_earning, with_rule
from loyalty.rules.limits import Limits
from loyalty.versions import (
    cached_version,
    forget_versions,
    load_version,
    remember_version,
    version_in_force,
)
from merchants.models import Merchant, StaffMember
from merchants.onboarding import NameMissing

__all__ = [
    "cached_version",
    "change_earning",
    "forget_versions",
    "load_version",
    "remember_version",
    "rename_programme",
    "start_programme",
    "version_in_force",
]

POINTS = {"en": ("point", "points"), "fr": ("point", "points")}
# More units for one rule, and for the largest purchase, than anyone means; keeps every balance far inside 64 bits
# and every figure exact in the numbers of JavaScript.
LARGEST_AWARD = 1_000_000
LARGEST_TOTAL = 10**12


class AwardOutOfRange(DomainError):
    """An award of nothing, or of more than anyone means."""

    code = "award_out_of_range"
    message = _("Give between 1 and %(largest)d.")
    field = "amount"


class BasisOutOfRange(DomainError):
    """Points per nothing."""

    code = "basis_out_of_range"
    message = _("Write for how much money the points are given: more than zero.")
    field = "per_minor"


def start_programme(*, merchant: Merchant, name: str, welcome: int = 0) -> Programme:
    """The first programme of the current merchant: points, one for each unit of its currency. Published at once."""
    unit = types.Unit(str(new_id()), "points", POINTS)
    each = types.Rule(
        str(new_id()),
        "purchase",
        unit.id,
        amount=1,
        per_minor=10 ** exponent(merchant.currency),
        multiplied=True,
    )
    version = types.Version(
        number=0,
        name=read_text(name, limit=80, field="name"),
        currency=merchant.currency,
        units=(unit,),
        rules=(each,),
        tiers=(),
        limits=Limits(static_a_day=STATIC_A_DAY),
    )
    if welcome:
        joining = types.Rule(str(new_id()), "joining", unit.id, amount=welcome, gives="flat")
        version = with_rule(version, joining)
    with transaction.atomic():
        Programme.objects.create(name=version.name)
        publish(merchant=merchant, version=version, actor=None)
        return Programme.objects.get()


def change_earning(
    *, merchant: Merchant, amount: int, per_minor: int, welcome: int, actor: StaffMember | None
) -> ProgrammeVersion:
    """Set "`amount` units for each `per_minor` spent" and the welcome award (0 for none).

    Raises AwardOutOfRange, BasisOutOfRange.
    """
    change = earning(amount=amount, per_minor=per_minor, welcome=welcome)
    return change_programme(merchant=merchant, change=change, actor=actor)


def rename_programme(*, merchant: Merchant, name: str, actor: StaffMember | None) -> ProgrammeVersion:
    """Raises NameMissing, TextTooLong."""
    return change_programme(merchant=merchant, change=renaming(name), actor=actor)


# The same as changes, for `drafting.change_draft`. What is wrong with a figure is said at once.


def earning(*, amount: int, per_minor: int, welcome: int) -> Change:
    """A change of what purchases and joining give. Raises as `change_earning`."""
    if not 1 <= amount <= LARGEST_AWARD:
        raise AwardOutOfRange(largest=LARGEST_AWARD)
    if not 0 <= welcome <= LARGEST_AWARD:
        raise AwardOutOfRange(largest=LARGEST_AWARD, field="welcome")
    if not 1 <= per_minor <= LARGEST_MINOR:
        raise BasisOutOfRange
    if amount * (LARGEST_MINOR // per_minor) > LARGEST_TOTAL:
        raise AwardOutOfRange(largest=max(1, LARGEST_TOTAL * per_minor // LARGEST_MINOR))
    rule_id = str(new_id())
    return lambda version: with_earning(
        version, amount=amount, per_minor=per_minor, welcome=welcome, new_id=rule_id
    )


def renaming(name: str) -> Change:
    """A change of the programme's name. Raises NameMissing, TextTooLong."""
    name = read_text(name, limit=80, field="name")
    if not name:
        raise NameMissing
    return lambda version: renamed(version, name)
