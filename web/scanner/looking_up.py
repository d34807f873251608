"""Who is this? A scanned or typed code becomes a name, a balance and a tier. Nothing is written."""

from django.http import HttpResponse

from core.errors import DomainError
from members import queries
from members.cards import CardAlreadyUsed, Scanned
from members.models import Member
from merchants.access import Permission
from web.access import StaffRequest, staff_view
from web.parts import form_of
from web.scanner import card_texts, till
from web.scanner.entering import say_what_it_is
from web.scanner.in_hand import in_hand
from web.scanner.misses import count_miss, refuse_looking_up
from web.scanner.problems import draw_problem
from web.scanner.taken import find_taken, show_taken


@form_of("scanner")
@staff_view(Permission.SCAN)
def look_up(request: StaffRequest) -> HttpResponse:
    """The member that `code` names, ready for an amount; or the reward, ready to be handed over. By POST: numbers and codes belong in no address and no log."""
    text = request.POST.get("code", "")
    try:
        taken = find_taken(text, request.merchant)
        if taken:
            return show_taken(request, taken, text)
        scanned = card_texts.read(text, request.merchant)
        refuse_looking_up(request, scanned)
        member = _member(scanned)
    except DomainError as refusal:
        told = say_what_it_is(refusal, text, request.merchant)
        return draw_problem(request, count_miss(request, told))
    note = card_texts.note(scanned, request.merchant)
    return till.draw(request, "_member", in_hand(request, member, text, note=note))


def _member(scanned: Scanned) -> Member:
    member = queries.scanned(scanned)
    # Said now and not after the amount was typed. What decides is the write itself.
    if queries.is_used(scanned):
        raise CardAlreadyUsed
    return member
