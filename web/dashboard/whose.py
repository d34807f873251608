"""Whose page an address asks for."""

from uuid import UUID

from django.http import Http404

from members import queries
from members.cards import MemberUnknown
from members.models import Member


def member_or_404(member_id: UUID) -> Member:
    """The member, or the one it was merged into; nobody, or somebody erased, is a 404."""
    try:
        return queries.member(member_id)
    except MemberUnknown:
        raise Http404 from None
