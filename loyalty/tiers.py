"""The ladder: tiers added, changed, reordered, removed. Every change publishes, and standings follow it upwards."""

from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.ids import new_id
from core.money import LARGEST_MINOR, exponent
from core.text import read_text
from loyalty.models import Tier
from loyalty.publishing import change_programme
from loyalty.rules import types
from loyalty.rules.editing import changed_tier, moved_tier, with_tier, without_tier
from merchants.models import Merchant, StaffMember
from merchants.onboarding import NameMissing

MOST_TIERS = 12  # a ladder nobody can see whole is no ladder
STARTER = (
    (gettext_noop("Bronze"), 0, 100),
    (gettext_noop("Silver"), 250, 125),
    (gettext_noop("Gold"), 500, 150),
)


class TierUnknown(DomainError):
    """No such tier of this merchant's."""

    code = "tier_not_found"
    message = _("This tier is not there any more.")


class ThresholdTaken(DomainError):
    """Two tiers cannot begin at the same amount."""

    code = "threshold_taken"
    message = _("Another tier begins at this amount. Choose another.")
    field = "threshold"


class ThresholdOutOfRange(DomainError):
    """Below zero or beyond all spending."""

    code = "threshold_out_of_range"
    message = _("The amount must be zero or more.")
    field = "threshold"


class MultiplierOutOfRange(DomainError):
    """A multiplier below 1 or above 10."""

    code = "multiplier_out_of_range"
    message = _("The multiplier must be between 1 and 10, with at most two decimals.")
    field = "multiplier"


class TooManyTiers(DomainError):
    """The ladder is full."""

    code = "too_many_tiers"
    message = _("A programme has at most %(most)d tiers.")


def add_tier(
    *, merchant: Merchant, name: str, threshold_minor: int, multiplier_percent: int, actor: StaffMember | None
) -> Tier:
    """Raises NameMissing, ThresholdTaken, ThresholdOutOfRange, MultiplierOutOfRange, TooManyTiers."""
    name = _check(name, threshold_minor, multiplier_percent)
    tier = types.Tier(str(new_id()), name, threshold_minor, multiplier_percent)

    def change(version: types.Version) -> types.Version:
        if len(version.tiers) >= MOST_TIERS:
            raise TooManyTiers(most=MOST_TIERS)
        return _each_begins_alone(with_tier(version, tier))

    change_programme(merchant=merchant, change=change, actor=actor)
    return Tier.objects.get(id=tier.id)


def change_tier(
    *,
    merchant: Merchant,
    tier_id: UUID,
    name: str,
    threshold_minor: int,
    multiplier_percent: int,
    actor: StaffMember | None,
) -> Tier:
    """Raises as `add_tier`, and TierUnknown."""

    def change(version: types.Version) -> types.Version:
        _known(version, tier_id)
        fields = {
            "name": _check(name, threshold_minor, multiplier_percent),
            "threshold_minor": threshold_minor,
        }
        changed = changed_tier(version, str(tier_id), **fields, multiplier_percent=multiplier_percent)
        return _each_begins_alone(changed)

    change_programme(merchant=merchant, change=change, actor=actor)
    return Tier.objects.get(id=tier_id)


def move_tier(*, merchant: Merchant, tier_id: UUID, up: bool, actor: StaffMember | None) -> None:
    """Change places with the neighbour above or below: the amounts stay where they are, names and perks move.

    At the end of the ladder nothing happens. Raises TierUnknown.
    """

    def change(version: types.Version) -> types.Version:
        return moved_tier(_known(version, tier_id), str(tier_id), up=up)

    change_programme(merchant=merchant, change=change, actor=actor)


def remove_tier(*, merchant: Merchant, tier_id: UUID, actor: StaffMember | None) -> None:
    """Take a tier out of the ladder; its members go to the tier their progress earns. Raises TierUnknown."""

    def change(version: types.Version) -> types.Version:
        return without_tier(_known(version, tier_id), str(tier_id))

    change_programme(merchant=merchant, change=change, actor=actor)


def start_ladder(*, merchant: Merchant, actor: StaffMember | None) -> None:
    """Bronze, Silver, Gold at amounts that suit a café, named in the merchant's language: a place to begin.

    Does nothing if there is a ladder.
    """
    with override(merchant.locale):  # not the reader's: members of every language read these names
        starter = [
            types.Tier(str(new_id()), gettext(name), threshold * 10 ** exponent(merchant.currency), percent)
            for name, threshold, percent in STARTER
        ]

    def change(version: types.Version) -> types.Version:
        return version if version.tiers else replace(version, tiers=tuple(starter))

    change_programme(merchant=merchant, change=change, actor=actor)


def _known(version: types.Version, tier_id: UUID) -> types.Version:
    if version.tier(str(tier_id)) is None:
        raise TierUnknown
    return version


def _check(name: str, threshold_minor: int, multiplier_percent: int) -> str:
    """The name, as it is kept."""
    name = read_text(name, limit=40, field="name")
    if not name:
        raise NameMissing
    if not 0 <= threshold_minor <= LARGEST_MINOR:
        raise ThresholdOutOfRange
    if not 100 <= multiplier_percent <= 1000:
        raise MultiplierOutOfRange
    return name


def _each_begins_alone(version: types.Version) -> types.Version:
    if len({tier.threshold_minor for tier in version.tiers}) < len(version.tiers):
        raise ThresholdTaken
    return version
