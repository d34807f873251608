"""Reading where members stand, and what the books say."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Subquery
from django.utils import timezone

from loyalty.answers import tier_answer
from loyalty.clock import zone_there
from loyalty.ledger import statements
from loyalty.models import Programme, ProgrammeVersion, Purchase, Standing
from loyalty.programme.versions import in_force, version_in_force
from loyalty.rules.calendar import last_day_before, local, local_day
from loyalty.rules.challenges import Challenge, badges_of, challenges_of
from loyalty.rules.seasons import season_begun
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Rule, Version
from loyalty.standings.climbing import Warned, progress_of, warnings_of
from members.models import Member


@dataclass(frozen=True)
class MemberStanding:
    """Where a member stands: balances by unit code, tier and progress.

    `progress` is what the ladder counts now: minor units of money, visits, or units of the programme's first unit.
    """

    balances: dict[str, dict[str, Any]]
    tier: Tier | None
    next_tier: Tier | None
    progress: int
    spent_minor: int  # all of it, whatever the ladder counts
    tier_since: dt.date | None
    warned: Warned | None  # what it takes to keep the tier
    purchases: int
    visits: int  # those without a purchase
    last_purchase_at: dt.datetime | None
    version: Version
    accounts: Mapping[str, UUID]  # by the id of the unit
    memory: Mapping[str, Any]  # as `rules/memory.py` has it
    ordinal: int
    zone: str

    @property
    def challenges(self) -> list[Challenge]:
        """What takes several times, and is on for this member now; none of what is over for them."""
        here = local(timezone.now(), self.zone)
        tier_id = self.tier.id if self.tier else None
        found = challenges_of(self.version, self.memory, here, tier_id=tier_id, ordinal=self.ordinal)
        return [challenge for challenge in found if not challenge.is_over]

    @property
    def badges(self) -> list[Rule]:
        """The rules whose badge the member has."""
        return badges_of(self.version, self.memory)

    @property
    def account_id(self) -> UUID | None:
        """The account in the programme's first unit."""
        return self.accounts.get(self.version.units[0].id)

    @property
    def points(self) -> int:
        """Available units of the programme's first unit: the figure on the card."""
        code = self.version.units[0].code
        return int(self.balances[code]["available"]) if code in self.balances else 0

    @property
    def debt(self) -> int:
        """What is owed of the programme's first unit: the next ones repay it first."""
        code = self.version.units[0].code
        return int(self.balances[code]["debt"]) if code in self.balances else 0

    def tier_answer(self) -> dict[str, Any]:
        """As the public contract shows a tier; with what keeps it, where it is about to be lost."""
        return tier_answer(self.tier, self.progress, self.version, self.warned)


def standing_of(member_id: UUID) -> MemberStanding:
    """Where one member of the current merchant stands."""
    return standings_of([member_id])[member_id]


def standings_of(member_ids: Sequence[UUID]) -> dict[UUID, MemberStanding]:
    """Where these members of the current merchant stand: two queries, however many, and one where a ladder counts by windows."""
    standings = list(
        Standing.objects.filter(member_id__in=member_ids).annotate(
            in_force=_in_force(), zone=F("merchant__time_zone"), joined_at=F("member__joined_at")
        )
    )
    if not standings:
        return {}
    version = version_in_force(standings[0].in_force)
    rows = statements.balances_by_member(member_ids)
    now = _now(standings, version, standings[0].zone)
    return {
        standing.member_id: _standing(
            standing,
            rows.get(standing.member_id, []),
            version,
            now,
        )
        for standing in standings
    }


def standing_and_visits(
    member_id: UUID, *, also: Sequence[UUID] = (), limit: int
) -> tuple[MemberStanding, list[dt.datetime]]:
    """As `standing_of`, and when the member came, newest first; no query more. `also`: who was merged into it."""
    who = [member_id, *also]
    visits = Purchase.objects.filter(member_id__in=who, ended_at=None).order_by("-occurred_at")
    moments = ArraySubquery(visits.values("occurred_at")[:limit])
    standing = Standing.objects.annotate(
        in_force=_in_force(),
        visited=moments,
        zone=F("merchant__time_zone"),
        joined_at=F("member__joined_at"),
    ).get(member_id=member_id)
    rows, version = statements.balances(member_id), version_in_force(standing.in_force)
    return _standing(standing, rows, version, _now([standing], version, standing.zone)), standing.visited


class _Now(NamedTuple):
    """How far each member is up the ladder today, and what keeps the tiers that are about to be lost."""

    zone: str
    progress: Mapping[UUID, int]
    warned: Mapping[UUID, Warned]


def _now(standings: Sequence[Standing], version: Version, zone: str) -> _Now:
    today = local_day(timezone.now(), zone)
    progress = progress_of(standings, version, zone, today)
    return _Now(zone, progress, warnings_of(standings, progress, version, zone, today))


def _in_force() -> Subquery:
    """The number of the version in force, beside a standing: a page is one trip shorter."""
    return Subquery(Programme.objects.values_list(in_force())[:1])


def _since(tier: Tier | None, since: dt.date | None, zone: str) -> dt.date | None:
    """Since when it is held: one of a season no longer than that lasts, however long the tier below was held before."""
    today = local_day(timezone.now(), zone)
    begun = season_begun(tier, today) if tier and tier.season and tier.is_there(today) else None
    return max(since, begun) if since and begun else since


def _standing(
    standing: Standing, rows: Sequence[statements.Balance], version: Version, now: _Now
) -> MemberStanding:
    codes = {UUID(unit.id): unit.code for unit in version.units}
    balances = {
        codes[balance.unit_id]: {
            "available": balance.available,
            "pending": balance.pending,
            "held": balance.held,
            "debt": balance.debt,
            "expiring": [
                {"amount": units, "on": last_day_before(moment, now.zone).isoformat()}
                for moment, units in balance.expiring[:3]
            ],
        }
        for balance in rows
        if balance.unit_id in codes
    }
    tier = version.tier(str(standing.tier_id)) if standing.tier_id else None
    return MemberStanding(
        balances=balances,
        tier=tier,
        next_tier=version.tier_after(tier),
        progress=now.progress[standing.member_id],
        spent_minor=standing.progress_minor,
        tier_since=_since(tier, standing.tier_since, now.zone),
        warned=now.warned.get(standing.member_id),
        purchases=standing.purchases,
        visits=standing.visits,
        last_purchase_at=standing.last_purchase_at,
        version=version,
        accounts={str(row.unit_id): row.account_id for row in rows},
        memory=standing.memory,
        ordinal=standing.ordinal,
        zone=now.zone,
    )


def accounts_of(member_ids: Sequence[UUID]) -> dict[UUID, dict[str, UUID]]:
    """The accounts of these members: by member, then by the id of the unit. One query."""
    found: dict[UUID, dict[str, UUID]] = {}
    rows = statements.accounts().filter(member_id__in=member_ids)
    for member_id, unit_id, account_id in rows.values_list("member_id", "unit_id", "id"):
        found.setdefault(member_id, {})[str(unit_id)] = account_id
    return found


def welcomes_of(members: Sequence[Member], version: Version) -> dict[UUID, int]:
    """The units with which these members were welcomed; no key for whom none were given. One query at most."""
    ids = [member.id for member in members]
    return statements.first_awards(ids, UUID(version.units[0].id)) if ids else {}


def entry_reasons(entry_id: UUID | str) -> dict[str, Any] | None:
    """Why one entry of the books was made."""
    return statements.reasons_of(UUID(str(entry_id)))


def repaid_by(entry_id: UUID | str) -> int:
    """How many units of an entry went to what was owed."""
    return statements.repaid_by(UUID(str(entry_id)))


def undone_at(entry_id: UUID | str) -> dt.datetime:
    """When that happened which this entry takes back or gives back: units undone count on the day of what they undo."""
    return statements.undone_at(UUID(str(entry_id)))


@dataclass(frozen=True)
class MemberRow:
    """A line of the member list."""

    member: Member
    points: int
    tier: Tier | None
    progress: int  # what the ladder counts now
    purchases: int
    last_purchase_at: dt.datetime | None
    units: dict[str, int] = field(default_factory=dict)  # available, by the unit's id, of every unit


def member_rows(members: Sequence[Member], version: Version) -> list[MemberRow]:
    """Lines for these members, in their order: two queries, however many members; two more where a ladder counts by windows."""
    ids = [member.id for member in members]
    first, units = version.units[0].id, statements.available_by_member(ids)
    standings = {standing.member_id: standing for standing in Standing.objects.filter(member_id__in=ids)}
    progress = _progress_of(list(standings.values()), version)
    rows = []
    for member in members:
        standing = standings[member.id]
        rows.append(
            MemberRow(
                member,
                points=units.get(member.id, {}).get(first, 0),
                units=units.get(member.id, {}),
                tier=version.tier(str(standing.tier_id)),
                progress=progress[member.id],
                purchases=standing.purchases,
                last_purchase_at=standing.last_purchase_at,
            )
        )
    return rows


def _progress_of(standings: Sequence[Standing], version: Version) -> dict[UUID, int]:
    if version.ladder.counts_all_spend:
        return progress_of(standings, version, "", dt.date.min)  # no day is asked for
    zone = zone_there()
    return progress_of(standings, version, zone, local_day(timezone.now(), zone))


def published_at(number: int) -> dt.datetime:
    """Since when this version of the current merchant's programme is (or was) in force."""
    return ProgrammeVersion.objects.values_list("effective_at", flat=True).get(number=number)


def problems_in_books() -> list[statements.Problem]:
    """What does not add up in the current merchant's books. An empty list is the proof that everything does."""
    return statements.prove()
