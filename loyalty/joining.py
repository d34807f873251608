"""Joining a programme: the member, its accounts, its standing and the welcome award, in one transaction."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core import events
from core.ids import key_within, new_id
from loyalty.ledger import postings
from loyalty.models import Standing
from loyalty.programme import version_in_force
from loyalty.rules.engine import judge
from loyalty.rules.types import Facts
from members.enrolment import create_member, read_profile
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
