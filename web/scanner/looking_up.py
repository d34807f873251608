"""Who is this? A scanned or typed code becomes a name, a balance and a tier. Nothing is written."""

from django.http import HttpResponse

from core.errors import DomainError
from core.languages import reader_language
from loyalty.queries import standing_of
from members import queries
from members.cards import CardAlreadyUsed, Scanned
from members.models import Member
from merchants.access import Permission
from web.access import StaffRequest, staff_view
from web.parts import form_of
from web.scanner import codes, till
from web.scanner.misses import count_miss, refuse_guessing
from web.scanner.problems import draw_problem
from web.scanner.words import member_words


@form_of("scanner")
@staff_view(Permission.SCAN)
def look_up(request: StaffRequest) -> HttpResponse:
    """The member that `code` names, ready for an amount. By POST: numbers and codes belong in no address and no log."""
    text = request.POST.get("code", "")
    try:
        scanned = codes.read(text, request.merchant)
        refuse_guessing(request, scanned)
        member = _member(scanned)
    except DomainError as refusal:
        return draw_problem(request, count_miss(request, refusal))
    standing = standing_of(member.id)
    code = codes.note(scanned, request.merchant)
    words = member_words(member, standing, code, reader_language())
    return till.draw(request, "_member", {"member": words, "code": code or text})


def _member(scanned: Scanned) -> Member:
    member = queries.scanned(scanned)
    # Said now and not after the amount was typed. What decides is the write itself.
    if queries.is_used(scanned):
        raise CardAlreadyUsed
    return member
