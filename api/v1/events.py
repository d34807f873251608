"""Events: what a member did but buy, told by a program, for rules to reward; taken back, and confirmed where units wait."""

from typing import ClassVar, get_args
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from api.authentication import require
from api.errors import repeat
from api.fields import Fields
from api.refusals import FieldMissing
from api.v1 import document_events as document
from api.v1.new_purchases import WHO, read_who
from api.views import Endpoint, read_idempotency_key
from core.errors import DomainError
from core.ids import IdUnreadable, read_id
from loyalty.happenings.happening import LONGEST_NAME, record_happening
from loyalty.happenings.taking_back import HappeningUnknown, cancel_happening, is_gift
from loyalty.rules.types import Trigger
from loyalty.units.confirming import confirm_happening
from merchants.access import Scope

EVENT = frozenset({*WHO, "type", "name", "location", "occurred_at"})
OPEN: dict[str, Trigger] = {
    "visit": "visit",
    "profile": "profile",
    "review": "review",
    "newsletter": "newsletter",
    "survey": "survey",
    "share": "share",
    "attendance": "attendance",
}
# What happens by itself or has doors of its own. A custom event of such a name would be taken for it.
OURS = frozenset({*get_args(Trigger), "referral"}) - OPEN.keys()


class EventTypeTaken(DomainError):
    """A word of ours that no program may tell."""

    code = "event_type_taken"
    message = _("“%(type)s” is told by other means. Choose another name for your event.")
    field = "type"


class Events(Endpoint):
    """What happened to members."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_PURCHASES}

    @document.event_record
    def post(self, request: HttpRequest) -> HttpResponse:
        """Once under one key."""
        self.query()
        key = read_idempotency_key(self.request._request)
        body = self.body(EVENT)
        body.require("type")
        kind, name = _kind(body), body.text("name", limit=LONGEST_NAME)
        trigger = OPEN.get(kind)
        return repeat(
            record_happening(
                merchant=self.merchant,
                who=read_who(body, self.merchant),
                trigger=trigger or "custom",
                name=name if trigger else kind,
                key=key,
                asked=body.values,
                actor_id=self.key.id,
                occurred_at=body.moment("occurred_at"),
                location_id=body.id("location", "loc"),
                channel="api",
            )
        )


class OfEvent(Endpoint):
    """What is done to one event."""

    def event(self, text: str) -> UUID:
        """Its id. Raises HappeningUnknown; and KeyScopeMissing: a gift is the team's, which no program tells of, so that only
        a key that may give and take units does anything to it."""
        wanted = _read_event_id(text)
        if is_gift(wanted):
            require(self.key, Scope.WRITE_UNITS)
        return wanted


class EventCancellation(OfEvent):
    """The end of one event."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_PURCHASES}

    @document.event_cancel
    def post(self, request: HttpRequest, event_id: str) -> HttpResponse:
        """All that it gave."""
        self.query()
        key = read_idempotency_key(self.request._request)
        wanted = self.event(event_id)
        return repeat(
            cancel_happening(merchant=self.merchant, happening_id=wanted, key=key, actor_id=self.key.id)
        )


class EventConfirmation(OfEvent):
    """The word that what an event gave waits for."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_PURCHASES}

    @document.event_confirm
    def post(self, request: HttpRequest, event_id: str) -> HttpResponse:
        """All of it that waits."""
        self.query()
        key = read_idempotency_key(self.request._request)
        wanted = self.event(event_id)
        return repeat(
            confirm_happening(merchant=self.merchant, happening_id=wanted, key=key, actor_id=self.key.id)
        )


def _read_event_id(text: str) -> UUID:
    """An event's id in an address. Raises HappeningUnknown: a text that is no id names none."""
    try:
        return read_id("evt", text)
    except IdUnreadable:
        raise HappeningUnknown from None


def _kind(body: Fields) -> str:
    """Raises what texts raise, FieldMissing, EventTypeTaken."""
    kind = body.text("type", limit=LONGEST_NAME).lower()
    if not kind:
        raise FieldMissing(["type"])
    if kind in OURS:
        raise EventTypeTaken(type=kind)
    return kind
