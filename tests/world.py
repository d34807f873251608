"""The cast everybody knows, made through the same verbs as in life.

Aroma, a café in Lyon: Olivia owns it, Sam is a cashier, Mia is Gold with 1,200 points, Noah is new.
Bloom, a florist: Petra owns it, Zoe is its member. Bloom must never see Aroma's, nor Aroma Bloom's.
"""

import copy
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from loyalty import queries
from loyalty.membership import joining
from loyalty.programme import tiers, versions
from loyalty.programme.opening import open_for_business
from loyalty.programme.publishing import change_programme
from loyalty.purchases import earning
from loyalty.rules.calendar import local_day
from members import cards, profiles
from members.models import Card, Member
from merchants import api_keys, team
from merchants import queries as merchant_queries
from merchants.access import Scope
from merchants.models import Location, Merchant, StaffMember, User

if TYPE_CHECKING:
    from tests.quality.pages import Stage

PASSWORD = "correct horse battery"


@dataclass
class World:
    """Everybody and everything, made once a test."""

    aroma: Merchant
    bloom: Merchant
    olivia: User
    sam: User
    petra: User
    croix_rousse: Location
    bloom_shop: Location
    mia: Member
    noah: Member
    zoe: Member
    mia_card: Card
    noah_card: Card
    zoe_card: Card
    aroma_key: str  # the text of an API key with every scope
    bloom_key: str


def make_world() -> World:
    """The cast in the current database. Aroma's tiers: Bronze 0, Silver €250 × 1.25, Gold €500 × 1.5; 50 on joining."""
    olivia = user("olivia@aroma.test", "Olivia Marchand")
    sam = user("sam@aroma.test", "Sam Petit")
    petra = user("petra@bloom.test", "Petra Vogel")
    aroma = open_for_business(owner=olivia, name="Aroma", location_name="Croix-Rousse", welcome=50)
    bloom = open_for_business(
        owner=petra, name="Bloom", location_name="Altstadt", trade="florist", brand_colour="#f6c9d0"
    )
    with tenancy.scope(aroma.id):
        team.add_staff(user=sam, role=StaffMember.Role.CASHIER, merchant=aroma)
        change_programme(merchant=aroma, change=tiers.starting(merchant=aroma), actor=None)
        mia = joining.enrol_member(
            merchant=aroma, name="Mia", phone="+33612345678", email="mia@example.org", source="join",
            consents={"points_email": True},
        )  # fmt: skip
        profiles.verify_email(member=mia.member, email="mia@example.org", is_own_browser=True)
        noah = joining.enrol_member(merchant=aroma, name="Noah", phone="+33698765432", source="scanner")
        croix_rousse = merchant_queries.locations()[0]
        _key, aroma_key = api_keys.make_key(name="Till", scopes=list(Scope), actor=None)
    with tenancy.scope(bloom.id):
        tiers.add_tier(merchant=bloom, name="Bud", threshold_minor=0, multiplier_percent=100, actor=None)
        zoe = joining.enrol_member(merchant=bloom, name="Zoe", email="zoe@example.org", source="join")
        profiles.verify_email(member=zoe.member, email="zoe@example.org", is_own_browser=True)
        bloom_shop = merchant_queries.locations()[0]
        _key, bloom_key = api_keys.make_key(name="Till", scopes=list(Scope), actor=None)
    # 50 on joining, 500 as Bronze, which reaches Gold; then 649 and 1, each rounded down once: 1,200.
    for amount_minor in (50_000, 43_300, 100):
        buy(aroma, mia.member, amount_minor)
    return World(
        aroma=aroma, bloom=bloom, olivia=olivia, sam=sam, petra=petra, croix_rousse=croix_rousse,
        bloom_shop=bloom_shop, mia=mia.member, noah=noah.member, zoe=zoe.member, mia_card=mia.card,
        noah_card=noah.card, zoe_card=zoe.card, aroma_key=aroma_key, bloom_key=bloom_key,
    )  # fmt: skip


def user(email: str, name: str) -> User:
    """A user whose e-mail is verified, with PASSWORD."""
    from allauth.account.models import EmailAddress

    made = User.objects.create_user(email, PASSWORD, name=name)
    EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
    return made


def buy(merchant: Merchant, member: Member, amount_minor: int, *, key: UUID | None = None) -> str:
    """A purchase by member id; the answer's JSON text."""
    bought = earning.NewPurchase(
        who=cards.Scanned(member_id=member.id),
        amount_minor=amount_minor,
        channel="api",
        asked=[str(member.id), amount_minor],
    )
    return earning.record_purchase(merchant=merchant, bought=bought, key=key or new_id()).body


def today_at(merchant: Merchant) -> dt.date:
    """The day of the shop's calendar: in Lyon it is tomorrow an hour before it is anywhere that counts by UTC."""
    return local_day(timezone.now(), merchant.time_zone)


def points_of(merchant: Merchant, member: Member) -> int:
    """Available points, from the books."""
    with tenancy.scope(merchant.id):
        return queries.standing_of(member.id).points


def signed_in(someone: User) -> Client:
    """A browser without JavaScript in which this user is signed in."""
    client = Client()
    client.force_login(someone, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def world(db: None, cast_once: tuple[World, str]) -> World:
    """The cast, already there when the test begins, served by a process that knows the programmes as they are now."""
    return known(copy.deepcopy(cast_once[0]))


@pytest.fixture
def every_page(db: None, stage_once: tuple["Stage", str]) -> "Stage":
    """The cast in the same way, with something on every page."""
    stage = copy.deepcopy(stage_once[0])
    known(stage.world)
    return stage


def known(world: World) -> World:
    """As it is to a process that has served both merchants just now, and knows nothing of another test's."""
    versions.forget_versions()
    for merchant in (world.aroma, world.bloom):
        with tenancy.scope(merchant.id):
            versions.version_in_force()
    return world
