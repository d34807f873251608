"""Members: enrolled, found, read, changed."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from api.errors import repeat
from api.fields import Fields
from api.pagination import PARAMETERS, cursor_at, cut, moment, read_cursor, read_limit
from api.refusals import MemberAmbiguous
from api.v1 import document
from api.v1.said import say_member, say_members
from api.views import Endpoint, answer, read_idempotency_key
from core.idempotency import answer_once, fingerprint_of
from core.ids import IdUnreadable, read_id
from loyalty.membership.joining import enrol_member
from loyalty.purchases.earning import LocationUnknown
from members import cards, profiles, queries
from members.cards import MemberUnknown
from members.contacts import read_email, read_phone, region_of
from members.models import Consent, Member
from members.referring import read_referrer
from members.tags import MOST_TAGS, read_tags, set_tags
from merchants.access import Scope
from merchants.models import Location
from merchants.queries import locations
from studio.links import link_to_join_by
from studio.models import Link

PROFILE = frozenset(profiles.FIELDS)
ENROLMENT = PROFILE | {"location", "consents", "referred_by", "link"}
FINDERS = ("phone", "email", "card", "q")
PURPOSES = frozenset(Consent.Purpose.values)


class Members(Endpoint):
    """The members of a merchant."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.READ_MEMBERS, "POST": Scope.WRITE_MEMBERS}

    @document.members_list
    def get(self, request: HttpRequest) -> HttpResponse:
        """Newest first; at most one of the finders."""
        query = self.query(*FINDERS, *PARAMETERS)
        limit, after = read_limit(query), read_cursor(query, moment, UUID)
        found = self._found(query)
        if after is not None:
            joined_at, last = after
            found = found.filter(
                Q(joined_at__lt=joined_at) | Q(joined_at=joined_at, id__lt=last), joined_at__lte=joined_at
            )
        page, following = cut(found, limit, lambda member: cursor_at(member.joined_at.isoformat(), member.id))
        return answer({"items": say_members(page, self.merchant), "next": following})

    @document.members_enrol
    def post(self, request: HttpRequest) -> HttpResponse:
        """Enrol, once under one key."""
        key = read_idempotency_key(self.request._request)
        body = self.body(ENROLMENT)
        wanted = read_enrolment(body)
        brought_by, link_id = body.text("referred_by", limit=60), body.id("link", "lnk")

        def enrol() -> tuple[int, dict[str, Any], UUID | None]:
            link = link_to_join_by(link_id) if link_id else None
            joined = enrol_member(
                merchant=self.merchant,
                source="api",
                actor_id=self.key.id,
                referred_by=read_referrer(brought_by) if brought_by else None,
                link_id=link.id if link else None,
                **wanted | {"location": wanted["location"] or place_of(link)},
            )
            return 201, say_member(joined.member, self.merchant), joined.member.id

        return repeat(answer_once(key, fingerprint_of("member", body.values), enrol))

    def _found(self, query: Fields) -> QuerySet[Member]:
        given = [name for name in FINDERS if name in query.values]
        if len(given) > 1:
            raise MemberAmbiguous(names=", ".join(FINDERS), field=given[1])
        if not given or given == ["q"]:
            return queries.search(query.text("q", limit=80))
        member = self._named(given[0], query.text(given[0], limit=400))
        found = queries.members().order_by("-joined_at", "-id")
        return found.filter(id=member.id) if member else found.none()

    def _named(self, finder: str, text: str) -> Member | None:
        """Nobody is no refusal: the list is empty. A card that cannot be read, is too old or revoked is one."""
        if finder == "phone":
            return queries.by_contact(phone=read_phone(text, region=region_of(self.merchant.time_zone)))
        if finder == "email":
            return queries.by_contact(email=read_email(text))
        try:
            return queries.scanned(cards.read(text, self.merchant))
        except MemberUnknown:
            return None


class OneMember(Endpoint):
    """One member."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.READ_MEMBERS, "PATCH": Scope.WRITE_MEMBERS}

    @document.member_read
    def get(self, request: HttpRequest, member_id: str) -> HttpResponse:
        """As it stands now."""
        self.query()
        return answer(say_member(queries.member(read_member_id(member_id)), self.merchant))

    @document.member_change
    def patch(self, request: HttpRequest, member_id: str) -> HttpResponse:
        """Change what is given, leave the rest. Repeating it changes nothing more."""
        self.query()
        body = self.body(PROFILE | {"tags"})
        changes, tags = read_profile_fields(body), read_tags(body.words("tags", most=MOST_TAGS))
        member = queries.member_to_change(read_member_id(member_id))
        member = profiles.change_profile(
            member=member, merchant=self.merchant, changes=changes, actor=str(self.key.id)
        )
        if "tags" in body.values:
            member = set_tags(member=member, tags=tags, actor=str(self.key.id))
        return answer(say_member(member, self.merchant))


def read_member_id(text: str) -> UUID:
    """A member's id in an address. Raises MemberUnknown: a text that is no id names nobody."""
    try:
        return read_id("mem", text)
    except IdUnreadable:
        raise MemberUnknown from None


def read_enrolment(body: Fields) -> dict[str, Any]:
    """What `enrol_member` takes. Raises what fields raise, LocationUnknown."""
    location_id = body.id("location", "loc")
    return read_profile_fields(body) | {
        "location": _location(location_id) if location_id else None,
        "consents": body.flags("consents", PURPOSES),
    }


def place_of(link: Link | None) -> Location | None:
    """Where the link hangs, unless that place is closed."""
    return link.location if link and link.location and link.location.closed_at is None else None


def read_profile_fields(body: Fields) -> dict[str, Any]:
    """The profile's fields that were given, as text; a birthday of null is none. Raises what fields raise."""
    given = [name for name in profiles.FIELDS if name in body.values]
    return {
        name: None
        if name == "birthday" and body.values[name] is None
        else body.text(name, limit=_LIMITS.get(name, 80))
        for name in given
    }


_LIMITS = {"email": 254}


def _location(location_id: UUID) -> Location:
    location = locations().filter(id=location_id).first()
    if location is None:
        raise LocationUnknown
    return location
