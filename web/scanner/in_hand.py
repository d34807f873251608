"""The member in the cashier's hand: who, what may be told and given, and the amount comes next."""

from typing import Any

from core.languages import reader_language
from members.models import Member
from rewards.asking import guest
from web.access import StaffRequest
from web.scanner import till
from web.scanner.giving import acts_offered
from web.scanner.paying import pay_choices
from web.scanner.set_aside import set_aside
from web.scanner.tickets import tickets_of
from web.scanner.words import member_words


def in_hand(
    request: StaffRequest, member: Member, text: str, *, note: str = "", said: str = ""
) -> dict[str, Any]:
    """As `scanner/_member.html` takes it. `text` names the member, but for a `note` that takes its place; `said`: what
    just came about.
    """
    asks = guest(member, request.merchant, location_id=till.location_id(request))
    words = member_words(member, asks.standing, note, reader_language())
    code = note or text
    pay = pay_choices(asks.standing, member, code)
    proof = request.POST.get("proof", "")  # of a reward that was taken a moment ago
    offered = {"pay": pay, "proof": proof, "acts": acts_offered(asks.standing.version)}
    offered |= {"set_aside": set_aside(member, request.merchant)}
    said_too = {"said": said} if said else {}
    return offered | tickets_of(request, asks) | {"member": words | said_too, "code": code}
