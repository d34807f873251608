"""Events: what a member did but buy, told by a program, for rules to reward."""

from typing import ClassVar, get_args

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from api.errors import repeat
from api.fields import Fields
from api.refusals import FieldMissing
from api.v1 import document_events as document
from api.v1.new_purchases import WHO, read_who
from api.views import Endpoint, read_idempotency_key
from core.errors import DomainError
from loyalty.happening import LONGEST_NAME, record_happening
from loyalty.rules.types import Trigger
from merchants.access import Scope

EVENT = frozenset({*WHO, "type", "name", "occurred_at"})
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
            )
        )


def _kind(body: Fields) -> str:
    """Raises what texts raise, FieldMissing, EventTypeTaken."""
    kind = body.text("type", limit=LONGEST_NAME).lower()
    if not kind:
        raise FieldMissing(["type"])
    if kind in OURS:
        raise EventTypeTaken(type=kind)
    return kind
