"""A merchant with 100,000 members, for the pages that list and count them. Made by SQL in bulk; the books' guards watch."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import psycopg

from core.sql import sql_file
from loyalty.rules.calendar import local_day

MEMBERS = 100_000
COUNTED_DAYS = 120  # of daily figures: more than any page asks for


@dataclass(frozen=True)
class City:
    """What the measurement needs to know."""

    merchant_id: UUID
    slug: str
    owner_id: UUID
    members: int
    top_tier: str


def build(superuser_dsn: str, *, members: int = MEMBERS) -> City:
    """Make the merchant. Django is set up, and the database is migrated."""
    from analytics import rollups
    from core import tenancy
    from loyalty.programme import tiers
    from loyalty.programme.opening import open_for_business
    from loyalty.programme.publishing import change_programme
    from loyalty.programme.versions import version_in_force
    from merchants import queries
    from merchants.models import User

    owner = User.objects.create_user("owner@city.example", None, name="City")
    merchant = open_for_business(owner=owner, name="City", location_name="Counter")
    with tenancy.scope(merchant.id):
        change_programme(merchant=merchant, change=tiers.starting(merchant=merchant), actor=None)
        version = version_in_force()
        location = queries.locations()[0].id
    facts = {
        "merchant": merchant.id,
        "location": location,
        "unit": version.units[0].id,
        "rule": next(rule.id for rule in version.rules if rule.trigger == "purchase"),
        "version": version.number,
        "members": members,
    }
    with psycopg.connect(superuser_dsn) as connection, psycopg.ClientCursor(connection) as cursor:
        cursor.execute(sql_file("bench/city.sql"), facts)
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    today = local_day(dt.datetime.now(dt.UTC), merchant.time_zone)
    with tenancy.scope(merchant.id):
        rollups.rebuild(today - dt.timedelta(days=COUNTED_DAYS), today)
    return City(
        merchant_id=merchant.id,
        slug=merchant.slug,
        owner_id=owner.id,
        members=members,
        top_tier=version.tiers[-1].id,
    )
