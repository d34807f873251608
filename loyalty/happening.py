"""What happens to members but purchases: a visit, a review, an event of the merchant's own. Judged and kept like a purchase.

Nothing of it is money: it moves no progress and lifts to no tier. What it gives is in the books under its id.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
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
from loyalty.budgets import Budgets, judge_within
from loyalty.earning import CLOCK_SKEW, OLDEST, MomentOutOfRange
from loyalty.ledger import postings, statements
from loyalty.locking import lock_member
from loyalty.models import Happening, Standing
from loyalty.programme import version_in_force
from loyalty.publishing import catch_up
from loyalty.recording import kept_reasons
from loyalty.rules.engine import judge
from loyalty.rules.lives import FOR_EVER, carried_until, lives_of
from loyalty.rules.types import Trigger, Version
from loyalty.rules.verdicts import Verdict
from loyalty.telling import Occasion, happening_facts, local
from loyalty.undoing import local_text
from members.cards import MemberUnknown, Scanned
from members.models import Member
from members.queries import scanned
from merchants.models import Merchant

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
) -> Answered:
    """Record what happened once. Repeating `key` with the same `asked` gives the first answer for ever. In the merchant's
    scope.

    `name` is a custom event's, or that of what was attended; it counts in small letters. Raises MemberUnknown, TextTooLong,
    TextForbidden, MomentOutOfRange, TooBusy, idempotency.KeyReused, idempotency.AnswerErased: then nothing was written.
    Declines with CardExpired, CardRevoked: then that was written, and nothing else.
    """
    name = read_text(name, limit=LONGEST_NAME, field="name").lower()

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        now = timezone.now()
        if occurred_at and not now - OLDEST <= occurred_at <= now + CLOCK_SKEW:
            raise MomentOutOfRange
        catch_up()
        member = Member.objects.get(id=lock_member(scanned(who).id))
        if member.erased_at is not None:
            raise MemberUnknown
        return (
            201,
            _record(merchant, member, Occasion(trigger, occurred_at or now, name, actor_id)),
            member.id,
        )

    return idempotency.answer_once(key, fingerprint_of("happening", asked), work)


def _record(merchant: Merchant, member: Member, occasion: Occasion) -> dict[str, Any]:
    standing, version, happening_id = Standing.objects.get(member=member), version_in_force(), new_id()
    zone = merchant.time_zone

    def judged(known: Budgets) -> Verdict:
        facts = happening_facts(member, standing, occasion, zone=zone, draw=happening_id, budgets=known)
        return judge(facts, version)

    verdict = judge_within(judged, version, local(occasion.occurred_at, zone).date())
    accounts = {
        award.unit: postings.open_account(member_id=member.id, unit_id=UUID(award.unit))
        for award in verdict.awards
    }
    happening = happening_of(happening_id, member, occasion, verdict, version)
    happening.save(force_insert=True)
    for award in awards_of(happening_id, verdict, occasion, version, accounts, zone=zone):
        postings.award(**asdict(award))
    if occasion.trigger == "visit":
        _carry(member, version, occasion, zone)
    Standing.objects.filter(id=standing.id).update(
        memory={**standing.memory, **verdict.memory},
        visits=F("visits") + int(occasion.trigger == "visit"),
        version=F("version") + 1,
    )
    events.record("happening.recorded", _fact(happening))
    return _answer(happening, member, merchant, verdict, version)


def happening_of(
    happening_id: UUID, member: Member, occasion: Occasion, verdict: Verdict, version: Version
) -> Happening:
    """The row to keep."""
    return Happening(
        id=happening_id,
        member=member,
        trigger=occasion.trigger,
        name=occasion.name,
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
) -> list[postings.Award]:
    """What it gives, for the books. `accounts`: unit → the member's account in it; `zone`: the shop's."""
    lives = lives_of(version, occasion.occurred_at, zone, timezone.now())
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


def _carry(member: Member, version: Version, occasion: Occasion, zone: str) -> None:
    """Who comes keeps the units that die by inactivity."""
    until = carried_until(version, occasion.occurred_at, zone)
    if until:
        for account in statements.accounts_of(member.id):
            if str(account.unit_id) in until:
                postings.carry(
                    account_id=account.id,
                    visited_at=occasion.occurred_at,
                    until=until[str(account.unit_id)],
                )


def _fact(happening: Happening) -> dict[str, str]:
    return {
        "happening": str(happening.id),
        "member": str(happening.member_id),
        "trigger": happening.trigger,
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
        "occurred_at": local_text(happening.occurred_at, merchant),
        "events": ["points.earned"] * bool(verdict.awards) + ["happening.recorded"],
    }
