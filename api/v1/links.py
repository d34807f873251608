"""Printed links: listed with what came of them, made, read, renamed, stopped, set going again."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from api.errors import repeat
from api.fields import Fields
from api.pagination import PARAMETERS, cursor_at, cut, moment, read_cursor, read_limit
from api.refusals import ValueOfWrongKind
from api.v1 import document_links as document
from api.views import Endpoint, answer, read_idempotency_key, say_moment
from core.idempotency import answer_once, fingerprint_of
from core.ids import IdUnreadable, public_id, read_id
from merchants.access import Scope
from merchants.models import Merchant
from studio.counting import Figures, figures_of
from studio.links import (
    LONGEST_LABEL,
    LONGEST_NAME,
    Kind,
    LinkUnknown,
    NewLink,
    all_links,
    link_address,
    make_link,
    rename_link,
    resume_link,
    stop_link,
)
from studio.models import Link

LINK = frozenset({"kind", "label", "location", "reward", "partner", "campaign"})
CHANGE = frozenset({"label", "stopped"})


class Links(Endpoint):
    """What printed codes say."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.READ_PROGRAMME, "POST": Scope.WRITE_CODES}

    @document.links_list
    def get(self, request: HttpRequest) -> HttpResponse:
        """Newest first, each with what came of it."""
        query = self.query(*PARAMETERS)
        limit, after = read_limit(query), read_cursor(query, moment, UUID)
        page, following = cut(all_links(after), limit, lambda link: cursor_at(link.made_at, link.id))
        came = figures_of(list(page))
        items = [say_link(link, came[link.id], self.merchant) for link in page]
        return answer({"items": items, "next": following})

    @document.link_make
    def post(self, request: HttpRequest) -> HttpResponse:
        """Make one, once under one key."""
        self.query()
        key = read_idempotency_key(self.request._request)
        body = self.body(LINK)
        asked = _new_link(body)

        def make() -> tuple[int, dict[str, Any], UUID | None]:
            link = make_link(asked=asked, actor_id=self.key.id)
            return 201, say_link(link, Figures(), self.merchant), None

        return repeat(answer_once(key, fingerprint_of("links", body.values), make))


class OneLink(Endpoint):
    """A link."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.READ_PROGRAMME, "PATCH": Scope.WRITE_CODES}

    @document.link_read
    def get(self, request: HttpRequest, link_id: str) -> HttpResponse:
        """What was said of it, and what came of it."""
        self.query()
        return self._told(_link_id(link_id))

    @document.link_change
    def patch(self, request: HttpRequest, link_id: str) -> HttpResponse:
        """Change what is given, leave the rest; all of it or nothing. Repeating it changes nothing more."""
        self.query()
        body = self.body(CHANGE)
        is_stopped, changed_id = body.truth("stopped"), _link_id(link_id)
        if "label" in body.values:
            label = body.text("label", limit=LONGEST_LABEL)
            rename_link(link_id=changed_id, label=label, actor_id=self.key.id)
        if is_stopped is not None:
            stop_or_resume = stop_link if is_stopped else resume_link
            stop_or_resume(link_id=changed_id, actor_id=self.key.id)
        return self._told(changed_id)

    def _told(self, link_id: UUID) -> HttpResponse:
        link = all_links().filter(id=link_id).first()
        if link is None:
            raise LinkUnknown
        return answer(say_link(link, figures_of([link])[link.id], self.merchant))


def say_link(link: Link, came: Figures, merchant: Merchant) -> dict[str, Any]:
    """A link as the public contract shows it."""
    return {
        "id": public_id("lnk", link.id),
        "kind": link.kind,
        "label": link.label,
        "address": link_address(link, merchant),
        "location": public_id("loc", link.location_id) if link.location_id else None,
        "reward": public_id("rwd", link.reward_id) if link.reward_id else None,
        "partner": link.partner,
        "campaign": link.campaign,
        "figures": {
            "scans": came.scans,
            "opened": came.opened,
            "joined": came.joined,
            "first_purchase": came.bought,
        },
        "made_at": say_moment(link.made_at, merchant),
        "stopped_at": say_moment(link.stopped_at, merchant) if link.stopped_at else None,
    }


def _new_link(body: Fields) -> NewLink:
    """Raises what fields raise."""
    body.require("kind", "label")
    kind = body.text("kind", limit=20)
    if kind not in Kind.values:
        raise ValueOfWrongKind(field="kind", kind=", ".join(Kind.values))
    given = {name for name, value in body.values.items() if value is not None}
    return NewLink(
        kind=kind,
        label=body.text("label", limit=LONGEST_LABEL),
        partner=body.text("partner", limit=LONGEST_NAME),
        campaign=body.text("campaign", limit=LONGEST_NAME),
        location_id=body.id("location", "loc") if "location" in given else None,
        reward_id=body.id("reward", "rwd") if "reward" in given else None,
    )


def _link_id(text: str) -> UUID:
    try:
        return read_id("lnk", text)
    except IdUnreadable:
        raise LinkUnknown from None
