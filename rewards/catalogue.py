"""What there is for units: offered, changed, put in order, taken off; found and counted.

Whoever locks a member does so before a reward: see `redemption`. What is asked of an offer stands in `checking`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import DomainError
from core.languages import reader_language
from core.text import read_text
from loyalty.programme.problems import SENTENCES, say_problem
from loyalty.programme.versions import version_in_force
from loyalty.rehearsal.rehearsing import Prize
from loyalty.rules.checking import Problem
from loyalty.rules.types import Condition
from merchants.models import StaffMember
from rewards.checking import check_offer
from rewards.models import Reward
from rewards.offers import Offer, Status, mark_of, say_in

LONGEST_TEXT = 2000  # of any text in an offer, before it is looked at closer
_COLUMNS = [field.name for field in fields(Offer) if field.name not in {"unit", "conditions"}]
# What is told when a reward comes into a status, from another or from nowhere.
_TOLD: dict[Status, str] = {
    "draft": "reward.drafted",
    "live": "reward.offered",
    "archived": "reward.archived",
}
_SENTENCES: dict[str, Any] = SENTENCES | {
    "costs_nothing": _("A reward costs at least 1. Free for all? Make it a gift."),
    "given_for_nothing": _("What comes with a tier costs nothing."),
    "seen_too_late": _("It can be taken from %(most)s on, so it is seen by then."),
    "stock_taken": _("%(least)s of them are with members already."),
    "which_tier": _("Say with which tier it comes."),
}


class RewardUnknown(DomainError):
    """No such reward of this merchant's."""

    code = "reward_not_found"
    message = _("There is no such reward.")


class RewardChanged(DomainError):
    """Somebody said otherwise since it was looked at."""

    code = "reward_changed"
    message = _("It was changed meanwhile. Look at it as it is now, then try again.")


class CostOutOfRange(DomainError):
    """For nothing, or for more than anyone has."""

    code = "cost_out_of_range"
    message = _("A reward costs between 1 and %(largest)d.")
    field = "cost"


class OfferWrong(DomainError):
    """An offer that cannot be kept. `problems` are all of them; the first is said, at its field."""

    code = "offer_wrong"
    message = "%(words)s"

    def __init__(self, problems: Sequence[Problem] = (), currency: str = "") -> None:
        self.problems = list(problems)
        words = say_offer_problem(self.problems[0], currency) if self.problems else ""
        super().__init__(field=self.problems[0].field if self.problems else None, words=words)


def say_offer_problem(problem: Problem, currency: str) -> str:
    """In the reader's language: "A reward costs at least 1. Free for all? Make it a gift."."""
    return say_problem(problem, currency, _SENTENCES)


def offer_reward(*, offer: Offer, actor: StaffMember | None) -> Reward:
    """A new reward, the last in the shop's order. Raises OfferWrong, and what texts raise."""
    offer = _checked(offer)
    last = Reward.objects.aggregate(last=Max("position"))["last"] or 0
    reward = Reward.objects.create(position=last + 1, **_row(offer))
    _record(_TOLD[offer.status], reward, actor)
    return reward


def change_reward(*, reward_id: UUID, offer: Offer, actor: StaffMember | None, seen: str = "") -> Reward:
    """Say all of it anew. What was taken before stays as it was. Saying the same again changes nothing.

    `seen` is the `mark_of` the offer that a page showed, empty where nobody looked. Raises RewardUnknown, RewardChanged where it
    is another by now, OfferWrong, and what texts raise.
    """
    reward = _locked(reward_id)
    if seen and seen != mark_of(offer_of(reward)):
        raise RewardChanged
    return _change(reward, _checked(offer, taken=reward.taken), actor)


def put_reward(*, reward_id: UUID, status: Status, actor: StaffMember | None) -> Reward:
    """Offer a draft, take a reward off or bring it back. What members hold of it stays theirs.

    Raises RewardUnknown; OfferWrong where it was to be live and cannot be any more, as when its unit is gone.
    """
    reward = _locked(reward_id)
    offer = replace(offer_of(reward), status=status)
    return _change(reward, _checked(offer, taken=reward.taken) if status == "live" else offer, actor)


def move_reward(*, reward_id: UUID, place: int, actor: StaffMember | None) -> None:
    """Put it at a place of its status' list, counted from 0; beyond either end is the end. Raises RewardUnknown."""
    rows = list(Reward.objects.select_for_update(no_key=True).order_by("id"))  # one order of locks for all
    moved = next((row for row in rows if row.id == reward_id), None)
    if moved is None:
        raise RewardUnknown
    rows.sort(key=_order)
    beside = [row for row in rows if row.status == moved.status]
    at = max(0, min(place, len(beside) - 1))
    if beside[at] == moved:
        return
    before = beside[at] if beside.index(moved) > at else next(iter(beside[at + 1 :]), None)
    rows.remove(moved)
    rows.insert(rows.index(before) if before else len(rows), moved)
    wrong = [row for position, row in enumerate(rows, start=1) if _put_at(row, position)]
    Reward.objects.bulk_update(wrong, ["position"])
    _record("reward.moved", moved, actor)


def offer_of(reward: Reward) -> Offer:
    """What is said of it now."""
    said = {name: getattr(reward, name) for name in _COLUMNS}
    conditions = tuple(
        Condition(one["kind"], {name: value for name, value in one.items() if name != "kind"})
        for one in reward.conditions
    )
    return Offer(unit=str(reward.unit_id), conditions=conditions, **said)


def all_rewards() -> QuerySet[Reward]:
    """Whatever was ever offered or drafted, in the shop's order."""
    return Reward.objects.select_related("unit").order_by("position", "id")


def live_rewards() -> QuerySet[Reward]:
    """What is offered, in the shop's order."""
    return all_rewards().filter(status=Reward.Status.LIVE)


def cheapest_rewards(most: int, language: str) -> list[tuple[UUID, Prize]]:
    """The first so many of what units buy, the cheapest first, each with its unit; names in `language`."""
    rows = _bought().values_list("unit_id", "names", "cost")[:most]
    return [(unit_id, Prize(say_in(names, language), cost)) for unit_id, names, cost in rows]


def prizes_by_unit() -> dict[UUID, list[Prize]]:
    """What units buy, by unit: names in the reader's language, and costs; the cheapest first."""
    found: dict[UUID, list[Prize]] = {}
    for unit_id, names, cost in _bought().values_list("unit_id", "names", "cost"):
        found.setdefault(unit_id, []).append(Prize(say_in(names, reader_language()), cost))
    return found


def find_reward(reward_id: UUID) -> Reward:
    """Raises RewardUnknown."""
    reward = Reward.objects.select_related("unit").filter(id=reward_id).first()
    if reward is None:
        raise RewardUnknown
    return reward


def _bought() -> QuerySet[Reward]:
    return Reward.objects.filter(status=Reward.Status.LIVE, cost__gt=0).order_by("cost", "id")


def _checked(offer: Offer, taken: int = 0) -> Offer:
    version = version_in_force()
    offer = replace(offer, names=_read(offer.names), terms=_read(offer.terms), value=_read(offer.value))
    problems = check_offer(offer, version)
    if offer.stock is not None and 0 <= offer.stock < taken:
        problems.append(Problem("stock_taken", "", "stock", {"least": taken}))
    if problems:
        raise OfferWrong(problems, version.currency)
    return offer


def _read(said: Any) -> Any:
    """The same, its texts as they may be kept."""
    if isinstance(said, str):
        return read_text(said, limit=LONGEST_TEXT)
    if isinstance(said, Mapping):
        return {name: _read(value) for name, value in said.items()}
    return [_read(one) for one in said] if isinstance(said, list | tuple) else said


def _row(offer: Offer) -> dict[str, Any]:
    conditions = [{"kind": one.kind, **_read(one.given)} for one in offer.conditions]
    return {name: getattr(offer, name) for name in _COLUMNS} | {
        "unit_id": UUID(offer.unit),
        "conditions": conditions,
    }


def _locked(reward_id: UUID) -> Reward:
    reward = Reward.objects.select_for_update(no_key=True).filter(id=reward_id).first()
    if reward is None:
        raise RewardUnknown
    return reward


def _change(reward: Reward, offer: Offer, actor: StaffMember | None) -> Reward:
    before = offer_of(reward)
    names = (field.name for field in fields(Offer))
    changed = sorted(name for name in names if getattr(before, name) != getattr(offer, name))
    if not changed:
        return reward
    row = _row(offer)
    for name, value in row.items():
        setattr(reward, name, value)
    reward.save(update_fields=list(row))  # not `taken`: tills count it
    if "status" in changed:
        _record(_TOLD[offer.status], reward, actor)
    if changed != ["status"]:
        _record("reward.changed", reward, actor, changed=changed)
    return reward


def _order(reward: Reward) -> tuple[int, UUID]:
    return reward.position, reward.id


def _put_at(reward: Reward, position: int) -> bool:
    is_wrong = reward.position != position
    reward.position = position
    return is_wrong


def _record(event: str, reward: Reward, actor: StaffMember | None, **more: Any) -> None:
    events.record(event, {"reward": str(reward.id), "actor": str(actor.id) if actor else None, **more})
