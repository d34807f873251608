"""Vouchers: rewards that were taken, with a code, until a day. Read by their code, used once, given by hand, stopped.

A voucher is a redemption (ADR 0023): what ends one ends the other, in the same update, so that two tills cannot.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core import events, idempotency, tenancy
from core.errors import DomainError
from core.idempotency import Answered, fingerprint_of
from core.languages import reader_language
from core.models import Event
from loyalty.locking import lock_member
from loyalty.purchases.reading import Credential
from loyalty.rules.calendar import last_day_before
from members import queries
from members.models import Member
from members.queries import ids_of
from merchants.models import Merchant
from rewards import saying
from rewards.catalogue import RewardUnknown, find_reward
from rewards.declines import RewardWithdrawn
from rewards.handing import capture_redemption
from rewards.models import Redemption, Reward
from rewards.offers import say_in
from rewards.redemption import fact_of, find_with_owner
from rewards.taking import hold
from rewards.voucher_codes import code_of, serial_of

State = Literal["issued", "redeemed", "expired", "voided"]
USUAL_DAYS = (
    60  # of one that comes by itself or by hand, where its reward says nothing: two visits of most members
)
LONGEST_DAYS = 3660
_STATES: dict[str, State] = {
    Redemption.Status.HELD: "issued",
    Redemption.Status.CAPTURED: "redeemed",
    Redemption.Status.EXPIRED: "expired",
    Redemption.Status.RELEASED: "voided",
    Redemption.Status.VOIDED: "voided",
}
# What is told of a voucher besides what is told of every reward that was taken.
_TOLD = {
    "reward.held": "voucher.issued",
    "reward.captured": "voucher.redeemed",
    "reward.expired": "voucher.expired",
    "reward.released": "voucher.voided",
    "reward.voided": "voucher.voided",
}


class VoucherUnknown(DomainError):
    """No voucher of this merchant's: mistyped, invented, or another shop's."""

    code = "voucher_not_found"
    message = gettext_lazy(
        "This is none of our vouchers. Check each letter: there is no 0, O, 1, I, L or U in them."
    )


class DaysOutOfRange(DomainError):
    """A voucher that is over before it begins, or that outlives the shop."""

    code = "voucher_days_out_of_range"
    message = gettext_lazy("A voucher is good for 1 to %(largest)d days.")
    field = "days"


@dataclass(frozen=True)
class Voucher:
    """A voucher as it is at this moment, for whom it counts today; `why` it cannot be used: a sentence, "" if it can.

    `last_on` is the last day on which it can be used.
    """

    redemption: Redemption
    member: Member
    code: str
    state: State
    why: str
    last_on: dt.date


def read_voucher(text: str, merchant: Merchant) -> Voucher | None:
    """What a scanned or typed text says; None if it is no voucher of this merchant's. In its scope."""
    serial = serial_of(merchant.id, text)
    found = None if serial is None else _vouchers().filter(serial=serial).first()
    if found is None:
        return None
    _redemption, owner = find_with_owner(found.id)
    return _voucher(found, owner, merchant)


def find_voucher(text: str, merchant: Merchant) -> Voucher:
    """The same. Raises VoucherUnknown."""
    found = read_voucher(text, merchant)
    if found is None:
        raise VoucherUnknown
    return found


def voucher_of(redemption_id: UUID, merchant: Merchant) -> Voucher | None:
    """The one with this id; None if that is none."""
    found = _vouchers().filter(id=redemption_id).first()
    return _voucher(found, find_with_owner(found.id)[1], merchant) if found else None


def vouchers_of(member: Member, merchant: Merchant) -> list[Voucher]:
    """What a member has that can be used, what runs out first before. Two queries."""
    mine = _vouchers().filter(member_id__in=ids_of(member.id), status=Redemption.Status.HELD)
    mine = mine.filter(held_until__gt=timezone.now()).order_by("held_until", "id")
    return [_voucher(one, member, merchant) for one in mine]


def was_given(redemption_id: UUID, member: Member) -> bool:
    """Whether that is a voucher which this member, or who became one with it, was given for nothing."""
    mine = _vouchers().filter(member_id__in=ids_of(member.id), cost=0)
    return mine.filter(id=redemption_id).exists()


def redeem_voucher(
    *,
    merchant: Merchant,
    text: str,
    key: UUID,
    actor_id: UUID | None = None,
    credential: Credential | None = None,
    location_id: UUID | None = None,
    purchase_id: UUID | None = None,
) -> Answered:
    """Use a voucher, once. Repeating `key` gives the first answer for ever. It brings its own scope.

    Whoever has the code may use it: no other proof is asked. Raises VoucherUnknown, and as `handing.capture_redemption` does;
    declines with VoucherClosed, RewardElsewhere, PurchaseNotOpen.
    """
    with tenancy.scope(merchant.id):
        found = find_voucher(text, merchant).redemption
    return capture_redemption(
        merchant=merchant,
        redemption_id=found.id,
        key=key,
        actor_id=actor_id,
        credential=credential,
        location_id=location_id,
        purchase_id=purchase_id,
    )


def issue_voucher(
    *,
    merchant: Merchant,
    reward_id: UUID,
    member_id: UUID,
    key: UUID,
    actor_id: UUID | None,
    days: int | None = None,
) -> Answered:
    """Give a voucher by hand, for nothing: whatever the reward asks of others is not asked. Repeating `key` gives the first
    answer for ever. `days`: how long it is good; None is as the reward says, or USUAL_DAYS.

    Raises RewardUnknown, MemberUnknown, DaysOutOfRange, TooBusy, idempotency.KeyReused; declines with RewardWithdrawn,
    RewardSoldOut.
    """
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise DaysOutOfRange(largest=LONGEST_DAYS)

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        member = queries.member(lock_member(member_id))
        reward = find_reward(reward_id)  # under the lock: it may have changed as we waited
        if reward.status == Reward.Status.DRAFT:
            raise RewardUnknown
        if reward.status == Reward.Status.ARCHIVED:
            raise RewardWithdrawn(name=say_in(reward.names, reader_language()), member_id=member.id)
        given = give_voucher(reward, member, merchant, actor_id=actor_id, days=days)
        return 201, saying.say_redemption(given, member, merchant), member.id

    asked = fingerprint_of("voucher", reward_id, member_id, days)
    return idempotency.answer_once(key, asked, work, member_id=member_id)


def give_voucher(
    reward: Reward,
    member: Member,
    merchant: Merchant,
    *,
    cost: int = 0,
    actor_id: UUID | None = None,
    days: int | None = None,
) -> Redemption:
    """One more, its member being locked. Raises InsufficientUnits, RewardSoldOut."""
    given = hold(
        reward,
        member,
        merchant,
        cost=cost,
        actor_id=actor_id,
        valid_days=days or reward.valid_days or USUAL_DAYS,
    )
    events.record("reward.held", fact_of(given, actor_id))
    return given


def follow_taken(event: Event) -> None:
    """`reward.…`: where what was taken, handed over or ended is a voucher, that is told of the voucher."""
    found = _vouchers().filter(id=event.payload["redemption"]).exists()
    if found:
        events.record(_TOLD[event.name], event.payload)


def _vouchers() -> QuerySet[Redemption]:
    return Redemption.objects.select_related("reward", "unit").exclude(serial=None)


def _voucher(found: Redemption, owner: Member, merchant: Merchant) -> Voucher:
    assert found.serial is not None  # or it is no voucher
    state = _STATES[found.status_at(timezone.now())]
    last_on = last_day_before(found.held_until, merchant.time_zone)
    why = saying.why_closed(found, merchant.time_zone)
    if state == "issued" and owner.erased_at:  # `redemption.follow_erased` is on its way
        state, why = "voided", saying.why_left()
    return Voucher(found, owner, code_of(merchant.id, found.serial), state, why, last_on)
