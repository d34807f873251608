"""Whether it is the member who spends: what the till asks where the card is one that anybody can copy."""

from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext

from core.errors import DomainError
from members import queries
from members.cards import Scanned
from members.models import Member
from merchants.access import Permission
from rewards.proof import PinLocked, ProofWrong, SecondProofNeeded, ask_code, proven, ways_of
from web.access import StaffRequest, staff_view
from web.parts import form_of, wants_part
from web.scanner import card_texts, till
from web.scanner.in_hand import in_hand
from web.scanner.misses import count_miss, refuse_looking_up
from web.scanner.problems import REFUSED, draw_problem

# After these there is something that the member can still do at this till.
_ASKS = (SecondProofNeeded, ProofWrong, PinLocked)


def member_named(request: StaffRequest) -> tuple[Scanned, Member]:
    """Whose card or number the form carries. Raises what cards and look-ups raise."""
    who = card_texts.read(request.POST.get("code", "").strip(), request.merchant)
    refuse_looking_up(request, who)
    return who, queries.scanned(who)


def prove_it_is(
    request: StaffRequest, who: Scanned, member: Member, key: UUID
) -> AbstractContextManager[str]:
    """Around what is done for the member under `key`; a text that proves it for the next reward too. Raises as `rewards.proof.prove`."""
    return proven(
        merchant=request.merchant,
        scanned=who,
        member=member,
        actor_id=request.staff.id,
        key=key,
        given=request.POST.get("proof", ""),
    )


def draw_refusal(request: StaffRequest, refusal: DomainError) -> HttpResponse:
    """The field for the PIN or the code, if that is what is missing and there is a way; else the refusal. Nothing was written."""
    if isinstance(refusal, _ASKS):
        _who, member = member_named(request)
        ways = ways_of(member)
        has_pin = ways.pin and not isinstance(refusal, PinLocked)
        if has_pin or ways.code:
            error = "" if isinstance(refusal, SecondProofNeeded) else refusal.detail
            asked = {"pin": has_pin, "code": ways.code, "error": error}
            return _draw(request, member, asked, status=REFUSED)
    return draw_problem(request, count_miss(request, refusal))


@form_of("scanner")
@staff_view(Permission.SCAN)
def send_code(request: StaffRequest) -> HttpResponse:
    """Six digits to the member's own e-mail, and the field again; where a bill is to be paid, the field is there already."""
    try:
        _who, member = member_named(request)
        ask_code(member=member, actor_id=request.staff.id)
    except DomainError as refusal:
        return draw_problem(request, count_miss(request, refusal))
    said = gettext("The code is on its way. It is good for ten minutes, at this till alone.")
    if request.POST.get("pays", ""):
        return _draw_beside_the_amount(request, member, said)
    asked = {"pin": ways_of(member).pin, "code": True, "said": said}
    return _draw(request, member, asked, status=200)


def _draw_beside_the_amount(request: StaffRequest, member: Member, said: str) -> HttpResponse:
    if wants_part(request):
        return till.draw(request, "_sent", {"said": said})
    code = request.POST.get("code", "").strip()
    return till.draw(request, "_member", in_hand(request, member, code, said=said))


def _draw(request: StaffRequest, member: Member, asked: dict[str, Any], *, status: int) -> HttpResponse:
    fields = {
        name: request.POST.get(name, "")
        for name in ("key", "code", "reward", "redemption", "purchase", "then")
    }
    words = asked | {"name": member.name or gettext("Member"), "fields": fields}
    return till.draw(request, "_proof", {"asked": words}, status=status)
