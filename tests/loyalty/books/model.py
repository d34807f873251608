"""The books as a small plain program, without a database: what the sealed room must agree with.

Written from the design of the ledger, not from its SQL; slow and obvious on purpose.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from tests.loyalty.books.accounts import NEVER, NONE, Account, Answer, Entry, Lot


class Books:
    """All accounts. `perform` is every door; the functions below it are what the doors do, named like them."""

    def __init__(self, accounts: Iterable[UUID]) -> None:
        self.accounts = {account_id: Account(account_id) for account_id in accounts}
        self.keyed: dict[UUID, Entry] = {}

    def perform(self, door: str, *, key: UUID, now: dt.datetime, **asked: Any) -> Answer:
        """(outcome, amount, available, debt, moves of the account). The same key has the same answer for ever."""
        known = self.keyed.get(key)
        if known is not None:
            return known.answer if known.asked == (door, asked) else ("idempotency_key_reused",)
        accounts = [self.accounts[value] for name, value in asked.items() if name.endswith("account_id")]
        for account in accounts:
            self.settle(account, now)
        others = {name: value for name, value in asked.items() if not name.endswith("account_id")}
        entry: Entry = getattr(self, door)(*accounts, now, **others)
        account = entry.account
        answer = (entry.outcome, entry.amount, account.total("available"), account.debt, account.moves)
        if entry in account.entries:  # a merge of nothing is not written down
            entry.key, entry.asked, entry.answer = key, (door, asked), answer
            self.keyed[key] = entry
        return answer

    def settle(self, account: Account, now: dt.datetime) -> int:
        """What is due by itself: holds whose time is out, units that vest, units that die. How many of them."""
        before = len(account.entries)
        for hold in sorted(account.open_holds(), key=lambda hold: hold.until or NEVER):
            if hold.until and hold.until <= now:
                self.let_go(account, hold)
        for lot in sorted(account.lots, key=lambda lot: (lot.vests_at or NEVER, lot.born_at, lot.id)):
            if lot.units["pending"] and lot.vests_at and lot.vests_at <= now:
                account.post("vest", lot.units["pending"]).give(lot, "pending", lot.units["pending"])
        for lot in account.in_turn():
            if lot.units["available"] and lot.is_dead(now):
                units = lot.units["available"]
                account.post("expire", units).move(lot, "available", "expired", units)
        return len(account.entries) - before

    def due(self) -> Iterable[dt.datetime]:
        """When something will happen by itself."""
        for account in self.accounts.values():
            yield from (hold.until for hold in account.open_holds() if hold.until)
            yield from (lot.vests_at for lot in account.lots if lot.vests_at and lot.units["pending"])
            yield from (lot.expires_at for lot in account.lots if lot.expires_at and lot.units["available"])

    def award(self, account, now, amount, expires_at, vests_at, on_confirmation):
        entry = account.post("award", amount)
        lot = entry.make(Lot(now, expires_at, vests_at), amount)
        if vests_at or on_confirmation:
            entry.move(lot, "issuing", "pending", amount)
        else:
            entry.give(lot, "issuing", amount)
        return entry

    def vest(self, account, now, award_id):
        award = self.keyed[award_id]
        lots = [lot for lot in self.given_by(award, account) if lot.units["pending"]]
        if not lots:
            return account.post("vest", award.amount, outcome="nothing_pending")
        entry = account.post("vest", sum(lot.units["pending"] for lot in lots))
        for lot in lots:
            entry.give(lot, "pending", lot.units["pending"])
        return entry

    def use(self, account, kind, target, amount):
        if account.total("available") < amount:
            return account.post(kind, amount, outcome="insufficient_units")
        entry = account.post(kind, amount)
        entry.take(amount, target)
        return entry

    def spend(self, account, now, amount):
        return self.use(account, "spend", "spent", amount)

    def hold(self, account, now, amount, until):
        entry = self.use(account, "hold", "held", amount)
        if entry.outcome == "posted":
            entry.until = until
            entry.parts = [(lot, units) for lot, _available, _held, units in entry.moves]
            account.holds.append(entry)
        return entry

    def capture(self, account, now, hold_id):
        hold = self.keyed[hold_id]
        if hold not in account.open_holds():
            return account.post("capture", hold.amount, outcome="hold_closed")
        entry = account.post("capture", hold.amount, hold)
        for lot, units in hold.parts:
            entry.move(lot, "held", "spent", units)
        return entry

    def release(self, account, now, hold_id):
        hold = self.keyed[hold_id]
        if hold not in account.open_holds():
            return account.post("release", hold.amount, outcome="hold_closed")
        return self.let_go(account, hold)

    def let_go(self, account, hold):
        entry = account.post("release", hold.amount, hold)
        for lot, units in hold.parts:
            entry.give(lot, "held", units)
        return entry

    def left_of(self, original, kind):
        """How much of an entry has not been undone yet."""
        return original.amount - sum(entry.amount for entry in self.undoing(original, kind))

    def undoing(self, original, kind):
        every = (entry for account in self.accounts.values() for entry in account.entries)
        return [entry for entry in every if entry.undoes is original and entry.kind == kind]

    def return_spend(self, account, now, spend_id, amount, grace_until):
        spend = self.keyed[spend_id]
        left = self.left_of(spend, "return")
        earlier = self.undoing(spend, "return")
        if not left or (amount or 0) > left:
            return account.post("return", amount or 1, outcome="exceeds_original")
        entry = account.post("return", amount or left, spend)
        missing, back = entry.amount, Counter()
        for one in earlier:
            for lot, source, _target, units in one.moves:
                back[lot if source == "spent" else lot.origin] += units
        for lot, _source, _spent, units in reversed(spend.moves):  # the last used first
            part = min(missing, units - back[lot])
            missing -= part
            grace = grace_until if lot.is_dead(now) else None
            if account is spend.account:
                entry.give(lot, "spent", part, grace)
            elif part:  # that account was merged into this one
                entry.give(
                    entry.make(Lot(lot.born_at, grace or lot.expires_at, None, lot), part), "issuing", part
                )
        return entry

    def given_by(self, award, account):
        """The lots in an account that hold what an award gave: its own, or what came of it by merging. Oldest first."""
        kin, size = set(award.lots), 0
        while size < len(kin):
            size = len(kin)
            kin |= {lot for one in self.accounts.values() for lot in one.lots if lot.origin in kin}
        return sorted(kin & set(account.lots), key=lambda lot: (lot.born_at, lot.id))

    def heirs(self, account):
        """The account, and all that it was merged into."""
        found = [account]
        for one in found:
            into = [entry.arrival.account for entry in one.entries if entry.arrival]
            found += [account for account in dict.fromkeys(into) if account not in found]
        return found

    def take_back(self, account, now, award_id, amount):
        award = self.keyed[award_id]
        left = self.left_of(award, "take_back")
        if not left or (amount or 0) > left:
            return account.post("take_back", amount or 1, outcome="exceeds_original")
        entry = account.post("take_back", amount or left, award)
        missing = entry.amount
        for lot in self.given_by(award, account):
            for bucket in ("pending", "expired", "available"):
                part = min(missing, lot.units[bucket])
                missing -= part
                entry.move(lot, bucket, "revoked", part)
        entry.owe(entry.take(missing, "revoked"))
        return entry

    def adjust(self, account, now, amount, expires_at):
        if amount < 0:
            return self.use(account, "adjust", "revoked", -amount)
        entry = account.post("adjust", amount)
        entry.give(entry.make(Lot(now, expires_at), amount), "issuing", amount)
        return entry

    def merge(self, giver, taker, now):
        units = sum(giver.total(bucket) for bucket in ("available", "pending", "held"))
        if not units + giver.debt:
            return Entry(giver, "merge")
        out = giver.post("merge", units)
        come = out.arrival = taker.post("merge", out.amount, out)
        for lot in giver.in_turn():
            for bucket in ("available", "pending"):
                self.hand_over(out, lot, bucket, come)
        for hold in sorted(giver.open_holds(), key=lambda hold: hold.key or NONE):
            self.carry(hold, out, come)
        # What the other has to hand repays what is owed here. The rest is owed there from now on.
        repaid = min(giver.debt, taker.total("available"))
        come.take(repaid, "moved")
        if repaid:
            out.give(out.make(Lot(now), repaid), "issuing", repaid)
        come.owe(giver.debt)
        out.owe(-giver.debt)
        out.amount = come.amount = out.amount + repaid
        return out

    def hand_over(self, out, lot, bucket, come):
        units = lot.units[bucket]
        out.move(lot, bucket, "moved", units)
        if units:
            still_to_vest = lot.vests_at if bucket == "pending" else None
            mirror = come.make(Lot(lot.born_at, lot.expires_at, still_to_vest, lot), units)
            if bucket == "pending":
                come.move(mirror, "issuing", "pending", units)
            else:
                come.give(mirror, "issuing", units)

    def carry(self, hold, out, come):
        """What is set aside stays so, until the same moment. It repays nothing: it is promised."""
        parts, hold.parts = hold.parts, []
        for lot, units in parts:
            out.move(lot, "held", "moved", units)
            mirror = come.make(Lot(lot.born_at, lot.expires_at, None, lot), units)
            come.move(mirror, "issuing", "held", units)
            hold.parts.append((mirror, units))
        self.stand(hold, come)

    def bring_home(self, hold, back, home):
        parts, hold.parts = hold.parts, []
        for lot, units in parts:
            back.move(lot, "held", "moved", units)
            home.move(lot.origin, "moved", "held", units)
            if lot.origin.expires_at and lot.expires_at > lot.origin.expires_at:
                lot.origin.expires_at = lot.expires_at
            hold.parts.append((lot.origin, units))
        self.stand(hold, home)

    def stand(self, hold, carried_by):
        hold.stands_in().holds.remove(hold)
        hold.carried_by = carried_by
        carried_by.account.holds.append(hold)

    def unmerge(self, giver, taker, now, merge_key):
        merge = self.keyed[merge_key]
        in_age = sorted(merge.arrival.lots, key=lambda lot: (lot.born_at, lot.id))
        still = [lot for lot in in_age if lot.units["available"] + lot.units["pending"]]
        holds = [hold for hold in taker.open_holds() if hold.carried_by is merge.arrival]
        moved = sum(lot.units["available"] + lot.units["pending"] for lot in still)
        moved += sum(hold.amount for hold in holds)
        if not moved:
            return Entry(taker, "merge")
        home, back = giver.post("merge", moved, merge), taker.post("merge", moved, merge)
        for lot in still:
            for bucket in ("available", "pending"):
                units = lot.units[bucket]
                back.move(lot, bucket, "moved", units)
                if bucket == "pending":
                    home.move(lot.origin, "moved", "pending", units)
                else:
                    lives_longer = lot.origin.expires_at and lot.expires_at > lot.origin.expires_at
                    home.give(lot.origin, "moved", units, lot.expires_at if lives_longer else None)
        for hold in holds:
            self.bring_home(hold, back, home)
        return back
