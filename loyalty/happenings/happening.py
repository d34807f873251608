"""What happens to members but purchases: a visit, a review, an event of the merchant's own. Judged and kept like a purchase.

Nothing of it is money. Where visits or units are what the ladder counts, it may lift to a tier. What it gives is in the books
under its id.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from core import events, idempotency
from core.idempotency import Answered, fingerprint_of
from core.ids import key_within, new_id, public_id
from core.text import read_text
from loyalty import queries
from loyalty.answers import BADGE, reason_words
from loyalty.ledger import postings, statements
from loyalty.locking import lock_member
from loyalty.models import Happening, Standing
from loyalty.programme.publishing import catch_up
from loyalty.programme.versions import version_in_force
from loyalty.purchases.budgets import Budgets, judge_within
from loyalty.purchases.earning import CLOCK_SKEW, OLDEST, LocationUnknown, MomentOutOfRange
from loyalty.purchases.recording import kept_reasons
from loyalty.purchases.telling import Occasion, happening_facts
from loyalty.purchases.velocity import check_happening, counted_with
from loyalty.rules.calendar import local_day, local_text
from loyalty.rules.engine import judge
from loyalty.rules.expiring import FOR_EVER, carried_until, lastings_of
from loyalty.rules.types import Trigger, Version
from loyalty.rules.verdicts import Verdict
from loyalty.standings.climbing import late_progress, progress_of
from loyalty.standings.reviewing import review_tier
from loyalty.standings.stepping import reach_tier
from members.cards import MemberUnknown, Scanned
from members.models import Member
from members.queries import scanned
from merchants.models import Location, Merchant

LONGEST_NAME = 60


def record_happening(
    *,
    merchant: Merchant,
    who: Scanned,
    trigger: Trigger,
    key: UUID,
    asked: Any,
    name: str = "",
    actor_id: UUID | None = None,
    occurred_at: dt.datetime | None = None,
    location_id: UUID | None = None,
    channel: str = "",
) -> Answered:
    """Record what happened once. Repeating `key` with the same `asked` gives the first answer for ever. In the merchant's
    scope.

    `name` is a custom event's, or that of what was attended; it counts in small letters. `channel`: as `Happening` has it.
    Raises MemberUnknown, TextTooLong, TextForbidden, LocationUnknown, MomentOutOfRange, TooBusy, idempotency.KeyReused, idempotency.AnswerErased: then nothing was written.
    Declines with CardExpired, CardRevoked, and as `velocity.check_happening`: then that was written, and nothing else.
    """
    catch_up()
    return happen(
        merchant=merchant,
        who=who,
        trigger=trigger,
        key=key,
        asked=asked,
        name=name,
        actor_id=actor_id,
        occurred_at=occurred_at,
        location_id=location_id,
        channel=channel,
    )


def happen(
    *,
    merchant: Merchant,
    who: Scanned,
    trigger: Trigger,
    key: UUID,
    asked: Any,
    name: str = "",
    actor_id: UUID | None = None,
    occurred_at: dt.datetime | None = None,
    location_id: UUID | None = None,
    channel: str = "",
) -> Answered:
    """As `record_happening`, for who has caught up with the programme before it locked anything."""
    name = read_text(name, limit=LONGEST_NAME, field="name").lower()

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        now = timezone.now()
        if occurred_at and not now - OLDEST <= occurred_at <= now + CLOCK_SKEW:
            raise MomentOutOfRange
        member = Member.objects.get(id=lock_member(scanned(who).id))
        if member.erased_at is not None:
            raise MemberUnknown
        if location_id and not Location.objects.filter(id=location_id, closed_at=None).exists():
            raise LocationUnknown
        occasion = Occasion(
            trigger, occurred_at or now, name, actor_id, location_id, channel, is_static=who.is_static
        )
        check_happening(Standing.objects.get(member=member), occasion, version_in_force(), merchant.time_zone)
        return 201, record(merchant, member, occasion).answer, member.id

    return idempotency.answer_once(key, fingerprint_of("happening", asked), work)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What happened, as it was judged and written, and the answer to keep."""

    happening: Happening
    verdict: Verdict
    answer: dict[str, Any]


def record(merchant: Merchant, member: Member, occasion: Occasion) -> Recorded:
    """Judge and write what happened to a member whom `lock_member` holds, in that transaction. Raises TooBusy."""
    standing, version, happening_id = Standing.objects.get(member=member), version_in_force(), new_id()
    if standing.review_on is not None and review_tier(member.id):
        standing.refresh_from_db()
    zone = merchant.time_zone
    day = local_day(occasion.occurred_at, zone)
    progress = late_progress(member.id, member.joined_at, day, version, zone)
    if progress is None:
        progress = progress_of([standing], version, zone, day)[member.id]

    def judged(known: Budgets) -> Verdict:
        facts = happening_facts(
            member, standing, occasion, zone=zone, draw=happening_id, budgets=known, progress=progress
        )
        return judge(facts, version)

    verdict = judge_within(judged, version, day)
    accounts = {
        award.unit: postings.open_account(member_id=member.id, unit_id=UUID(award.unit))
        for award in verdict.awards
    }
    happening = happening_of(happening_id, member, occasion, verdict, version)
    happening.save(force_insert=True)
    came_at = standing.last_purchase_at
    for award in awards_of(happening_id, verdict, occasion, version, accounts, zone=zone, visited_at=came_at):
        postings.award(**asdict(award))
    if occasion.trigger == "visit":
        _carry(member, version, occasion, zone, came_at)
    Standing.objects.filter(id=standing.id).update(
        memory={**standing.memory, **verdict.memory},
        visits=F("visits") + int(occasion.trigger == "visit"),
        version=F("version") + 1,
        **counted_with(standing, occasion, day),
    )
    if verdict.moved_up and verdict.tier:
        reach_tier(standing, verdict.tier, version, day, member)
        fact = {"member": str(member.id), "tier": verdict.tier.id, "happening": str(happening.id)}
        events.record("tier.reached", fact)
    events.record("happening.recorded", _fact(happening))
    return Recorded(happening, verdict, _answer(happening, member, merchant, verdict, version))


def happening_of(
    happening_id: UUID, member: Member, occasion: Occasion, verdict: Verdict, version: Version
) -> Happening:
    """The row to keep."""
    return Happening(
        id=happening_id,
        member=member,
        trigger=occasion.trigger,
        name=occasion.name,
        location_id=occasion.location_id,
        channel=occasion.channel,
        is_static=occasion.is_static,
        actor_id=occasion.actor_id,
        programme_version=version.number,
        reasons=kept_reasons(verdict),
        occurred_at=occasion.occurred_at,
    )


def awards_of(
    happening_id: UUID,
    verdict: Verdict,
    occasion: Occasion,
    version: Version,
    accounts: Mapping[str, UUID],
    *,
    zone: str,
    visited_at: dt.datetime | None = None,
) -> list[postings.Award]:
    """What it gives, for the books. `accounts`: unit → the member's account in it; `zone`: the shop's; `visited_at`: the
    member's newest purchase, which may be later than what is brought late."""
    lives = lastings_of(version, occasion.occurred_at, zone, timezone.now(), visited_at)
    return [
        postings.Award(
            account_id=accounts[award.unit],
            amount=award.amount,
            key=key_within(happening_id, award.reason.rule),
            reasons={**award.reason.as_json(), "version": version.number},
            cause_id=happening_id,
            actor_id=occasion.actor_id,
            occurred_at=occasion.occurred_at,
            expires_at=lives.get(award.unit, FOR_EVER).expires_at,
            vests_at=lives.get(award.unit, FOR_EVER).vests_at,
            on_confirmation=lives.get(award.unit, FOR_EVER).is_pending,
        )
        for award in verdict.awards
    ]


def _carry(
    member: Member, version: Version, occasion: Occasion, zone: str, visited_at: dt.datetime | None
) -> None:
    """Who comes keeps the units that die by inactivity."""
    until = carried_until(version, occasion.occurred_at, zone, visited_at)
    if until:
        for account in statements.accounts_of(member.id):
            if str(account.unit_id) in until:
                postings.carry(
                    account_id=account.id,
                    visited_at=occasion.occurred_at,
                    until=until[str(account.unit_id)],
                )


def _fact(happening: Happening) -> dict[str, str | None]:
    return {
        "happening": str(happening.id),
        "member": str(happening.member_id),
        "trigger": happening.trigger,
        "actor": str(happening.actor_id) if happening.actor_id else None,
        "occurred_at": happening.occurred_at.isoformat(),
    }


def _answer(
    happening: Happening, member: Member, merchant: Merchant, verdict: Verdict, version: Version
) -> dict[str, Any]:
    codes = {unit.id: unit.code for unit in version.units}
    standing = queries.standing_of(member.id)
    return {
        "id": public_id("evt", happening.id),
        "type": happening.name if happening.trigger == "custom" else happening.trigger,
        "name": "" if happening.trigger == "custom" else happening.name,
        "member": {"id": public_id("mem", member.id), "name": member.name},
        "awards": [
            {"unit": codes[award.unit], "amount": award.amount, **reason_words(award.reason, version)}
            for award in verdict.awards
        ],
        "badges": [reason_words(reason, version) for reason in verdict.reasons if reason.code == BADGE],
        "nearly": [reason_words(reason, version) for reason in verdict.reasons if reason.is_near],
        "balances": standing.balances,
        "tier": standing.tier_answer(),
        "occurred_at": local_text(happening.occurred_at, merchant.time_zone),
        "events": ["points.earned"] * bool(verdict.awards)
        + ["tier.reached"] * verdict.moved_up
        + ["happening.recorded"],
    }
