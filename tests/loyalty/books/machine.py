"""Does whatever can be done with the books, in any order, at any moment, and asks the model each time what to expect."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from core.ids import new_id
from loyalty.ledger import postings
from tests.loyalty.books.accounts import Entry
from tests.loyalty.books.clock import MICROSECOND, ZONES, end_after
from tests.loyalty.books.comparing import differences
from tests.loyalty.books.model import Books
from tests.loyalty.books.sealed import Sealed, Shop, learn_ids

STEP = dt.timedelta(milliseconds=5)  # no two operations are of one moment
SECOND, MINUTE, HOUR, DAY = (dt.timedelta(seconds=seconds) for seconds in (1, 60, 3600, 86_400))
TOO_MANY = 1000  # more than anybody ever has

whose = st.sampled_from([0, 0, 0, 1, 1, 2, 3])  # much with few, so that much happens to them
which = st.integers(0, 7)  # counted from the newest
given = st.integers(1, 90)
used = st.integers(1, 30)
parts = st.none() | used
zones = st.sampled_from(ZONES)
days = st.sampled_from([None, None, None, 0, 1, 2, 30, "before change", "change"])
vestings = st.sampled_from([None, None, "when confirmed", HOUR, 2 * DAY])
spans = st.sampled_from([MINUTE, 2 * HOUR, 2 * DAY])
waits = st.sampled_from([SECOND, MINUTE, MINUTE, 2 * HOUR, 2 * HOUR, DAY, 0, 0, 1, "before change", "change"])
swept = st.none() | whose

# Kind of entry: how it is named to the doors that it can be asked for at.
NAMED: dict[str, tuple[str, list[tuple[str, dict[str, Any]]]]] = {
    "award": ("award_id", [("vest", {}), ("take_back", {"amount": None})]),
    "hold": ("hold_id", [("capture", {}), ("release", {})]),
    "spend": ("spend_id", [("return_spend", {"amount": None, "grace_until": None})] * 2),
}


class BooksMachine(RuleBasedStateMachine):
    """One run: some accounts of two shops, in a time of their own that begins after the real one and goes on."""

    shops: ClassVar[tuple[Shop, ...]] = ()
    began: ClassVar[dt.datetime]
    did: ClassVar[Counter[str]] = Counter()  # operations, by door and by what became of them

    def __init__(self) -> None:
        super().__init__()
        self.model = Books(account_id for shop in self.shops for account_id in shop.accounts)
        self.sealed = Sealed()
        self.shop = self.shops[0]
        self.sealed.enter(self.shop)
        self.now = self.began
        self.asked: dict[Shop, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        self.done: dict[tuple[Shop, str], list[Entry]] = defaultdict(list)
        self.agrees = True
        self.moves_left, self.refusals_left = 3, 2  # these cost the time of many operations

    def teardown(self) -> None:
        """The model equals the books and the laws hold, also after every key is asked once more."""
        try:
            if self.agrees:
                for shop in self.asked:
                    self.go_over(shop)
                    self.ask_again()
                    self.compare()
        finally:
            self.sealed.leave()

    def go_over(self, shop: Shop) -> None:
        self.shop = shop
        self.sealed.enter(shop)

    def ask_again(self) -> None:
        for door, asked in self.asked[self.shop]:
            self.both(door, asked | {"now": self.now})

    def compare(self) -> None:
        found = differences(self.model, self.shop.accounts)
        assert not found, found

    def both(self, door: str, asked: dict[str, Any]) -> str:
        """One operation, by the model and by the books. What became of it."""
        self.agrees = False
        is_known = asked["key"] in self.model.keyed
        expected = self.model.perform(door, **asked)
        answer = self.sealed.perform(door, is_known=is_known, **asked)
        assert answer == expected[: len(answer)], f"{door} answers {answer}, the model {expected}"
        self.agrees = True
        return "repeated" if is_known and answer[0] != "idempotency_key_reused" else answer[0]

    def perform(self, door: str, *, key: UUID | None = None, **asked: Any) -> UUID:
        """Something new, unless a key is given. Its key."""
        given, key = key, key or new_id()
        asked = {"now": self.now, **asked, "key": key}
        outcome = self.both(door, asked)
        self.did[door if outcome == "posted" else f"{door}: {outcome}"] += 1
        self.now += STEP
        entry = self.model.keyed.get(key)
        if given is None and entry:
            self.asked[self.shop].append((door, asked))
            if entry.outcome == "posted":
                self.done[self.shop, door].append(entry)
        return key

    def refuse(self, door: str, **asked: Any) -> None:
        self.sealed.refuse(door, key=new_id(), now=self.now, **asked)
        self.did[f"{door}: refused"] += 1

    def account(self, whose: int) -> UUID:
        return self.shop.accounts[whose % len(self.shop.accounts)]

    def heir(self, entry: Entry, whose: int) -> UUID:
        """The entry's account, or that of the hold which it captured, or one that either was merged into."""
        homes = [entry, entry.undoes] if entry.kind == "capture" and entry.undoes else [entry]
        heirs = list(dict.fromkeys(heir for home in homes for heir in self.model.heirs(home.account)))
        return heirs[whose % len(heirs)].id

    def learn_ids(self, account_id: UUID, key: UUID) -> None:
        learn_ids(self.model.accounts[account_id].lots, key)

    def earlier(self, which: int, *doors: str, still: Callable[[Entry], Any] = bool) -> Entry | None:
        """What was done here before, mostly something of which `still` is true. Where there is nothing, it is done now."""
        found = [entry for door in doors for entry in self.done[self.shop, door]]
        wanted = [entry for entry in found if still(entry)] if which < 6 else []
        if found := wanted or found:
            return found[-1 - which % len(found)]
        match doors[0]:
            case "award":
                self.award(whose=which % 3, amount=20 + which, zone=ZONES[0], days=30, vesting=None)
            case "spend":
                self.spend(whose=0, amount=5 + which)
            case "hold":
                self.hold(whose=0, amount=5 + which, span=2 * HOUR)
            case "merge":
                self.merge(giver=which % 3, taker=1)
        return None

    def end(self, zone: str, days: int | str | None) -> dt.datetime | None:
        return None if days is None else end_after(self.now, zone, days)

    # Time and place

    @initialize(days=st.integers(0, 700), hours=st.integers(0, 23))
    def some_day(self, days: int, hours: int) -> None:
        self.now += days * DAY + hours * HOUR
        for number in (0, 1):
            self.award(whose=0, amount=60, zone=ZONES[number], days=(None, "change")[number], vesting=None)

    @rule(zone=zones, span=waits, swept=swept)
    def wait(self, zone: str, span: dt.timedelta | int | str, swept: int | None) -> None:
        """A while, or until the last moment of a day somewhere."""
        if isinstance(span, dt.timedelta):
            self.now += span
        else:
            self.now = max(self.now, end_after(self.now, zone, span) - MICROSECOND)
        self.sweep(swept)

    @rule(which=which, beside=st.sampled_from([-MICROSECOND, 0 * MICROSECOND, MICROSECOND]), swept=swept)
    def wait_for_what_is_due(self, which: int, beside: dt.timedelta, swept: int | None) -> None:
        due = sorted({moment for moment in self.model.due() if moment + beside > self.now})
        if due:
            self.now = due[which % min(len(due), 3)] + beside
        self.sweep(swept)

    def sweep(self, swept: int | None) -> None:
        """Maybe a sweep passes by, and maybe none does before the next operation."""
        if swept is not None:
            account_id = self.account(swept)
            self.agrees = False
            expected = self.model.settle(self.model.accounts[account_id], self.now)
            assert postings.settle(account_id=account_id, now=self.now) == expected
            self.agrees = True
            self.did["settle"] += 1

    @precondition(lambda self: self.moves_left)
    @rule()
    def change_shops(self) -> None:
        self.moves_left -= 1
        self.go_over(self.shops[1 - self.shops.index(self.shop)])

    # Giving

    @rule(whose=whose, amount=given, zone=zones, days=days, vesting=vestings)
    def award(self, whose: int, amount: int, zone: str, days: Any, vesting: Any) -> None:
        self.perform(
            "award",
            account_id=self.account(whose),
            amount=amount,
            expires_at=self.end(zone, days),
            vests_at=self.now + vesting if isinstance(vesting, dt.timedelta) else None,
            on_confirmation=vesting == "when confirmed",
        )

    @rule(which=which, whose=whose)
    def vest(self, which: int, whose: int) -> None:
        if award := self.earlier(which, "award", still=Entry.is_pending):
            self.perform("vest", account_id=self.heir(award, whose), award_id=award.key)

    @rule(whose=whose, amount=given, zone=zones, days=days)
    def adjust_up(self, whose: int, amount: int, zone: str, days: Any) -> None:
        self.perform("adjust", account_id=self.account(whose), amount=amount, expires_at=self.end(zone, days))

    @rule(whose=whose, amount=used)
    def adjust_down(self, whose: int, amount: int) -> None:
        self.perform("adjust", account_id=self.account(whose), amount=-amount, expires_at=None)

    @rule(which=which, whose=whose, amount=parts)
    def take_back(self, which: int, whose: int, amount: int | None) -> None:
        if award := self.earlier(which, "award", still=lambda award: self.model.left_of(award, "take_back")):
            heir = self.heir(award, whose)
            self.perform("take_back", account_id=heir, award_id=award.key, amount=amount)

    # Using

    @rule(whose=whose, amount=used)
    def spend(self, whose: int, amount: int) -> None:
        self.perform("spend", account_id=self.account(whose), amount=amount)

    @rule(whose=whose, amount=used, span=spans)
    def hold(self, whose: int, amount: int, span: dt.timedelta) -> None:
        self.perform("hold", account_id=self.account(whose), amount=amount, until=self.now + span)

    @rule(which=which, door=st.sampled_from(["capture", "release"]))
    def end_hold(self, which: int, door: str) -> None:
        if hold := self.earlier(which, "hold", still=Entry.is_open):
            self.perform(door, account_id=hold.stands_in().id, hold_id=hold.key)

    @rule(which=which, whose=whose, amount=parts, grace=st.none() | spans)
    def return_spend(self, which: int, whose: int, amount: int | None, grace: dt.timedelta | None) -> None:
        if spend := self.earlier(
            which, "spend", "capture", still=lambda spend: self.model.left_of(spend, "return")
        ):
            heir, until = self.heir(spend, whose), self.now + grace if grace else None
            key = self.perform(
                "return_spend", account_id=heir, spend_id=spend.key, amount=amount, grace_until=until
            )
            self.learn_ids(heir, key)

    # Uniting

    @rule(giver=st.integers(0, 2), taker=st.integers(1, 2))
    def merge(self, giver: int, taker: int) -> None:
        accounts = self.shop.accounts[:3]
        into = accounts[(giver + taker) % 3]
        key = self.perform("merge", from_account_id=accounts[giver], into_account_id=into)
        self.learn_ids(into, postings.merge_entry_into(key))

    @rule(which=which)
    def unmerge(self, which: int) -> None:
        if merge := self.earlier(which, "merge"):
            _door, asked = merge.asked
            self.perform("unmerge", **asked, merge_key=merge.key)

    # Once more, and not at all

    @rule(which=which)
    def repeat(self, which: int) -> None:
        for door, asked in self.asked[self.shop][-1 - which :][:1]:
            self.perform(door, **(asked | {"now": self.now}))

    @rule(which=which, whose=whose, other=st.sampled_from(["account_id", "amount", "door"]))
    def reuse_a_key(self, which: int, whose: int, other: str) -> None:
        new = {"account_id": self.account(whose), "amount": TOO_MANY}
        for door, asked in self.asked[self.shop][-1 - which :][:1]:
            if other in asked and "award_id" not in asked and "spend_id" not in asked:
                self.perform(door, **(asked | {"now": self.now, other: new[other]}))
            else:
                self.perform("spend", key=asked["key"], **new)

    @precondition(lambda self: self.refusals_left)
    @rule(whose=whose, door=st.sampled_from(["spend", "adjust"]))
    def reach_into_the_other_shop(self, whose: int, door: str) -> None:
        self.refusals_left -= 1
        theirs = self.shops[1 - self.shops.index(self.shop)].accounts[whose]
        self.refuse(door, account_id=theirs, amount=1)

    @precondition(lambda self: self.refusals_left)
    @rule(which=which, whose=whose, first=st.booleans())
    def name_what_is_not_in_the_account(self, which: int, whose: int, first: bool) -> None:
        self.refusals_left -= 1
        entry = self.earlier(which, "award", "hold", "spend")
        heirs = {heir.id for heir in self.model.heirs(entry.account)} if entry else set()
        if entry and (others := set(self.shop.accounts) - heirs):
            word, doors = NAMED[entry.kind]
            door, asked = doors[first]
            asked = asked | {word: entry.key}
            self.refuse(door, account_id=sorted(others)[whose % len(others)], **asked)
