"""The merchant of the bench: 5,000 members with cards, made by the same verbs as in life, and where each stands."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import psycopg

if TYPE_CHECKING:
    from members.models import Member
    from merchants.models import Merchant

MEMBERS = 5000
PHONE = "+3363998{:04d}"  # numbers that belong to films


@dataclass(frozen=True)
class Town:
    """What the load programs need to know."""

    merchant_id: UUID
    api_key: str
    location: str
    cards: list[tuple[UUID, str]]  # member id, scannable text


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands now, as the posting function must be told."""

    member: UUID
    account: UUID
    tier: UUID | None
    version: int
    progress: int
    seq: int


def build() -> Town:
    """Make the merchant. Django is set up, and the database is migrated."""
    from core import tenancy
    from core.ids import public_id
    from loyalty.programme import tiers
    from loyalty.programme.opening import open_for_business
    from loyalty.programme.publishing import change_programme
    from loyalty.purchases import velocity
    from loyalty.rules.limits import Limits
    from members import cards
    from members.models import Card
    from merchants import api_keys, queries
    from merchants.access import Scope
    from merchants.models import User

    owner = User.objects.create_user("owner@bench.example", None, name="Bench")
    merchant = open_for_business(owner=owner, name="Bench", location_name="Counter", welcome=50)
    now = dt.datetime.now(dt.UTC)
    with tenancy.scope(merchant.id):
        change_programme(merchant=merchant, change=tiers.starting(merchant=merchant), actor=None)
        velocity.change_limits(
            merchant=merchant, limits=Limits(), actor=None
        )  # nobody buys as often as these
        members = _enrol(merchant, now)
        card_of = {card.member_id: card for card in Card.objects.all()}
        _key, text = api_keys.make_key(name="Bench", scopes=list(Scope), actor=None)
        location = public_id("loc", queries.locations()[0].id)
        scannable = [(member.id, cards.static_code(card_of[member.id], merchant)) for member in members]
    return Town(merchant_id=merchant.id, api_key=text, location=location, cards=scannable)


def _enrol(merchant: "Merchant", now: dt.datetime) -> "list[Member]":
    from loyalty.membership import joining
    from members.enrolment import Newcomer, read_profile

    profiles = [
        read_profile(
            merchant=merchant,
            name=f"Member {number}",
            phone=PHONE.format(number),
            email="",
            locale="en",
            birthday=None,
        )
        for number in range(MEMBERS)
    ]
    newcomers = [Newcomer(profile=profile, source="api", joined_at=now) for profile in profiles]
    return joining.enrol_members(newcomers=newcomers)


def standings(dsn: str, town: Town) -> list[Standing]:
    """Everybody, as things are now; in an order that spreads over the table."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            """SELECT s.member_id, a.id, s.tier_id, s.version, s.progress_minor, a.last_seq
               FROM loyalty_standing s
               JOIN ledger_account a ON a.merchant_id = s.merchant_id AND a.member_id = s.member_id
               WHERE s.merchant_id = %s ORDER BY md5(s.member_id::text)""",
            [town.merchant_id],
        )
        return [Standing(*row) for row in rows]


def write_cards(town: Town, path: Path) -> None:
    """One scannable text a line, for the load program of the API."""
    path.write_text("\n".join(code for _member, code in town.cards) + "\n")


def write_standings(found: list[Standing], path: Path) -> None:
    """One query string a line, without version, progress and seq, which the load program counts on; then those three."""
    path.write_text(
        "\n".join(
            f"m={each.member.hex}&a={each.account.hex}&t={each.tier.hex if each.tier else ''} "
            f"{each.version} {each.progress} {each.seq}"
            for each in found
        )
        + "\n"
    )


def purchases(dsn: str, town: Town) -> int:
    """How many purchases the database holds."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "SELECT count(*) FROM loyalty_purchase WHERE merchant_id = %s", [town.merchant_id]
        ).fetchone()
    assert row is not None
    return int(row[0])


def problems_in_books(merchant_id: UUID) -> list[str]:
    """What `prove()` finds in the merchant's books: nothing, if all is well."""
    from core import tenancy
    from loyalty import queries

    with tenancy.scope(merchant_id):
        return [f"{problem.law}: {problem.example}" for problem in queries.problems_in_books()]
