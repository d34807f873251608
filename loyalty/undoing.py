"""What a refund and a cancellation have in common: units go back both ways, and the standing with them.

It undoes a purchase up to a share of its money, under the locks of a purchase's own order. What was undone before is not
undone again; what another purchase gave or used is not touched.
"""

import datetime as dt
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, QuerySet
from django.utils.translation import gettext_lazy as _

from core.errors import Decline, DomainError
from core.ids import key_within, public_id
from loyalty import queries
from loyalty.forgetting import Leftover
from loyalty.ledger import postings, statements
from loyalty.ledger.models import Entry
from loyalty.locking import TRIES_UNDER_LOCK, TooBusy, lock_member
from loyalty.models import Purchase, Standing, Tier
from loyalty.programme import version_in_force
from loyalty.rules.calendar import end_of_day
from loyalty.rules.ladder import step_back
from loyalty.rules.types import Returns, Version
from members.models import Member
from members.queries import ids_of
from merchants.models import Merchant

# Units that come back from a refund may have died while they were spent: long enough to be used after all.
GRACE_DAYS = 30


class PurchaseUnknown(DomainError):
    """No such purchase of this merchant's."""

    code = "purchase_not_found"
    message = _("There is no such purchase.")


class PurchaseCancelled(Decline):
    """Somebody cancelled it before, under another key."""

    code = "purchase_cancelled"
    message = _("This purchase is cancelled already.")


@dataclass(frozen=True)
class Undone:
    """What went back, by unit code, and whether the member moved down a tier. Units that are not 0 only."""

    taken_back: dict[str, int]
    given_back: dict[str, int]
    moved_down: bool

    @property
    def units_taken_back(self) -> int:
        """All kinds together."""
        return sum(self.taken_back.values())

    @property
    def units_given_back(self) -> int:
        """All kinds together."""
        return sum(self.given_back.values())


@dataclass(frozen=True)
class LockedPurchase:
    """A purchase under the locks, and the member for whom it counts: its own, or the one into whom that was merged."""

    purchase: Purchase
    member: Member
    taken: dict[str, int] = field(default_factory=dict)  # units taken back, by rule: `undo_units` notes them

    @property
    def counting(self) -> QuerySet[Purchase]:
        """All purchases that count for this member now."""
        return Purchase.objects.filter(member_id__in=ids_of(self.member.id), ended_at=None)


def lock_purchase(purchase_id: UUID) -> LockedPurchase:
    """The purchase as it is once its member's accounts and standing are ours, in the order of a purchase's own locks.

    A second asker waits here, and finds what the first one did. So does an erasure, or we for it: then the member has no
    name. Raises PurchaseUnknown, PurchaseCancelled, TooBusy.
    """
    member_id = Purchase.objects.filter(id=purchase_id).values_list("member_id", flat=True).first()
    if member_id is None:
        raise PurchaseUnknown
    owner_id = lock_member(member_id)
    found = queries.purchase(purchase_id)
    assert found is not None  # no purchase is ever deleted
    if found.cancelled_at is not None:
        raise PurchaseCancelled(member_id=member_id)
    return LockedPurchase(found, Member.objects.get(id=owner_id))


def share_of(units: int, part_minor: int, whole_minor: int) -> int:
    """The units that belong to a part of a purchase, rounded down: of parts that add up to the whole, never more than
    their share at any time, and all of them with the last."""
    return units * part_minor // whole_minor


def undo_units(
    locked: LockedPurchase,
    *,
    up_to_minor: int,
    merchant: Merchant,
    key: UUID,
    actor_id: UUID | None,
    now: dt.datetime,
    reasons: dict[str, Any],
) -> tuple[dict[str, int], dict[str, int]]:
    """Take back what the purchase gave, and give back what was used on it, up to the share of `up_to_minor` in all.

    The version that it was judged by says what is not taken. Returns (taken back, given back) of this call, by unit code. First what comes back to the member: it saves a debt.
    """
    purchase = locked.purchase
    version = version_in_force(purchase.programme_version)
    codes = {UUID(unit.id): unit.code for unit in version.units}
    accounts = {account.unit_id: account.id for account in statements.accounts_of(locked.member.id)}
    said: dict[str, Any] = {"actor_id": actor_id, "now": now}
    given_back, taken_back = dict[str, int](), dict[str, int]()
    used = list(statements.entries_of(purchase.member_id, purchase.id, ("spend", "capture")))
    for entry, units in _still_to_undo(used, "return", purchase, up_to_minor):
        postings.return_spend(
            account_id=accounts[entry.unit_id],
            spend_id=entry.id,
            amount=units,
            key=key_within(key, str(entry.id)),
            reasons=_kept(entry, purchase) | reasons,
            grace_until=_grace(now, merchant),
            **said,
        )
        _add(given_back, codes[entry.unit_id], units)
    given = list(statements.entries_of(purchase.member_id, purchase.id, ("award",)))
    for entry, asked in _still_to_undo(given, "take_back", purchase, up_to_minor):
        units = takeable(version.returns, entry, accounts[entry.unit_id], asked, now)
        if not units:
            continue
        postings.take_back(
            account_id=accounts[entry.unit_id],
            award_id=entry.id,
            amount=units,
            key=key_within(key, str(entry.id)),
            reasons=_kept(entry, purchase) | reasons,
            **said,
        )
        _add(taken_back, codes[entry.unit_id], units)
        _add(locked.taken, entry.reasons.get("rule", ""), units)
    return taken_back, given_back


def _grace(now: dt.datetime, merchant: Merchant) -> dt.datetime:
    last = (now + dt.timedelta(days=GRACE_DAYS)).astimezone(zoneinfo.ZoneInfo(merchant.time_zone)).date()
    return end_of_day(last, merchant.time_zone)


def _still_to_undo(
    entries: list[Any], kind: str, purchase: Purchase, up_to_minor: int
) -> Iterator[tuple[Any, int]]:
    """Each entry with the units of it to undo now. The share is that of all entries of one unit together, in their order,
    so that several rules on one purchase round no more than one would."""
    undone = statements.undone([entry.id for entry in entries], kind)
    for unit_id in dict.fromkeys(entry.unit_id for entry in entries):
        same = [entry for entry in entries if entry.unit_id == unit_id]
        whole = sum(entry.amount for entry in same)
        # What an earlier refund let the member keep is not asked for by a later one.
        settled = share_of(whole, purchase.refunded_minor, purchase.amount_minor)
        before = max(settled, sum(undone.get(entry.id, 0) for entry in same))
        left = share_of(whole, up_to_minor, purchase.amount_minor) - before
        for entry in same:
            units = min(left, entry.amount - undone.get(entry.id, 0))
            if units > 0:
                left -= units
                yield entry, units


def takeable(returns: Returns, award: Entry, account_id: UUID, asked: int, now: dt.datetime) -> int:
    """How many of the units `asked` back of an award are taken, by the policy of its version. The account is locked."""
    if returns == "debt":
        return asked
    least = statements.waiting_of([award], account_id, now)  # nobody misses them
    if returns == "within_balance":
        least += statements.usable(account_id, now)
    return min(asked, least)


def _kept(entry: Entry, purchase: Purchase) -> dict[str, Any]:
    """As kept in the books. The rule and the version are the entry's, so that a reader finds what went back."""
    own = {
        name: entry.reasons[name] for name in ("rule", "unit", "units", "version") if name in entry.reasons
    }
    return {"version": purchase.programme_version, **own, "spent_minor": purchase.amount_minor}


def _add(units: dict[str, int], code: str, amount: int) -> None:
    units[code] = units.get(code, 0) + amount


def lower_standing(locked: LockedPurchase, merchant: Merchant, *, by_minor: int, ended: bool) -> bool:
    """Take `by_minor` of a purchase out of its member's progress, once that is noted. `ended`: nothing of it is left, so it
    counts for no limit of a day either.

    What it left in the member's memory goes too, and what it took of budgets comes back.
    Returns whether the member moves down a tier. A purchase judged meanwhile finds the version changed, and is judged
    again. Publishing may take away the tier to step back to: then it is judged again by the ladder that is there now.
    Raises TooBusy.
    """
    standing, left = Standing.objects.get(member=locked.member), locked.counting
    leftover = Leftover(locked.purchase, merchant, by_minor=by_minor, taken=locked.taken)
    for _again in range(TRIES_UNDER_LOCK):
        version = version_in_force()
        before = version.tier(str(standing.tier_id)) if standing.tier_id else None
        tier = step_back(before, standing.progress_minor, by_minor, version, _climbed(left))
        tier_id = UUID(tier.id) if tier else standing.tier_id if before is None else None
        there = Standing.objects.filter(id=standing.id)
        if tier is not None:
            there = there.filter(Exists(Tier.objects.filter(id=tier.id)))
        if there.update(
            tier_id=tier_id,
            progress_minor=F("progress_minor") - by_minor,
            purchases=F("purchases") - int(ended),
            last_purchase_at=left.order_by("-occurred_at").values_list("occurred_at", flat=True).first(),
            memory=leftover.out_of(standing.memory),
            version=F("version") + 1,
            **(_counted_without(locked.purchase, standing, merchant) if ended else {}),
        ):
            if locked.purchase.member_id != locked.member.id:
                leftover.out_of_one_who_went(locked.purchase.member_id)
            leftover.give_back_budgets()
            return tier != before
    raise TooBusy


def _counted_without(purchase: Purchase, standing: Standing, merchant: Merchant) -> dict[str, int]:
    """Which of a day's purchases were by a printed code, those of before bills were kept do not say; so there are no more of
    those than of all."""
    day = purchase.occurred_at.astimezone(zoneinfo.ZoneInfo(merchant.time_zone)).date()
    if day != standing.counted_on:
        return {}
    counted = max(standing.counted - 1, 0)
    static = max(standing.counted_static - int(purchase.bill.get("static", False)), 0)
    return {"counted": counted, "counted_static": min(static, counted)}


def _climbed(left: QuerySet[Purchase]) -> Iterator[tuple[int, Version]]:
    """How far each of these purchases had brought the member, had there been no others, and the ladder of its time."""
    progress_minor = 0
    rows = left.order_by("id").values_list("amount_minor", "refunded_minor", "programme_version")
    for amount_minor, refunded_minor, number in rows:
        progress_minor += amount_minor - refunded_minor
        yield progress_minor, version_in_force(number)


def fact_of(purchase: Purchase, undone: Undone, amount_minor: int, actor_id: UUID | None) -> dict[str, Any]:
    """What the event of either tells: how much of the purchase went back, and which units with it."""
    return {
        "purchase": str(purchase.id),
        "member": str(purchase.member_id),
        "amount_minor": amount_minor,
        "taken_back": undone.units_taken_back,
        "given_back": undone.units_given_back,
        "occurred_at": purchase.occurred_at.isoformat(),
        "actor": str(actor_id) if actor_id else None,
    }


def answer_of(member: Member, undone: Undone) -> dict[str, Any]:
    """What the answers of both tell: whose it is, what went back, and where the member stands now."""
    standing = queries.standing_of(member.id)
    return {
        "member": {"id": public_id("mem", member.id), "name": member.name},
        "taken_back": _units(undone.taken_back),
        "given_back": _units(undone.given_back),
        "balances": standing.balances,
        "tier": standing.tier_answer(),
        "moved_down": undone.moved_down,
        "events": ["points.returned"] * bool(undone.given_back)
        + ["points.taken_back"] * bool(undone.taken_back),
    }


def _units(units: dict[str, int]) -> list[dict[str, Any]]:
    return [{"unit": code, "amount": amount} for code, amount in units.items()]


def local_text(moment: dt.datetime, merchant: Merchant) -> str:
    """RFC 3339 with the merchant's offset, to the second."""
    return moment.astimezone(zoneinfo.ZoneInfo(merchant.time_zone)).isoformat(timespec="seconds")
