"""What the clients of a storm come up with: every operation there is, upon what earlier ones were answered."""

import datetime as dt
import threading
from collections import defaultdict
from random import Random

from django.utils import timezone

from tests.faults.clients import Asked
from tests.faults.stage import MAILED, Stage

# Units are taken back and balances corrected through the API: what follows from it hangs on the verbs.
WEIGHTS = {
    "purchase": 10,
    "cancellation": 2,
    "refund": 3,
    "adjustment": 2,
    "award": 2,
    "spend": 4,
    "hold": 3,
    "capture": 1,
    "release": 1,
    "return_spend": 1,
    "redemption": 4,
    "reward capture": 2,
    "reward release": 1,
    "reward void": 1,
}
# What each undoes or closes; without one there, it is a purchase.
UPON = {
    "cancellation": "purchase",
    "refund": "purchase",
    "capture": "hold",
    "release": "hold",
    "return_spend": "spend",
    "reward capture": "redemption",
    "reward release": "redemption",
    "reward void": "reward capture",
}
AGAIN = 0.2  # of the time somebody picks what another has picked already, and is perhaps declined
COST, STOCK = 30, 20
HELD_FOR = (dt.timedelta(hours=1), dt.timedelta(seconds=2))  # some end by themselves before anybody ends them


class Choosing:
    """Operations by chance. Shared by all clients: `note` what was answered, and others may build on it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.reward = stage.offer(cost=COST, stock=STOCK)
        self._answered: defaultdict[str, list[Asked]] = defaultdict(list)
        self._lock = threading.Lock()

    def note(self, asked: Asked) -> None:
        """It was done."""
        with self._lock:
            self._answered[asked.kind].append(asked)

    def choose(self, dice: Random) -> Asked:
        """The next operation, with a new key."""
        [kind] = dice.choices([*WEIGHTS], [*WEIGHTS.values()])
        if kind in UPON:
            upon = self._pick(UPON[kind], dice)
            if upon is not None:
                return self._follow(kind, upon, dice)
            kind = "purchase"
        return self._begin(kind, dice)

    def _pick(self, kind: str, dice: Random) -> Asked | None:
        with self._lock:
            found = self._answered[kind]
            if not found:
                return None
            place = dice.randrange(len(found))
            return found[place] if dice.random() < AGAIN else found.pop(place)

    def _follow(self, kind: str, upon: Asked, dice: Random) -> Asked:
        stage = self.stage
        if kind == "cancellation":
            return stage.keep(stage.till.cancellation(upon))
        if kind == "refund":
            part = dice.choice([None, dice.randrange(1, upon.about["minor"] + 1)])
            return stage.keep(stage.till.refund(upon, part))
        if kind.startswith("reward "):
            return stage.keep(stage.till.ending(upon, kind.removeprefix("reward ")))
        if kind == "return_spend":
            return stage.follow(kind, upon, spend_id=upon.key, amount=None, grace_until=None)
        return stage.follow(kind, upon, hold_id=upon.key)

    def _begin(self, kind: str, dice: Random) -> Asked:
        stage, now = self.stage, timezone.now()
        member = dice.choice(stage.members)
        gifted = dice.choice(stage.members[MAILED:])  # the letters of the others are about purchases
        amount = dice.randrange(1, 120)
        if kind == "purchase":
            return stage.buy(member, dice.randrange(100, 5000))
        if kind == "redemption":
            return stage.keep(stage.till.redemption(member.id, self.reward))
        if kind == "adjustment":
            return stage.keep(stage.till.adjustment(gifted.id, dice.choice([amount, -amount])))
        if kind == "award":
            return stage.door(kind, gifted, amount=amount, cause_id=None, occurred_at=now)
        if kind == "hold":
            return stage.door(kind, member, amount=amount, cause_id=None, until=now + dice.choice(HELD_FOR))
        return stage.spend(member, amount)
