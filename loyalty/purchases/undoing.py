"""What a refund and a cancellation have in common: units go back both ways, and the standing with them.

It undoes a purchase up to a share of its money, under the locks of a purchase's own order. What was undone before is not
undone again; what another purchase gave or used is not touched.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import Decline, DomainError
from core.ids import key_within
from loyalty.ledger import postings, statements
from loyalty.ledger.models import Entry
from loyalty.locking import TRIES_UNDER_LOCK, TooBusy, lock_member
from loyalty.models import Purchase, Standing, Unit
from loyalty.models import Tier as TierRow
from loyalty.programme.versions import version_in_force
from loyalty.purchases import queries
from loyalty.purchases.forgetting import Leftover
from loyalty.rules.calendar import end_of_day, local_day
from loyalty.rules.ladder import step_back
from loyalty.rules.shares import share_of, spread
from loyalty.rules.types import Returns, Version
from loyalty.standings.reviewing import review_tier
from loyalty.standings.stepping import look_after, tier_without
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
    codes = dict(Unit.objects.values_list("id", "code"))  # what was used on it may be newer than its version
    accounts = {account.unit_id: account.id for account in statements.accounts_of(locked.member.id)}
    said: dict[str, Any] = {"actor_id": actor_id, "now": now}
    given_back, taken_back = dict[str, int](), dict[str, int]()
    used = list(statements.entries_of(purchase.member_id, purchase.id, ("spend", "capture")))
    undone = statements.undone([entry.id for entry in used], "return")
    pairs = [(entry, undone.get(entry.id, 0)) for entry in used]
    for entry, units in still_to_return(pairs, up_to_minor, purchase.amount_minor):
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
    for entry, asked in _still_to_take(given, purchase, up_to_minor):
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
    last = local_day(now + dt.timedelta(days=GRACE_DAYS), merchant.time_zone)
    return end_of_day(last, merchant.time_zone)


def still_to_return(
    used: Iterable[tuple[Any, int]], up_to_minor: int, amount_minor: int
) -> Iterator[tuple[Any, int]]:
    """Of entries with how much of each was given back, in the order of the books, those with units to give back now.

    Each has its own share, and those of a unit's entries are together that of their sum: what paid gives back as what paid in
    money does, of the rewards each pro rata. One that was given back by hand takes nothing of what another gives.
    """
    by_unit: dict[UUID, list[tuple[Any, int]]] = {}
    for entry, undone in used:
        whole = -(-entry.amount * up_to_minor // amount_minor)
        by_hand = entry.kind == "capture" and undone > whole
        by_unit.setdefault(entry.unit_id, []).extend([] if by_hand else [(entry, undone)])
    for pairs in by_unit.values():
        paid = [pair for pair in pairs if pair[0].kind == "spend"]
        rewards = [pair for pair in pairs if pair[0].kind != "spend"]
        all_of_it = share_of(_sum(pairs), up_to_minor, amount_minor)
        for_paying = share_of(_sum(paid), up_to_minor, amount_minor)
        for some, due in ((paid, for_paying), (rewards, all_of_it - for_paying)):
            entries = [(entry.amount, undone) for entry, undone in some]
            gives = spread(due, entries, up_to_minor, amount_minor)
            yield from ((entry, now) for (entry, _undone), now in zip(some, gives, strict=True) if now)


def _sum(pairs: Iterable[tuple[Any, int]]) -> int:
    return sum(entry.amount for entry, _undone in pairs)


def _still_to_take(entries: list[Any], purchase: Purchase, up_to_minor: int) -> Iterator[tuple[Any, int]]:
    """Each award with the units of it to take back now. The share is that of all entries of one unit together, in their order,
    so that several rules on one purchase round no more than one would."""
    undone = statements.undone([entry.id for entry in entries], "take_back")
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


def lower_standing(
    locked: LockedPurchase, merchant: Merchant, *, by_minor: int, ended: bool
) -> dt.date | None:
    """Take `by_minor` of a purchase out of its member's progress, once that is noted. `ended`: nothing of it is left, so it
    counts for no limit of a day either.

    What it left in the member's memory goes too, and what it took of budgets comes back.
    Returns the day of the purchase where the member loses a tier by this; None where it loses none. A purchase judged meanwhile
    finds the version changed, and is judged again. Publishing may take away the tier to step back to: then this is judged by the
    ladder of now. Raises TooBusy.
    """
    standing = Standing.objects.select_related("member").get(member=locked.member)
    left, zone = locked.counting, merchant.time_zone
    today = local_day(timezone.now(), zone)
    leftover = Leftover(locked.purchase, merchant, by_minor=by_minor, taken=locked.taken)
    memory = leftover.out_of(standing)
    for _again in range(TRIES_UNDER_LOCK):
        version = version_in_force()
        before = version.tier(str(standing.tier_id)) if standing.tier_id else None
        if version.ladder.counts_all_spend:
            rows = climbed(left, zone)
            tier = step_back(before, standing.progress_minor, by_minor, version, rows, today=today)
        else:
            tier = tier_without(locked.purchase, by_minor, standing, version, zone=zone, is_noted=True)
        tier_id = UUID(tier.id) if tier else standing.tier_id if before is None else None
        there = Standing.objects.filter(id=standing.id)
        if tier is not None:
            there = there.filter(Exists(TierRow.objects.filter(id=tier.id)))
        if there.update(
            tier_id=tier_id,
            progress_minor=F("progress_minor") - by_minor,
            purchases=F("purchases") - int(ended),
            last_purchase_at=left.order_by("-occurred_at").values_list("occurred_at", flat=True).first(),
            memory=memory,
            version=F("version") + 1,
            **look_after(standing, tier, version, zone),
            **(_counted_without(locked.purchase, standing, merchant) if ended else {}),
        ):
            leftover.give_back_budgets()
            if version.ladder.can_lose:
                review_tier(locked.member.id)
            return None if tier == before else local_day(locked.purchase.occurred_at, zone)
    raise TooBusy


def _counted_without(purchase: Purchase, standing: Standing, merchant: Merchant) -> dict[str, int]:
    day = local_day(purchase.occurred_at, merchant.time_zone)
    if day != standing.counted_on:
        return {}
    static = standing.counted_static - int(purchase.bill.get("static", False))
    return {"counted": max(standing.counted - 1, 0), "counted_static": max(static, 0)}


def climbed(
    counting: QuerySet[Purchase], zone: str, *, without: tuple[UUID, int] | None = None
) -> Iterator[tuple[int, Version, dt.date]]:
    """How far each of these purchases had brought the member, had there been no others, the ladder of its time, its day.

    `without`: as if so much more of one of them were taken back.
    """
    progress_minor = 0
    rows = counting.order_by("id").values_list(
        "id", "amount_minor", "refunded_minor", "programme_version", "occurred_at"
    )
    for purchase_id, amount_minor, refunded_minor, number, occurred_at in rows:
        left_minor = amount_minor - refunded_minor
        if without and purchase_id == without[0]:
            left_minor -= without[1]
            if not left_minor:  # it would count no more
                continue
        progress_minor += left_minor
        yield progress_minor, version_in_force(number), local_day(occurred_at, zone)
