"""Rewards: what there is for units, taken for a member, and handed over, let go or given back."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from api.authentication import require
from api.errors import repeat
from api.fields import Fields
from api.v1 import document_rewards as document
from api.v1.members import read_member_id
from api.views import Endpoint, answer, read_idempotency_key
from core.ids import IdUnreadable, read_id
from loyalty import queries
from members.queries import member as find_member
from merchants.access import Scope
from rewards.catalogue import RewardUnknown, live_rewards
from rewards.redemption import (
    CAPTURE,
    RELEASE,
    VOID,
    Ending,
    RedemptionUnknown,
    end_redemption,
    take_reward,
)
from rewards.saying import say_reward

TAKING = frozenset({"reward", "member"})


class Rewards(Endpoint):
    """What units buy."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.READ_REWARDS}

    @document.rewards_list
    def get(self, request: HttpRequest) -> HttpResponse:
        """The cheapest first; with a member, what is in reach."""
        query = self.query("member")
        usable = None
        if "member" in query.values:
            require(self.key, Scope.READ_MEMBERS)  # what is missing tells what there is
            usable = _usable(query)
        said = [
            say_reward(reward, None if usable is None else usable.get(reward.unit.code, 0))
            for reward in live_rewards()
        ]
        return answer({"items": said, "next": None})


class Redemptions(Endpoint):
    """Rewards taken."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_REDEMPTIONS}

    @document.redemption_take
    def post(self, request: HttpRequest) -> HttpResponse:
        """Set one aside for a member."""
        self.query()
        key = read_idempotency_key(self.request._request)
        body = self.body(TAKING)
        body.require("reward", "member")
        return repeat(
            take_reward(
                merchant=self.merchant,
                reward_id=_reward_id(body.text("reward", limit=80)),
                member_id=read_member_id(body.text("member", limit=80)),
                key=key,
                actor_id=self.key.id,
            )
        )


class _End(Endpoint):
    """One way for a redemption to end."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_REDEMPTIONS}
    ending: ClassVar[Ending]

    def end(self, redemption_id: str) -> HttpResponse:
        """Once under one key."""
        self.query()
        key = read_idempotency_key(self.request._request)
        return repeat(
            end_redemption(
                self.ending,
                merchant=self.merchant,
                redemption_id=_redemption_id(redemption_id),
                key=key,
                actor_id=self.key.id,
            )
        )


class Captures(_End):
    """The reward is handed over."""

    ending = CAPTURE

    @document.redemption_capture
    def post(self, request: HttpRequest, redemption_id: str) -> HttpResponse:
        """Its units are used."""
        return self.end(redemption_id)


class Releases(_End):
    """The member does without."""

    ending = RELEASE

    @document.redemption_release
    def post(self, request: HttpRequest, redemption_id: str) -> HttpResponse:
        """Its units are available again."""
        return self.end(redemption_id)


class Voids(_End):
    """What was handed over comes back."""

    ending = VOID

    @document.redemption_void
    def post(self, request: HttpRequest, redemption_id: str) -> HttpResponse:
        """Its units come back to the lots they came from."""
        return self.end(redemption_id)


def _usable(query: Fields) -> dict[str, int]:
    member = find_member(read_member_id(query.text("member", limit=80)))
    balances = queries.standing_of(member.id).balances
    return {unit: balance["available"] for unit, balance in balances.items()}


def _reward_id(text: str) -> UUID:
    try:
        return read_id("rwd", text)
    except IdUnreadable:
        raise RewardUnknown(field="reward") from None


def _redemption_id(text: str) -> UUID:
    try:
        return read_id("red", text)
    except IdUnreadable:
        raise RedemptionUnknown from None
