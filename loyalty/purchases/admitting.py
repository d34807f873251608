"""Whether what was read lets a purchase be judged at all: whose it is, where, and whether that is its newest state."""

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from loyalty.ledger import postings
from loyalty.purchases.reading import State
from loyalty.rules.calendar import local_day
from loyalty.rules.verdicts import Verdict
from loyalty.standings.reviewing import review_first
from members.cards import CardAlreadyUsed, CardExpired, CardRevoked, MemberUnknown
from merchants.models import Merchant

if TYPE_CHECKING:
    from loyalty.purchases.earning import NewPurchase

CLOCK_SKEW = dt.timedelta(minutes=5)  # a till's clock may run ahead by this much
OLDEST = dt.timedelta(days=366)  # a till that was offline for a year is a data import, not a purchase


class LocationUnknown(DomainError):
    """No open location of this merchant has that id."""

    code = "location_not_found"
    message = _("There is no such location.")
    field = "location"


class MomentOutOfRange(DomainError):
    """In the future, or too long ago."""

    code = "occurred_at_out_of_range"
    message = _("The purchase must lie in the past year, not in the future.")
    field = "occurred_at"


def admit(state: State, bought: "NewPurchase") -> None:
    """Raises CardExpired, CardRevoked, MemberUnknown, CardAlreadyUsed, LocationUnknown."""
    who = bought.who
    if who.expired:
        raise CardExpired(member_id=state.member_id)
    # Before who it is: the card of an erased member is one that does not count any more, and leads to nobody.
    if state.card_id is not None and state.card_generation != who.generation:
        raise CardRevoked(member_id=state.member_id)
    if state.member_id is None:
        raise MemberUnknown
    if who.step is not None and (state.card_last_step or 0) >= who.step:
        raise CardAlreadyUsed(member_id=state.member_id)
    if not state.location_known:
        raise LocationUnknown


def moment_of(bought: "NewPurchase") -> dt.datetime:
    """When it was, by whoever tells it. Raises MomentOutOfRange."""
    now, moment = timezone.now(), bought.occurred_at
    assert moment is not None  # it has one since the beginning
    if not now - OLDEST <= moment <= now + CLOCK_SKEW:
        raise MomentOutOfRange
    return moment


def review_is_due(merchant: Merchant, state: State) -> bool:
    """Whether its tier was to be looked at by today: then it has been now, and nobody is judged by one that was lost."""
    if state.member_id is None or state.review_on is None:
        return False
    if state.review_on > local_day(timezone.now(), merchant.time_zone):
        return False
    review_first(merchant.id, state.member_id)
    return True


def opened_accounts(state: State, verdict: Verdict, *, is_locked: bool) -> bool:
    """Whether it gives a unit of which the member has no account yet; under the lock it has one now.

    Either way the purchase is judged again.
    """
    missing = {award.unit for award in verdict.awards} - {account["unit"] for account in state.accounts}
    if missing and is_locked:
        assert state.member_id is not None  # admitted
        for unit_id in sorted(missing):
            postings.open_account(member_id=state.member_id, unit_id=UUID(unit_id))
    return bool(missing)
