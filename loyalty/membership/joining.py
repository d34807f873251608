"""Joining a programme: the member, its accounts, its standing and the welcome award, in one transaction."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from core import events
from core.models import Event
from core.tenancy import current_merchant_id
from loyalty.happenings.happening import awards_of, happening_of
from loyalty.happenings.referring import note_referral
from loyalty.ledger import postings
from loyalty.locking import TooBusy
from loyalty.models import Happening, Standing
from loyalty.programme.publishing import catch_up
from loyalty.programme.versions import version_in_force
from loyalty.purchases.budgets import Budgets, added_up, after, all_budgets, has_budgets, judge_within, take
from loyalty.purchases.telling import Occasion, happening_facts
from loyalty.rules.calendar import local_day
from loyalty.rules.engine import judge
from loyalty.rules.types import Version
from loyalty.rules.verdicts import Drawn, Verdict
from loyalty.rules.windows import first_look
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
    referred_by: Member | None = None,
    link_id: UUID | None = None,
) -> Joined:
    """Enrol a member of the current merchant, whom perhaps another one brought, or a printed link of the merchant's. Raises what
    `enrolment` raises; then nobody was enrolled."""
    profile = read_profile(
        merchant=merchant, name=name, phone=phone, email=email, locale=locale, birthday=birthday
    )
    moment = joined_at or timezone.now()
    catch_up()
    with transaction.atomic():
        member, card = create_member(
            profile=profile, consents=consents or {}, source=source, location=location, joined_at=moment
        )
        welcome = _open_books(member, merchant, moment, actor_id)
        if referred_by is not None:
            note_referral(friend=member, referrer=referred_by)
        events.record(
            "member.joined",
            {
                "member": str(member.id),
                "source": source,
                "welcome": welcome,
                "occurred_at": moment.isoformat(),
                **({"link": str(link_id)} if link_id else {}),
            },
        )
    return Joined(member=member, card=card, welcome=welcome)


def enrol_members(*, newcomers: Sequence[Newcomer], actor_id: UUID | None = None) -> list[Member]:
    """As `enrol_member` for many who joined before now, in a few trips: for the seed and importers. All or nobody."""
    catch_up()
    with transaction.atomic():
        members = create_members(newcomers)
        welcome = _open_many_books(members, actor_id)
        joined = (
            Event(
                name="member.joined",
                payload={
                    "member": str(member.id),
                    "source": newcomer.source,
                    "welcome": welcome[member.id],
                    "occurred_at": newcomer.joined_at.isoformat(),
                },
            )
            for newcomer, member in zip(newcomers, members, strict=True)
        )
        Event.objects.bulk_create(joined, batch_size=AT_ONCE)
    return members


def _open_many_books(members: Sequence[Member], actor_id: UUID | None) -> dict[UUID, int]:
    """Returns the units with which each is welcomed."""
    version, merchant = version_in_force(), Merchant.objects.get(id=current_merchant_id())
    known = all_budgets() if has_budgets(version) else {}
    ids = [member.id for member in members]
    accounts = {
        unit.id: postings.open_accounts(member_ids=ids, unit_id=UUID(unit.id)) for unit in version.units
    }
    before = _count_joined(len(members)) - len(members)
    standings, kept, awards, welcome = [], [], [], dict[UUID, int]()
    drawn: list[Drawn] = []
    for place, member in enumerate(sorted(members, key=lambda each: (each.joined_at, each.id)), 1):
        standing = Standing(member=member, ordinal=before + place)
        occasion = Occasion("joining", member.joined_at, actor_id=actor_id)
        verdict = judge(
            happening_facts(
                member, standing, occasion, zone=merchant.time_zone, draw=member.id, budgets=known
            ),
            version,
        )
        if verdict.budgets:
            known = after(known, verdict.budgets)
            drawn += verdict.budgets
        standings.append(
            _settled(standing, verdict, version, local_day(member.joined_at, merchant.time_zone))
        )
        kept.append(happening_of(member.id, member, occasion, verdict, version))
        mine = {unit_id: opened[member.id] for unit_id, opened in accounts.items()}
        awards += awards_of(member.id, verdict, occasion, version, mine, zone=merchant.time_zone)
        welcome[member.id] = _welcome(verdict, version)
    Standing.objects.bulk_create(standings, batch_size=AT_ONCE)
    Happening.objects.bulk_create(kept, batch_size=AT_ONCE)
    postings.award_all(awards)
    if not take(added_up(drawn)):
        raise TooBusy
    return welcome


def _open_books(member: Member, merchant: Merchant, moment: dt.datetime, actor_id: UUID | None) -> int:
    version = version_in_force()
    accounts = {
        unit.id: postings.open_account(member_id=member.id, unit_id=UUID(unit.id)) for unit in version.units
    }
    standing = Standing(member=member, ordinal=_count_joined(1))
    occasion = Occasion("joining", moment, actor_id=actor_id)

    def judged(known: Budgets) -> Verdict:
        zone = merchant.time_zone
        facts = happening_facts(member, standing, occasion, zone=zone, draw=member.id, budgets=known)
        return judge(facts, version)

    verdict = judge_within(judged, version, local_day(moment, merchant.time_zone))
    joined_on = local_day(moment, merchant.time_zone)
    _settled(standing, verdict, version, joined_on).save(force_insert=True)
    happening_of(member.id, member, occasion, verdict, version).save(force_insert=True)
    for award in awards_of(member.id, verdict, occasion, version, accounts, zone=merchant.time_zone):
        postings.award(**asdict(award))
    return _welcome(verdict, version)


def _count_joined(members: int) -> int:
    """How many have joined with these. Its row is ours until the transaction ends: nobody else is given the same place."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE loyalty_programme SET joined = joined + %s WHERE merchant_id = %s RETURNING joined",
            [members, current_merchant_id()],
        )
        return int(cursor.fetchone()[0])


def _settled(standing: Standing, verdict: Verdict, version: Version, joined_on: dt.date) -> Standing:
    standing.tier_id = UUID(verdict.tier.id) if verdict.tier else None
    standing.tier_since = joined_on
    standing.review_on = first_look(version, verdict.tier, joined_on, joined_on)
    standing.memory = dict(verdict.memory)
    return standing


def _welcome(verdict: Verdict, version: Version) -> int:
    """Units of the programme's first unit."""
    return sum(award.amount for award in verdict.awards if award.unit == version.units[0].id)
