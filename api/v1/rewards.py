"""Rewards: what there is for units, and taken for a member. What becomes of that: `redemptions`."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from api.authentication import require
from api.errors import repeat
from api.fields import Fields
from api.v1 import document_rewards as document
from api.v1.members import read_member_id
from api.v1.new_purchases import WHO, read_who
from api.v1.paying import LONGEST_PROOF
from api.views import Endpoint, answer, read_idempotency_key
from core.ids import IdUnreadable, read_id
from loyalty.programme.versions import version_in_force
from members.cards import Scanned
from members.queries import member as find_member
from merchants.access import Scope
from rewards.asking import guest, shown_to
from rewards.catalogue import RewardUnknown, live_rewards
from rewards.saying import reader_of, say_reward, say_shown
from rewards.taking import preview_taking, take_reward
from rewards.taking_shown import Counter, preview_shown, take_shown

TAKING = frozenset({"reward", *WHO, "proof", "location"})


class Rewards(Endpoint):
    """What units buy."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.READ_REWARDS}

    @document.rewards_list
    def get(self, request: HttpRequest) -> HttpResponse:
        """In the shop's order; with a member, those that it sees, and what stands against taking them."""
        query = self.query("member")
        reader = reader_of(self.merchant, version_in_force())
        if "member" not in query.values:
            return answer({"items": [say_reward(one, reader) for one in live_rewards()], "next": None})
        require(self.key, Scope.READ_MEMBERS)  # what is missing tells what there is
        member = find_member(read_member_id(query.text("member", limit=80)))
        shown = shown_to(guest(member, self.merchant))
        return answer({"items": [say_shown(one, reader) for one in shown], "next": None})


class Redemptions(Endpoint):
    """Rewards taken."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_REDEMPTIONS}

    @document.redemption_take
    def post(self, request: HttpRequest) -> HttpResponse:
        """Set one aside for a member; or say what that would do."""
        dry_run = self.query("dry_run").flag("dry_run")
        key = None if dry_run else read_idempotency_key(self.request._request)
        body = self.body(TAKING)
        body.require("reward")
        asked: dict[str, Any] = {
            "merchant": self.merchant,
            "reward_id": _reward_id(body.text("reward", limit=80)),
            "location_id": body.id("location", "loc"),
        }
        who = read_who(body, self.merchant)
        if who.member_id is not None and "member" in body.values:
            asked |= {"member_id": who.member_id}
            if key is None:
                return answer(preview_taking(**asked))
            return repeat(take_reward(**asked, key=key, actor_id=self.key.id))
        asked |= {"counter": _counter(body, who), "actor_id": self.key.id}
        return answer(preview_shown(**asked)) if key is None else repeat(take_shown(**asked, key=key))


def _counter(body: Fields, who: Scanned) -> Counter:
    text = str(body.values.get("card", body.values.get("phone")))
    given = body.code("proof", limit=LONGEST_PROOF) if "proof" in body.values else ""
    return Counter(text=text, scanned=who, given=given)


def _reward_id(text: str) -> UUID:
    try:
        return read_id("rwd", text)
    except IdUnreadable:
        raise RewardUnknown(field="reward") from None
