"""What is typed or scanned at the till while the amount is asked for: a code from a packet, for the member in hand, of whom
the amount comes next; or a reward that somebody took before, which is opened.
"""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.ids import key_within
from loyalty.codes.texts import LONGEST_TYPED, bare, place_of
from loyalty.codes.using import enter_code
from members import queries
from members.cards import CardUnreadable
from merchants.access import Permission
from merchants.models import Merchant
from studio.links import is_address_of
from web.access import StaffRequest, staff_view
from web.codes import say_code_given
from web.parts import form_of
from web.scanner import card_texts, till
from web.scanner.in_hand import in_hand
from web.scanner.misses import count_miss, refuse_looking_up
from web.scanner.problems import draw_problem, read_key
from web.scanner.taken import find_taken, show_taken


class CardFirst(DomainError):
    """A packet's code where a card was asked for."""

    code = "card_first"
    message = _("This is a code from a packet. Scan the member’s card first, then enter the code.")
    field = "card"


class CardInHand(DomainError):
    """A card where a packet's code was asked for: somebody else waits."""

    code = "card_in_hand"
    message = _("This is a card. Finish with this member first, or press “Scan again”.")
    field = "typed"


class LinkInstead(DomainError):
    """The shop's own printed link: a poster's, say, that hangs beside the till."""

    code = "link_instead"
    message = _("This is your shop’s link, not a card: people join by it. Scan the member’s card.")
    field = "card"


def say_what_it_is(refusal: DomainError, text: str, merchant: Merchant) -> DomainError:
    """The refusal of a text that is no card: of a packet's code or the shop's own link, what to do instead."""
    if not isinstance(refusal, CardUnreadable):
        return refusal
    if is_address_of(text, merchant):
        return LinkInstead()
    is_packets = "/codes?code=" in text or place_of(merchant.id, bare(text)) is not None
    return CardFirst() if is_packets else refusal


@form_of("scanner")
@staff_view(Permission.SCAN)
def enter(request: StaffRequest) -> HttpResponse:
    """The member again, with the new balance and what the code gave. One code under one key counts once. For a voucher, or the
    code of a reward that was taken: what waits to be handed over, and the member comes again after it.
    """
    text = request.POST.get("code", "")
    try:
        taken = find_taken(request.POST.get("typed", "")[:LONGEST_TYPED], request.merchant)
        if taken:
            return show_taken(request, taken, request.POST.get("typed", ""), card=text)
        key = read_key(request.POST.get("key", ""))
        typed = _read_typed(request)
        who = card_texts.read(text, request.merchant)
        refuse_looking_up(request, who)
        place = till.place(request)
        answered = enter_code(
            merchant=request.merchant,
            who=who,
            typed=typed,
            key=key_within(key, f"code {bare(typed)}"),
            asked=["scanner", text, bare(typed)],
            actor_id=request.staff.id,
            location_id=place.id if place else None,
            channel="scanner",
        )
        member = queries.scanned(who)
    except DomainError as refusal:
        return draw_problem(request, count_miss(request, refusal))
    words = in_hand(request, member, text, note=text, said=say_code_given(answered))
    return till.draw(request, "_member", words)


def _read_typed(request: StaffRequest) -> str:
    """Raises CardInHand, LinkInstead."""
    typed = request.POST.get("typed", "")[:LONGEST_TYPED]
    if is_address_of(typed, request.merchant):
        raise LinkInstead
    if "/q/" in typed.lower() and "code=" not in typed:  # a shop's address may begin with q too
        raise CardInHand
    return typed
