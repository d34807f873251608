"""Reading standings, balances and stories."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Prefetch, QuerySet, Subquery

from core.ids import first_id_at
from loyalty.answers import tier_answer
from loyalty.earning import CLOCK_SKEW
from loyalty.ledger import statements
from loyalty.models import Programme, ProgrammeVersion, Purchase, Refund, Standing
from loyalty.rules.calendar import last_day_before
from loyalty.rules.types import Tier, Version
from loyalty.versions import in_force, version_in_force
from members.models import Member
from members.queries import ids_of, survivor_id


@dataclass(frozen=True)
class MemberStanding:
    """Where a member stands: balances by unit code, tier and progress."""

    balances: dict[str, dict[str, Any]]
    tier: Tier | None
    next_tier: Tier | None
    progress_minor: int
    purchases: int
    last_purchase_at: dt.datetime | None
    version: Version
    account_id: UUID | None  # of the programme's first unit

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
        """As the public contract shows a tier."""
        return tier_answer(self.tier, self.progress_minor, self.version)


def standing_of(member_id: UUID) -> MemberStanding:
    """Where one member of the current merchant stands."""
    return standings_of([member_id])[member_id]


def standings_of(member_ids: Sequence[UUID]) -> dict[UUID, MemberStanding]:
    """Where these members of the current merchant stand: two queries, however many."""
    standings = list(
        Standing.objects.filter(member_id__in=member_ids).annotate(
            in_force=_in_force(), zone=F("merchant__time_zone")
        )
    )
    if not standings:
        return {}
    version = version_in_force(standings[0].in_force)
    rows = statements.balances_by_member(member_ids)
    return {
        standing.member_id: _standing(standing, rows.get(standing.member_id, []), version, standing.zone)
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
        in_force=_in_force(), visited=moments, zone=F("merchant__time_zone")
    ).get(member_id=member_id)
    rows = statements.balances(member_id)
    return _standing(standing, rows, version_in_force(standing.in_force), standing.zone), standing.visited


def _in_force() -> Subquery:
    """The number of the version in force, beside a standing: a page is one trip shorter."""
    return Subquery(Programme.objects.values_list(in_force())[:1])


def _standing(
    standing: Standing, rows: Sequence[statements.Balance], version: Version, zone: str
) -> MemberStanding:
    codes = {UUID(unit.id): unit.code for unit in version.units}
    balances = {
        codes[balance.unit_id]: {
            "available": balance.available,
            "pending": balance.pending,
            "held": balance.held,
            "debt": balance.debt,
            "expiring": [
                {"amount": units, "on": last_day_before(moment, zone).isoformat()}
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
        progress_minor=standing.progress_minor,
        purchases=standing.purchases,
        last_purchase_at=standing.last_purchase_at,
        version=version,
        account_id=next((row.account_id for row in rows if row.unit_id == UUID(version.units[0].id)), None),
    )


def accounts_of(member_ids: Sequence[UUID], version: Version) -> dict[UUID, UUID]:
    """The accounts of these members in the programme's first unit: member id → account id. One query."""
    found = statements.accounts().filter(member_id__in=member_ids, unit_id=UUID(version.units[0].id))
    return dict(found.values_list("member_id", "id"))


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
    purchases: int
    last_purchase_at: dt.datetime | None


def member_rows(members: Sequence[Member], version: Version) -> list[MemberRow]:
    """Lines for these members, in their order: two queries, however many members."""
    ids = [member.id for member in members]
    points = statements.available_by_member(ids, UUID(version.units[0].id))
    standings = {standing.member_id: standing for standing in Standing.objects.filter(member_id__in=ids)}
    rows = []
    for member in members:
        standing = standings[member.id]
        rows.append(
            MemberRow(
                member,
                points=points.get(member.id, 0),
                tier=version.tier(str(standing.tier_id)),
                purchases=standing.purchases,
                last_purchase_at=standing.last_purchase_at,
            )
        )
    return rows


def published_at(number: int) -> dt.datetime:
    """Since when this version of the current merchant's programme is (or was) in force."""
    return ProgrammeVersion.objects.values_list("effective_at", flat=True).get(number=number)


def problems_in_books() -> list[statements.Problem]:
    """What does not add up in the current merchant's books. An empty list is the proof that everything does."""
    return statements.prove()


def purchase(purchase_id: UUID) -> Purchase | None:
    """One purchase of the current merchant."""
    return Purchase.objects.select_related("member__merged_into", "location").filter(id=purchase_id).first()


def with_refunds(found: QuerySet[Purchase]) -> QuerySet[Purchase]:
    """These purchases with their `refunds`, oldest first: one query more, however many."""
    return found.prefetch_related(Prefetch("refunds", Refund.objects.order_by("recorded_at", "id")))


def purchases(*, member_id: UUID | None = None, since: dt.datetime | None = None) -> QuerySet[Purchase]:
    """Purchases of the current merchant, newest first, as recorded. `since` is the earliest moment of purchase.

    A member's are those of who was merged into it too.
    """
    found = Purchase.objects.select_related("member__merged_into", "location").order_by("-id")
    if member_id is not None:
        found = found.filter(member_id__in=ids_of(survivor_id(member_id)))
    if since is not None:
        # An id is never much older than its purchase (a till's clock may run ahead), and the key's index knows ids.
        found = found.filter(occurred_at__gte=since, id__gte=first_id_at(since - CLOCK_SKEW))
    return found


def latest_purchases(limit: int = 10) -> list[Purchase]:
    """The newest purchases of the current merchant, as recorded; without those of which nothing is left."""
    standing = Purchase.objects.select_related("member__merged_into", "location").filter(ended_at=None)
    return list(standing.order_by("-id")[:limit])
