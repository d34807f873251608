"""What a shop says of a reward: plain frozen data. Pure. Amounts of money are minor units, ids plain text."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from loyalty.rules.types import Condition
from rewards.kinds import RewardKind

# Only what is live is offered; a draft was not yet, what is archived is not any more.
Status = Literal["draft", "live", "archived"]
# How it becomes a member's besides being taken: not at all, as soon as there are units enough, or on reaching a tier.
Auto = Literal["none", "at_balance", "on_tier"]
# Of the shop's calendar; a week begins on Monday.
Period = Literal["day", "week", "month", "year"]

# The conditions of rules that can be asked of somebody who takes a reward: without a bill, and without chance.
CONDITIONS = ("among_first", "birthday", "dates", "hours", "location", "segment", "tier", "weekday")


@dataclass(frozen=True, slots=True)
class Offer:
    """A reward, for `cost` of a unit (its id); `costs` is tier id → what it costs in that tier instead.

    Members see it from `seen_from` units on. Of `stock` there are so many, ever; None is no limit. One member may take
    `most` of it, ever, and `most_in` in one `period`; 0 is no limit. Taking one that is good for `valid_days` makes a voucher for
    so many days; with 0 it is set aside for a moment, until it is handed over. `cost_minor` is what it costs the shop, `price_minor`
    what a member would pay for it. One that comes on reaching a tier costs no units, and is not taken.
    """

    names: Mapping[str, str]  # language → what it is called
    unit: str
    cost: int
    terms: Mapping[str, str] = field(default_factory=dict)  # language → the small print
    kind: RewardKind = "free_text"
    value: Mapping[str, Any] = field(default_factory=dict)  # as `kinds` reads it
    costs: Mapping[str, int] = field(default_factory=dict)
    seen_from: int = 0
    conditions: tuple[Condition, ...] = ()
    stock: int | None = None
    most: int = 0
    most_in: int = 0
    period: Period = "month"
    auto: Auto = "none"
    valid_days: int = 0
    cost_minor: int = 0
    price_minor: int = 0
    status: Status = "live"

    def cost_for(self, tier_id: str | None) -> int:
        """What it costs a member of this tier."""
        return self.costs.get(tier_id or "", self.cost)

    def tiers(self) -> frozenset[str]:
        """The tiers that it is for; none where it is for all."""
        asked = [frozenset(one.given["any"]) for one in self.conditions if one.kind == "tier"]
        return frozenset.intersection(*asked) if asked else frozenset()


def say_in(words: Mapping[str, str], language: str) -> str:
    """A shop's own words in that language; in another where it said none, and nothing where it said nothing."""
    return words.get(language) or words.get("en") or next((text for text in words.values() if text), "")


def mark_of(said: object) -> str:
    """Tells what is offered from anything else that was: what a page showed, and what there is now. Dataclasses, or lists of them."""
    text = json.dumps(said, sort_keys=True, default=asdict)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
