"""The ladder: tiers added, changed, reordered, removed. Every change publishes, and standings follow it upwards."""

from uuid import UUID

from django.db import IntegrityError, connection
from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.models import Event
from core.money import LARGEST_MINOR, exponent
from core.tenancy import current_merchant_id
from core.text import read_text
from loyalty.models import Tier
from loyalty.programme import changing, publish
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
    tier = Tier()
    with changing():
        if Tier.objects.count() >= MOST_TIERS:
            raise TooManyTiers(most=MOST_TIERS)
        _set(tier, name, threshold_minor, multiplier_percent)
        _publish(merchant, actor)
    return tier


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
    with changing():
        tier = _tier(tier_id)
        _set(tier, name, threshold_minor, multiplier_percent)
        _publish(merchant, actor)
    return tier


def move_tier(*, merchant: Merchant, tier_id: UUID, up: bool, actor: StaffMember | None) -> None:
    """Change places with the neighbour above or below: the amounts stay where they are, names and perks move.

    At the end of the ladder nothing happens. Raises TierUnknown.
    """
    with changing():
        ladder = list(Tier.objects.order_by("threshold_minor"))
        here = next((index for index, tier in enumerate(ladder) if tier.id == tier_id), None)
        if here is None:
            raise TierUnknown
        there = here + (1 if up else -1)
        if not 0 <= there < len(ladder):
            return
        one, other = ladder[here], ladder[there]
        one.threshold_minor, other.threshold_minor = other.threshold_minor, one.threshold_minor
        one.save(update_fields=["threshold_minor"])
        other.save(update_fields=["threshold_minor"])
        _publish(merchant, actor)


def remove_tier(*, merchant: Merchant, tier_id: UUID, actor: StaffMember | None) -> None:
    """Take a tier out of the ladder; its members go to the tier their progress earns. Raises TierUnknown."""
    with changing():
        _tier(tier_id).delete()
        _publish(merchant, actor)


def start_ladder(*, merchant: Merchant, actor: StaffMember | None) -> None:
    """Bronze, Silver, Gold at amounts that suit a café, named in the merchant's language: a place to begin.

    Does nothing if there is a ladder.
    """
    with changing():
        if Tier.objects.exists():
            return
        with override(merchant.locale):  # not the reader's: members of every language read these names
            for name, threshold, percent in STARTER:
                Tier.objects.create(
                    name=gettext(name),
                    threshold_minor=threshold * 10 ** exponent(merchant.currency),
                    multiplier_percent=percent,
                )
        _publish(merchant, actor)


def _tier(tier_id: UUID) -> Tier:
    tier = Tier.objects.filter(id=tier_id).first()
    if tier is None:
        raise TierUnknown
    return tier


def _set(tier: Tier, name: str, threshold_minor: int, multiplier_percent: int) -> None:
    tier.name = read_text(name, limit=40, field="name")
    if not tier.name:
        raise NameMissing
    if not 0 <= threshold_minor <= LARGEST_MINOR:
        raise ThresholdOutOfRange
    if not 100 <= multiplier_percent <= 1000:
        raise MultiplierOutOfRange
    if Tier.objects.filter(threshold_minor=threshold_minor).exclude(id=tier.id).exists():
        raise ThresholdTaken
    tier.threshold_minor, tier.multiplier_percent = threshold_minor, multiplier_percent
    tier.save()


def _publish(merchant: Merchant, actor: StaffMember | None) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS loyalty_tier_threshold IMMEDIATE")  # the moment to look
            cursor.execute("SET CONSTRAINTS loyalty_tier_threshold DEFERRED")
    except IntegrityError:
        raise ThresholdTaken from None
    publish(merchant=merchant, actor=actor)
    lift_standings()


# Where a purchase or a cancellation came in between, the progress is not the one that was judged: the next lift sees it.
LIFT = """
WITH due AS (
    SELECT s.id, s.progress_minor,
           (SELECT t.id FROM loyalty_tier t WHERE t.merchant_id = s.merchant_id
              AND t.threshold_minor <= s.progress_minor ORDER BY t.threshold_minor DESC LIMIT 1) AS tier_id
    FROM loyalty_standing s WHERE s.merchant_id = %(merchant)s
)
UPDATE loyalty_standing s SET tier_id = due.tier_id, version = s.version + 1
FROM due
LEFT JOIN loyalty_tier new ON new.merchant_id = %(merchant)s AND new.id = due.tier_id
WHERE s.merchant_id = %(merchant)s AND s.id = due.id AND s.tier_id IS DISTINCT FROM due.tier_id
  AND coalesce(new.threshold_minor, -1) > coalesce(
      (SELECT old.threshold_minor FROM loyalty_tier old
       WHERE old.merchant_id = %(merchant)s AND old.id = s.tier_id), -2)
  AND s.progress_minor = due.progress_minor
"""


def lift_standings() -> int:
    """Members whose progress earns a higher tier than they hold get it; nobody goes down but from a removed tier.

    Returns how many moved.
    """
    with connection.cursor() as cursor:
        cursor.execute(LIFT, {"merchant": current_merchant_id()})
        return int(cursor.rowcount)


def lift_after_publishing(_event: Event) -> None:
    """`programme.published`: once more, for those whose purchase or joining was under way while the ladder changed."""
    lift_standings()
