"""Taking a happening back, as if it had not been: what it gave, what it left in the memory, its place among visits.

The books get entries that undo what it did, the happening a note of when. What its member has used meanwhile is owed, or
not, as the version says by which it was judged.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Exists, F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events, idempotency
from core.errors import Decline, DomainError
from core.idempotency import Answered, fingerprint_of
from core.ids import key_within, public_id
from loyalty.happenings import by_hand
from loyalty.ledger import postings, statements
from loyalty.locking import TooBusy, lock_member
from loyalty.models import Happening, Standing
from loyalty.models import Tier as TierRow
from loyalty.programme.publishing import catch_up
from loyalty.programme.versions import version_in_force
from loyalty.purchases.forgetting import Leftover
from loyalty.purchases.undoing import takeable
from loyalty.purchases.undone import Undone, answer_of
from loyalty.purchases.velocity import counted_without
from loyalty.rules.calendar import local_day, local_text
from loyalty.standings.stepping import look_after, tier_without_happening
from members.models import Member
from members.queries import survivor_id
from merchants.access import ManagerNeeded
from merchants.models import Merchant

# What somebody tells of, by hand or by program. The others come by themselves, or by a code.
TOLD = ("visit", "profile", "newsletter", *by_hand.TRIGGERS)


class HappeningUnknown(DomainError):
    """No such event of this merchant's, or one that is not told by hand."""

    code = "event_not_found"
    message = _("There is no such event.")


class HappeningCancelled(Decline):
    """Somebody took it back before, under another key."""

    code = "event_cancelled"
    message = _("This is taken back already.")


def cancel_happening(
    *,
    merchant: Merchant,
    happening_id: UUID,
    key: UUID,
    actor_id: UUID | None,
    own_within: dt.timedelta | None = None,
) -> Answered:
    """Take back what happened. Repeating `key` gives the first answer for ever. In the merchant's scope.

    With `own_within`, only what `actor_id` itself told, no longer ago than that.
    Raises HappeningUnknown, ManagerNeeded, TooBusy, idempotency.KeyReused, idempotency.AnswerErased; declines with
    HappeningCancelled. Then nothing was changed.
    """

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        member_id = Happening.objects.filter(id=happening_id).values_list("member_id", flat=True).first()
        if member_id is None:
            raise HappeningUnknown
        owner_id = lock_member(member_id)
        happening = Happening.objects.get(id=happening_id)
        _refuse(happening, actor_id, own_within)
        member = Member.objects.get(id=owner_id)
        return 201, _take_back(happening, member, merchant, key, actor_id), owner_id

    catch_up()
    return idempotency.answer_once(key, fingerprint_of("event cancellation", happening_id), work)


def is_gift(happening_id: UUID) -> bool:
    """Whether the team gave it, for no other reason than that it wished to."""
    return Happening.objects.filter(id=happening_id, trigger="gift").exists()


def take_back_happening(*, merchant: Merchant, happening: Happening) -> None:
    """Take back what happened by itself, if it is not yet. For a caller who has caught up with the programme and has locked
    its member; repeating it changes nothing.
    """
    happening.refresh_from_db()
    if happening.cancelled_at is None:
        owner = Member.objects.get(id=survivor_id(happening.member_id))
        _take_back(happening, owner, merchant, key_within(happening.id, "taken back"), None)


def _refuse(happening: Happening, actor_id: UUID | None, own_within: dt.timedelta | None) -> None:
    """What comes once, for a person or a code, is not taken back, whoever was at the till: it would never come again."""
    if happening.actor_id is None or happening.trigger not in TOLD:
        raise HappeningUnknown
    is_own = happening.actor_id == actor_id
    if own_within is not None and not (is_own and timezone.now() - happening.recorded_at <= own_within):
        raise ManagerNeeded
    if happening.cancelled_at is not None:
        raise HappeningCancelled(member_id=happening.member_id)


def _take_back(
    happening: Happening, member: Member, merchant: Merchant, key: UUID, actor_id: UUID | None
) -> dict[str, Any]:
    now, version = timezone.now(), version_in_force(happening.programme_version)
    accounts = {account.unit_id: account.id for account in statements.accounts_of(member.id)}
    codes = {UUID(unit.id): unit.code for unit in version.units}
    by_rule, by_unit = dict[str, int](), dict[str, int]()
    given: list[Any] = list(statements.entries_of(happening.member_id, happening.id, ("award",)))
    for award in given:
        units = takeable(version.returns, award, accounts[award.unit_id], award.amount, now)
        if not units:
            continue
        postings.take_back(
            account_id=accounts[award.unit_id],
            award_id=award.id,
            amount=units,
            key=key_within(key, str(award.id)),
            reasons=_kept(award.reasons),
            actor_id=actor_id,
            now=now,
        )
        rule = award.reasons.get("rule", "")
        by_rule[rule] = by_rule.get(rule, 0) + units
        code = codes[award.unit_id]
        by_unit[code] = by_unit.get(code, 0) + units
    Happening.objects.filter(id=happening.id).update(cancelled_at=now)
    leftover = Leftover(happening, merchant, by_minor=1, taken=by_rule)
    undone = Undone(by_unit, {}, _forget(happening, member, merchant, leftover))
    fact = {
        "happening": str(happening.id),
        "member": str(happening.member_id),
        "actor": str(actor_id) if actor_id else None,
        "tier_lost_since": undone.lost_text,
    }
    events.record("happening.cancelled", fact)
    answer = answer_of(member, undone)
    answer["events"].append("happening.cancelled")
    return {
        "id": public_id("evt", happening.id),
        "cancelled_at": local_text(now, merchant.time_zone),
    } | answer


def _kept(reasons: dict[str, Any]) -> dict[str, Any]:
    """As kept in the books: which rule had given how many."""
    return {name: reasons[name] for name in ("rule", "unit", "units", "version") if name in reasons} | {
        "code": "taken_back"
    }


def _forget(happening: Happening, member: Member, merchant: Merchant, leftover: Leftover) -> dt.date | None:
    """Take it out of where the member stands. Returns its day where the member loses a tier by it; None where it loses none.
    Raises TooBusy."""
    standing, version = Standing.objects.select_related("member").get(member=member), version_in_force()
    held = version.tier(str(standing.tier_id))
    tier = tier_without_happening(happening, standing, version, merchant.time_zone)
    there = Standing.objects.filter(id=standing.id)
    if tier is not None:
        there = there.filter(Exists(TierRow.objects.filter(id=tier.id)))
    if not there.update(
        tier_id=UUID(tier.id) if tier else None if held else standing.tier_id,
        memory=leftover.out_of(standing),
        visits=F("visits") - int(happening.trigger == "visit"),
        version=F("version") + 1,
        **look_after(standing, tier, version, merchant.time_zone),
        **counted_without(standing, happening, merchant.time_zone),
    ):
        raise TooBusy
    leftover.give_back_budgets()
    return None if tier == held else local_day(happening.occurred_at, merchant.time_zone)
