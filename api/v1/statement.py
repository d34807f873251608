"""A member's statement: every entry of its books, with its reason and the balance after it."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse

from api.pagination import PARAMETERS, cursor_at, read_cursor, read_limit
from api.v1 import document
from api.v1.members import read_member_id
from api.v1.said import say_line
from api.views import Endpoint, answer
from loyalty.membership.story import read_place, story_of, write_place
from loyalty.queries import standing_of
from members import queries
from merchants.access import Scope


class Statement(Endpoint):
    """The entries of one member."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.READ_MEMBERS}

    @document.statement_read
    def get(self, request: HttpRequest, member_id: str) -> HttpResponse:
        """Newest first: each balance follows from the line of its unit below it."""
        query = self.query(*PARAMETERS)
        limit, after = read_limit(query), read_cursor(query, read_place)
        member = queries.member(read_member_id(member_id))
        standing = standing_of(member.id)
        lines = story_of(member.id, limit=limit + 1, before=after[0] if after else (), standing=standing)
        following = cursor_at(write_place(lines[limit - 1].place)) if len(lines) > limit else None
        items = [say_line(line, self.merchant, standing.version) for line in lines[:limit]]
        return answer({"items": items, "next": following})
