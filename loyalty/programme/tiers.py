"""The ladder: tiers added, changed, reordered, removed, as changes for a draft; and one added at once, for who opens a shop."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.ids import new_id
from core.money import LARGEST_MINOR, exponent
from core.text import read_text
from loyalty.models import Tier as TierRow
from loyalty.programme.publishing import Change, change_programme
from loyalty.rules import tiers, types
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
) -> TierRow:
    """Published at once. Raises NameMissing, ThresholdTaken, ThresholdOutOfRange, MultiplierOutOfRange, TooManyTiers."""
    change, tier_id = adding(
        name=name, threshold_minor=threshold_minor, multiplier_percent=multiplier_percent
    )
    change_programme(merchant=merchant, change=change, actor=actor)
    return TierRow.objects.get(id=tier_id)


# What is wrong with a figure is said at once, what is wrong with the ladder when the change is made.


def adding(*, name: str, threshold_minor: int, multiplier_percent: int) -> tuple[Change, UUID]:
    """A change that adds a tier, and the tier's id. Raises, now or then, as `add_tier`."""
    name = _check(name, threshold_minor, multiplier_percent)
    tier_id = new_id()
    tier = tiers.Tier(str(tier_id), name, threshold_minor, multiplier_percent)

    def change(version: types.Version) -> types.Version:
        if len(version.tiers) >= MOST_TIERS:
            raise TooManyTiers(most=MOST_TIERS)
        return _each_begins_alone(with_tier(version, tier))

    return change, tier_id


def setting(*, tier_id: UUID, name: str, threshold_minor: int, multiplier_percent: int) -> Change:
    """A change that says anew what a tier is. Raises, now or then, as `add_tier`, and TierUnknown then."""
    name = _check(name, threshold_minor, multiplier_percent)

    def change(version: types.Version) -> types.Version:
        changed = changed_tier(
            _known(version, tier_id),
            str(tier_id),
            name=name,
            threshold_minor=threshold_minor,
            multiplier_percent=multiplier_percent,
        )
        return _each_begins_alone(changed)

    return change


def setting_all(said: Mapping[str, Mapping[str, Any]]) -> Change:
    """A change that says anew what several tiers are, by their ids: name, threshold_minor, multiplier_percent. Their new
    amounts are compared with each other only. Raises, now or then, as `setting`.
    """
    checked = {tier_id: dict(each, name=_check(**each)) for tier_id, each in said.items()}

    def change(version: types.Version) -> types.Version:
        for tier_id, each in checked.items():
            version = changed_tier(_known(version, UUID(tier_id)), tier_id, **each)
        return _each_begins_alone(version)

    return change


def moving(*, tier_id: UUID, up: bool) -> Change:
    """A change in which a tier and its neighbour change places: amounts stay where they are, names and perks move.

    Raises TierUnknown then.
    """
    return lambda version: moved_tier(_known(version, tier_id), str(tier_id), up=up)


def removing(*, tier_id: UUID) -> Change:
    """A change that takes a tier out. Raises TierUnknown then."""
    return lambda version: without_tier(_known(version, tier_id), str(tier_id))


def starting(*, merchant: Merchant) -> Change:
    """A change that puts Bronze, Silver, Gold where there is no ladder, at amounts that suit a café: a place to begin."""
    with override(merchant.locale):  # not the reader's: members of every language read these names
        starter = [
            tiers.Tier(str(new_id()), gettext(name), threshold * 10 ** exponent(merchant.currency), percent)
            for name, threshold, percent in STARTER
        ]
    return lambda version: version if version.tiers else replace(version, tiers=tuple(starter))


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
