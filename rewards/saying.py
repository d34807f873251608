"""What is answered about rewards: one shape for the API and the stored answer."""

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from core.dates import say_hour
from core.ids import public_id
from core.languages import reader_language
from loyalty import queries
from loyalty.answers import balances_answer
from loyalty.rules.calendar import last_day_before, local, local_day, local_text
from loyalty.rules.types import Version
from loyalty.units import holding
from loyalty.wording.numbers import say_day
from loyalty.wording.reader import Reader
from members.models import Member
from merchants.models import Merchant
from merchants.queries import locations
from rewards.asking import Shown, left_of
from rewards.basket import Freed
from rewards.catalogue import offer_of
from rewards.models import Redemption, Reward, VoidReason
from rewards.offers import say_in
from rewards.pieces import freed_on, piece_answer
from rewards.wording import say_for_whom, say_refusal, say_value


def say_reward(reward: Reward, reader: Reader) -> dict[str, Any]:
    """A reward, as anybody is told of it."""
    offer = offer_of(reward)
    return {
        "id": public_id("rwd", reward.id),
        "name": say_in(reward.names, reader.language),
        "kind": reward.kind,
        "brings": say_value(offer, reader),
        "asks": say_for_whom(offer, reader),
        "terms": say_in(reward.terms, reader.language),
        "cost": {"unit": reward.unit.code, "amount": reward.cost},
        "left": left_of(reward),
    }


def say_shown(shown: Shown, reader: Reader) -> dict[str, Any]:
    """A reward, as one member is told of it: what it costs in that tier, and why it cannot be taken, if so."""
    return say_reward(shown.reward, reader) | {
        "cost": {"unit": shown.reward.unit.code, "amount": shown.cost},
        "in_reach": not shown.missing,
        "missing": shown.missing,
        "refusals": [{"code": one.code, "detail": say_refusal(one, reader)} for one in shown.against],
        "possible_on": shown.told_on.isoformat() if shown.told_on else None,
    }


def reader_of(merchant: Merchant, version: Version) -> Reader:
    """Who reads now, with the names of the shop's locations. One query."""
    places = {str(place.id): place.name for place in locations()}
    return Reader(reader_language(), merchant.currency, version, places)


def name_of(redemption: Redemption) -> str:
    """What was taken, as it was called then, in the reader's language."""
    return say_in(redemption.what["names"], reader_language())


def say_until(redemption: Redemption, zone: str) -> str:
    """Until when it can be handed over: as `say_when`; of a voucher its last day, "21 January 2027"."""
    if redemption.serial is None:
        return say_when(redemption.held_until, zone)
    return say_day(last_day_before(redemption.held_until, zone).isoformat(), reader_language())


def say_when(moment: dt.datetime, zone: str) -> str:
    """The hour by the shop's clocks; on another day the day, too."""
    return say_hour(local(moment, zone), local_day(timezone.now(), zone), reader_language())


def why_closed(redemption: Redemption, zone: str) -> str:
    """Why it cannot be handed over any more, and since which day: a sentence; "" if it can."""
    status, language = redemption.status_at(timezone.now()), reader_language()
    ended = redemption.closed_at or redemption.held_until

    def day(on: dt.date) -> dict[str, str]:
        return {"day": say_day(on.isoformat(), language)}

    match status:
        case Redemption.Status.HELD:
            return ""
        case Redemption.Status.CAPTURED:
            return _("This was used on %(day)s.") % day(local_day(ended, zone))
        case Redemption.Status.EXPIRED:
            return _("This ran out: its last day was %(day)s.") % day(
                last_day_before(redemption.held_until, zone)
            )
        case Redemption.Status.VOIDED:
            return _("This was used, and given back on %(day)s.") % day(local_day(ended, zone))
    if redemption.void_reason == VoidReason.TIER_LOST:
        return _("This does not count any more: what had brought its tier was taken back on %(day)s.") % day(
            local_day(ended, zone)
        )
    return _("This does not count any more: it was let go on %(day)s.") % day(local_day(ended, zone))


def why_left() -> str:
    """The same of one whose member was erased a moment ago: its row says that it is held, and nobody can hand it over."""
    return _("This does not count any more: whoever had it has left.")


class Whose(NamedTuple):
    """For whom a redemption counts today, and the code of its unit."""

    member_id: UUID
    name: str
    unit: str


def say_redemption(redemption: Redemption, member: Member, merchant: Merchant) -> dict[str, Any]:
    """A redemption, and the balances after it of the member for whom it counts today."""
    balances = queries.standing_of(member.id).balances
    returned = holding.given_back(redemption.id) if redemption.captured_at else 0
    whose = Whose(member.id, member.name, redemption.unit.code)
    freed = freed_on(redemption, redemption.purchase_id, merchant)
    return _said(redemption, whose, merchant, returned, freed) | {"balances": balances}


def say_handed(
    redemption: Redemption,
    whose: Whose,
    accounts: list[dict[str, Any]] | None,
    merchant: Merchant,
    freed: Freed | None,
) -> dict[str, Any]:
    """The same of one that was handed over just now, with the accounts as the database told them, and which piece of the bill is
    free. No query."""
    balances = balances_answer(accounts, merchant.time_zone)
    return _said(redemption, whose, merchant, 0, freed) | {"balances": balances}


def _said(
    redemption: Redemption, whose: Whose, merchant: Merchant, returned: int, freed: Freed | None
) -> dict[str, Any]:
    def moment(at: dt.datetime | None) -> str | None:
        return local_text(at, merchant.time_zone) if at else None

    return {
        "id": public_id("red", redemption.id),
        "status": redemption.status,
        "reward": {"id": public_id("rwd", redemption.reward_id), "name": name_of(redemption)},
        "member": {"id": public_id("mem", whose.member_id), "name": whose.name},
        "cost": {"unit": whose.unit, "amount": redemption.cost},
        "held_until": moment(redemption.held_until),
        "closed_at": moment(redemption.closed_at),
        "purchase": public_id("pur", redemption.purchase_id) if redemption.purchase_id else None,
        "free": piece_answer(freed, merchant.currency),
        "returned": returned,
        "void_reason": redemption.void_reason or None,
    }
