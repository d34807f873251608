"""Joining a programme: the member, its accounts, its standing and the welcome award, in one transaction."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core import events
from core.ids import key_within, new_id
from core.models import Event
from loyalty.ledger import postings
from loyalty.models import Standing
from loyalty.programme import version_in_force
from loyalty.rules.engine import judge
from loyalty.rules.facts import Facts
from members.enrolment import AT_ONCE, Newcomer, create_member, create_members, read_profile
from members.models import Card, Member
from merchants.models import Location, Merchant


@dataclass(frozen=True)
class Joined:
    """A new member, its card, and the units it was welcomed with."""

    member: Member
    card: Card
    welcome: int


def enrol_member(
    *,
    merchant: Merchant,
    name: str = "",
    phone: str = "",
    email: str = "",
    locale: str = "",
    birthday: str | dt.date | None = None,
    consents: dict[str, bool] | None = None,
    source: str,
    location: Location | None = None,
    actor_id: UUID | None = None,
    joined_at: dt.datetime | None = None,
) -> Joined:
    """Enrol a member of the current merchant. Raises what `enrolment` raises; then nobody was enrolled."""
    profile = read_profile(
        merchant=merchant, name=name, phone=phone, email=email, locale=locale, birthday=birthday
    )
    moment = joined_at or timezone.now()
    with transaction.atomic():
        member, card = create_member(
            profile=profile, consents=consents or {}, source=source, location=location, joined_at=moment
        )
        welcome = _open_books(member, moment, actor_id)
        events.record(
            "member.joined",
            {
                "member": str(member.id),
                "source": source,
                "welcome": welcome,
                "occurred_at": moment.isoformat(),
            },
        )
    return Joined(member=member, card=card, welcome=welcome)


def enrol_members(*, newcomers: Sequence[Newcomer], actor_id: UUID | None = None) -> list[Member]:
    """As `enrol_member` for many who joined before now, in a few trips: for the seed and importers. All or nobody."""
    with transaction.atomic():
        members = create_members(newcomers)
        welcome = _open_many_books(members, actor_id)
        joined = (
            Event(
                name="member.joined",
                payload={
                    "member": str(member.id),
                    "source": newcomer.source,
                    "welcome": welcome,
                    "occurred_at": newcomer.joined_at.isoformat(),
                },
            )
            for newcomer, member in zip(newcomers, members, strict=True)
        )
        Event.objects.bulk_create(joined, batch_size=AT_ONCE)
    return members


def _open_many_books(members: Sequence[Member], actor_id: UUID | None) -> int:
    """Returns the units with which each is welcomed."""
    version = version_in_force()
    verdict = judge(Facts(trigger="joining"), version)
    tier_id = verdict.tier.id if verdict.tier else None
    standings = (Standing(member=member, tier_id=tier_id) for member in members)
    Standing.objects.bulk_create(standings, batch_size=AT_ONCE)
    ids = [member.id for member in members]
    accounts = {
        unit.id: postings.open_accounts(member_ids=ids, unit_id=UUID(unit.id)) for unit in version.units
    }
    postings.award_all(
        [
            postings.Award(
                account_id=accounts[award.unit][member.id],
                amount=award.amount,
                key=key_within(member.id, award.reason.rule),
                reasons=_with_version(award.reason.as_json(), version.number),
                cause_id=member.id,
                actor_id=actor_id,
                occurred_at=member.joined_at,
            )
            for member in members
            for award in verdict.awards
        ]
    )
    return sum(award.amount for award in verdict.awards)


def _open_books(member: Member, moment: dt.datetime, actor_id: UUID | None) -> int:
    version = version_in_force()
    accounts = {
        unit.id: postings.open_account(member_id=member.id, unit_id=UUID(unit.id)) for unit in version.units
    }
    verdict = judge(Facts(trigger="joining"), version)
    Standing.objects.create(member=member, tier_id=verdict.tier.id if verdict.tier else None)
    key = new_id()
    for award in verdict.awards:
        postings.award(
            account_id=accounts[award.unit],
            amount=award.amount,
            key=key_within(key, award.reason.rule),
            reasons=_with_version(award.reason.as_json(), version.number),
            cause_id=member.id,
            actor_id=actor_id,
            occurred_at=moment,
        )
    return sum(award.amount for award in verdict.awards)


def _with_version(reason: dict[str, Any], number: int) -> dict[str, Any]:
    return {**reason, "version": number}
