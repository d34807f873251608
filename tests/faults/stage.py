"""One test's shop in the house: members, a till, the books' doors, and all that was asked there."""

import itertools
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from core import tenancy
from core.ids import public_id
from loyalty.ledger.models import Account
from loyalty.membership import joining
from loyalty.models import Unit
from loyalty.programme import tiers
from loyalty.programme.opening import open_for_business
from loyalty.programme.publishing import change_programme
from members import profiles
from members.models import Member
from merchants import api_keys
from merchants.access import Scope
from merchants.models import Merchant
from tests.faults.clients import Asked, Books, Till
from tests.faults.house import House
from tests.rewards.offering import offered
from tests.servers import wait_for
from tests.world import user

MEMBERS = 5
MAILED = 2  # of them, who have proven an address and agreed: each of their purchases is a letter
WELCOME = 500
ROUNDS = 20  # of relaying until nothing waits: an event that still waits then is a finding
PATIENCE_SECONDS = 3  # with one round
numbers = itertools.count(1)

DUE_NOW = """
UPDATE core_event SET due_at = now() WHERE (merchant_id, id) IN (
    SELECT merchant_id, id FROM core_event WHERE due_at > now() FOR UPDATE SKIP LOCKED)
"""


WAITING = "SELECT id, name, attempts, last_error FROM core_event WHERE merchant_id = %s ORDER BY id"


@dataclass(frozen=True)
class Waiting:
    """An event in the outbox."""

    id: UUID
    name: str
    attempts: int
    last_error: str


@dataclass
class Stage:
    """A merchant of this test's own, so that what another one broke is not found here."""

    house: House
    merchant: Merchant
    till: Till
    books: Books
    members: list[Member]
    accounts: dict[UUID, UUID]  # member → account
    dice: Random
    asked: list[Asked] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        """The merchant's."""
        return self.merchant.id

    def keep(self, asked: Asked) -> Asked:
        """Note an operation before it is asked for the first time."""
        self.asked.append(asked)
        return asked

    def buy(self, member: Member | None = None, amount_minor: int = 1000) -> Asked:
        """A purchase, noted and not yet asked for."""
        return self.keep(self.till.purchase((member or self.members[0]).id, amount_minor))

    def door(self, name: str, member: Member, **values: object) -> Asked:
        """An operation of the books, noted and not yet asked for."""
        common = {"account_id": self.accounts[member.id], "reasons": {"code": "fault"}, "actor_id": None}
        return self.keep(self.books.door(name, member.id, **common, **values))

    def follow(self, name: str, upon: Asked, **values: object) -> Asked:
        """An operation of the books upon an earlier one's account."""
        member = next(member for member in self.members if member.id == upon.member_id)
        return self.door(name, member, **values)

    def spend(self, member: Member, amount: int) -> Asked:
        """Units used."""
        return self.door("spend", member, amount=amount, cause_id=None)

    def offer(self, *, cost: int, stock: int) -> str:
        """A new reward; its public id."""
        with tenancy.scope(self.id):
            [unit] = Unit.objects.all()
            reward = offered(name="Cake", unit_id=unit.id, cost=cost, stock=stock, actor=None)
        return public_id("rwd", reward.id)

    def deliver(self) -> None:
        """Relay until no event of this shop's waits. What is held or leased is due at once: the clock is moved, not waited for."""
        for _round in range(ROUNDS):
            left = set(self.waiting())
            if not left:
                return
            self.house.mend()
            with self.house.administrator() as hands:
                hands.execute(DUE_NOW)
            self.house.hint("relay_outbox")
            with suppress(AssertionError):  # hints may have been lost: that is what the next round is for
                wait_for(lambda left=left: not left & set(self.waiting()), seconds=PATIENCE_SECONDS)
        raise AssertionError(f"never delivered: {self.waiting()[:5]}")

    def waiting(self) -> list[Waiting]:
        """The events that wait, in the order they were recorded."""
        return [Waiting(*row) for row in self.house.look(WAITING, [self.id])]

    def event_ids(self) -> list[UUID]:
        """Their ids."""
        return [event.id for event in self.waiting()]


def open_stage(house: House, dice: Random) -> Stage:
    """A café with five members; two of them get letters."""
    number = next(numbers)
    owner = user(f"owner-{number}@faults.test", "Olivia")
    merchant = open_for_business(
        owner=owner, name=f"Faults {number}", location_name="Counter", welcome=WELCOME
    )
    with tenancy.scope(merchant.id):
        change_programme(merchant=merchant, change=tiers.starting(merchant=merchant), actor=None)
        members = [_member(merchant, number, place) for place in range(MEMBERS)]
        accounts = dict(Account.objects.values_list("member_id", "id"))
        _key, text = api_keys.make_key(name="Till", scopes=list(Scope), actor=None)
    return Stage(house, merchant, Till(house.port, text), Books(merchant.id), members, accounts, dice)


def _member(merchant: Merchant, number: int, place: int) -> Member:
    name, email = f"Member {place}", f"member-{number}-{place}@example.org"
    if place >= MAILED:
        return joining.enrol_member(merchant=merchant, name=name, email=email, source="join").member
    agreed = {"points_email": True}
    made = joining.enrol_member(merchant=merchant, name=name, email=email, source="join", consents=agreed)
    profiles.verify_email(member=made.member, email=email, is_own_browser=True)
    return made.member
