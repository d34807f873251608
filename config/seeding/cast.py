"""Makes the cast through the same verbs as in life: merchants, staff, members, then their two years of purchases.

One transaction: an interrupted seed leaves nothing. The events of history are taken out of the outbox before anybody
could read them, so no e-mail tells of a coffee two years ago; the daily figures they would have counted are rebuilt.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from analytics import aims, rollups
from config.seeding.dressing import dress_programme, offer_rewards
from config.seeding.people import FICTIONAL_MOBILE, Person, invent_people
from config.seeding.printing import hang_codes
from config.seeding.shops import AROMA, BLOOM, HISTORY_DAYS, Place, Shop
from config.seeding.trade import Visit, plan_guests, plan_steady_visits, plan_visits
from core import tenancy
from core.models import Event
from loyalty import queries
from loyalty.membership import joining
from loyalty.programme import tiers
from loyalty.programme.opening import open_for_business
from loyalty.purchases import history
from loyalty.purchases.velocity import change_limits
from loyalty.rules.calendar import local_day
from loyalty.rules.limits import Limits
from members import enrolment
from members.models import Member
from merchants import locations, team
from merchants import queries as merchant_queries
from merchants.models import Location, Merchant, StaffMember, User
from merchants.shop import change_shop

OWNER, CASHIER, FLORIST = "olivia@aroma.example", "sam@aroma.example", "petra@bloom.example"
MIA, NOAH, ZOE = -1, -2, -3  # numbers of those whose story is told, among the guests' 0, 1, 2 …
MIA_VISITS, ZOE_VISITS = 88, 14  # bring Mia to Gold and to 1,198 points
SAY_NEXT = Callable[[str, int, int], None]


class SeedProblem(Exception):
    """The books of a seeded merchant do not add up; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who joins: who, when, where."""

    number: int
    person: Person
    joined_at: dt.datetime
    place: Place


@dataclass(frozen=True, slots=True)
class Size:
    """How much of a shop's trade is made."""

    members: int
    purchases: int


SIZES = {
    "full": {shop.name: Size(shop.members, shop.purchases) for shop in (AROMA, BLOOM)},
    "small": {AROMA.name: Size(60, 600), BLOOM.name: Size(12, 60)},
}


def aroma() -> Merchant | None:
    """The café of the cast, if it was made: by its address, which outlives a new name or owner. Needs no scope."""
    return merchant_queries.merchant_by_slug(AROMA.name.lower())


def may_be_made() -> bool:
    """Only where nobody trades yet: a house in use is nobody's stage."""
    return not Merchant.objects.exists()


def make_cast(*, size: str, now: dt.datetime, password: str, progress: SAY_NEXT) -> Merchant:
    """Everybody and everything; returns Aroma. `size` is one of SIZES. Raises SeedProblem, and then nothing was made."""
    with transaction.atomic():
        olivia = make_user(OWNER, "Olivia Marchand", "en", password)
        sam = make_user(CASHIER, "Sam Petit", "en", password)
        petra = make_user(FLORIST, "Petra Vogel", "fr", password)
        made = make_shop(AROMA, owner=olivia, size=SIZES[size][AROMA.name], now=now, progress=progress)
        with tenancy.scope(made.id):
            team.add_staff(user=sam, role=StaffMember.Role.CASHIER, merchant=made)
        make_shop(BLOOM, owner=petra, size=SIZES[size][BLOOM.name], now=now, progress=progress)
    return made


def make_user(email: str, name: str, locale: str, password: str) -> User:
    """A login whose e-mail address is verified."""
    user = User.objects.create_user(email, password, name=name, locale=locale)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_shop(shop: Shop, *, owner: User, size: Size, now: dt.datetime, progress: SAY_NEXT) -> Merchant:
    """One merchant with its history."""
    merchant = open_for_business(
        owner=owner,
        name=shop.name,
        location_name=shop.places[0].name,
        trade=shop.trade,
        time_zone=shop.time_zone,
        brand_colour=shop.brand_colour,
        welcome=shop.welcome,
    )
    with tenancy.scope(merchant.id):
        change_shop(
            merchant=merchant,
            name=shop.name,
            tagline=shop.tagline,
            trade=shop.trade,
            locale=merchant.locale,
            time_zone=shop.time_zone,
            actor=None,
        )
        change_limits(merchant=merchant, limits=Limits(), actor=None)  # one card is played with all day
        locations = _make_places(shop, now)
        for name, threshold_minor, percent in shop.tiers:
            tiers.add_tier(
                merchant=merchant,
                name=name,
                threshold_minor=threshold_minor,
                multiplier_percent=percent,
                actor=None,
            )
        if shop.packet:
            dress_programme(merchant=merchant, perks=shop.perks, packet=shop.packet)
        offer_rewards(shop.rewards)
        newcomers, visits = plan(shop, size, now)
        members = _enrol(merchant, newcomers, locations, progress)
        _record(merchant, visits, members, locations, progress)
        if shop.packet:
            hang_codes(merchant=merchant, partner=shop.packet.source, now=now)
        _aim(merchant, visits, now)
        _settle(shop, now)
    return merchant


def plan(shop: Shop, size: Size, now: dt.datetime) -> tuple[list[Newcomer], list[Visit]]:
    """Who joins and who comes, in the order of time: the named ones of the cast among the crowd."""
    today = now.astimezone(shop.zone).date()
    named, steady = _named(shop, now)
    guests = plan_guests(shop, count=size.members - len(named), today=today)
    crowd = invent_people(Random(f"{shop.name} people"), today=today, first_number=100)
    newcomers = named + [
        Newcomer(guest.number, next(crowd), guest.joined_at, guest.place) for guest in guests
    ]
    visits = steady + plan_visits(shop, guests, total=max(size.purchases - len(steady), 0), now=now)
    return (
        sorted(newcomers, key=lambda newcomer: newcomer.joined_at),
        sorted(visits, key=lambda visit: visit.occurred_at),
    )


def _named(shop: Shop, now: dt.datetime) -> tuple[list[Newcomer], list[Visit]]:
    """Mia comes for a coffee almost every week and is Gold; Noah joined today; Zoe likes flowers."""
    today, place = now.astimezone(shop.zone).date(), shop.places[0]
    emails = {"points_email": True}
    if shop is BLOOM:
        zoe = Person("Zoe", email="zoe@example.org", locale="fr", consents=emails)
        visits = plan_steady_visits(
            shop, shop.personas[0], member=ZOE, count=ZOE_VISITS, name="Zoe", today=today
        )
        return [Newcomer(ZOE, zoe, visits[0].occurred_at - dt.timedelta(minutes=2), place)], visits
    mia = Person("Mia", FICTIONAL_MOBILE.format(1), "mia@example.org", "en", dt.date(1991, 5, 24), emails)
    noah = Person("Noah", FICTIONAL_MOBILE.format(2), locale="fr")
    visits = plan_steady_visits(shop, shop.personas[2], member=MIA, count=MIA_VISITS, name="Mia", today=today)
    midnight = dt.datetime.combine(today, dt.time(), tzinfo=shop.zone)
    return [
        Newcomer(MIA, mia, visits[0].occurred_at - dt.timedelta(minutes=2), place),
        Newcomer(NOAH, noah, max(midnight, now - dt.timedelta(minutes=12)), place),
    ], visits


def _make_places(shop: Shop, now: dt.datetime) -> dict[str, Location]:
    for place in shop.places[1:]:
        locations.add_location(name=place.name)
    spans = {day: [[round(begin * 60), round(end * 60)]] for day, (begin, end) in shop.hours.items()}
    week = [spans.get(day, []) for day in range(7)]
    for place in shop.places:
        opened = now - dt.timedelta(days=place.open_for_days)
        Location.objects.filter(name=place.name).update(address=place.address, created_at=opened, hours=week)
    return {location.name: location for location in merchant_queries.locations()}


def _enrol(
    merchant: Merchant, newcomers: list[Newcomer], locations: dict[str, Location], progress: SAY_NEXT
) -> dict[int, UUID]:
    """Enrols them; number → member id."""
    rng = Random(f"{merchant.name} doors")
    joined = [
        enrolment.Newcomer(
            profile=enrolment.read_profile(
                merchant=merchant,
                name=newcomer.person.name,
                phone=newcomer.person.phone,
                email=newcomer.person.email,
                locale=newcomer.person.locale,
                birthday=newcomer.person.birthday,
            ),
            source=rng.choice(("join", "join", "scanner")),
            joined_at=newcomer.joined_at,
            location_id=locations[newcomer.place.name].id,
            consents=newcomer.person.consents,
        )
        for newcomer in newcomers
    ]
    members = joining.enrol_members(newcomers=joined)
    Member.objects.exclude(email="").update(
        email_verified_at=F("joined_at")
    )  # they opened their card's e-mail
    progress(f"{merchant.name}: members", len(members), len(members))
    return {newcomer.number: member.id for newcomer, member in zip(newcomers, members, strict=True)}


def _record(
    merchant: Merchant,
    visits: list[Visit],
    members: dict[int, UUID],
    locations: dict[str, Location],
    progress: SAY_NEXT,
) -> None:
    purchases = (
        history.PastPurchase(
            member_id=members[visit.member],
            amount_minor=visit.amount_minor,
            occurred_at=visit.occurred_at,
            location_id=locations[visit.place.name].id,
            items=visit.items,
        )
        for visit in visits
    )
    done = 0
    for written in history.record_history(merchant=merchant, purchases=purchases):
        done += written
        progress(f"{merchant.name}: purchases", done, len(visits))


def _aim(merchant: Merchant, visits: list[Visit], now: dt.datetime) -> None:
    """A tenth more visits than in the last month, within four weeks: near enough to be worth a look each morning."""
    since = now - dt.timedelta(days=aims.VISIT_DAYS)
    recent = sum(visit.occurred_at >= since for visit in visits)
    by = local_day(timezone.now(), merchant.time_zone) + dt.timedelta(weeks=4)
    aims.set_aim(merchant=merchant, kind="visits", target=recent * 11 // 100 * 10 + 10, by=by, actor=None)


def _settle(shop: Shop, now: dt.datetime) -> None:
    """Forget the events of history, count its days, and prove the books."""
    Event.objects.all().delete()
    today = now.astimezone(shop.zone).date()
    rollups.rebuild(today - dt.timedelta(days=HISTORY_DAYS + 1), today)
    problems = queries.problems_in_books()
    if problems:
        raise SeedProblem(f"The books of {shop.name} do not add up: {problems[0]}")
