"""A newcomer at the counter: a name and one contact, and the first amount can be typed."""

from contextlib import suppress

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.ids import public_id
from core.rate_limits import TooManyTries
from loyalty.membership.joining import enrol_member
from loyalty.programme.versions import version_in_force
from members import queries
from members.models import Member
from members.referring import ReferrerUnknown, read_referrer
from merchants.access import Permission
from web.access import StaffRequest, staff_view
from web.scanner import card_texts, till
from web.scanner.in_hand import in_hand
from web.scanner.misses import count_miss, refuse_looking_up

FIELDS = ("name", "phone", "email", "locale", "referred_by")


@staff_view(Permission.ENROL)
@require_POST
def enrol(request: StaffRequest) -> HttpResponse:
    """201 and the newcomer, greeted; 422 and the form with its errors. No consent is given in somebody's name."""
    said = {field: request.POST.get(field, "") for field in FIELDS}
    try:
        joined = enrol_member(
            merchant=request.merchant,
            name=said["name"],
            phone=said["phone"],
            email=said["email"],
            locale=said["locale"],
            source="scanner",
            location=till.place(request),
            actor_id=request.staff.id,
            referred_by=_referrer(request, said["referred_by"]),
        )
    except DomainError as refusal:
        return _form_again(request, said, refusal)
    code = public_id("mem", joined.member.id)
    words = in_hand(request, joined.member, code, note=code)
    return till.draw(request, "_member", words, status=201)


def _referrer(request: StaffRequest, text: str) -> Member | None:
    """Who sent the newcomer: by a card, a number or the friend's own code. Raises ReferrerUnknown, TooManyTries."""
    text = text.strip()
    if not text:
        return None
    with suppress(ReferrerUnknown):
        return read_referrer(text)
    try:
        scanned = card_texts.read(text, request.merchant)
        refuse_looking_up(request, scanned)
        return queries.scanned(scanned)
    except TooManyTries:
        raise
    except DomainError as refusal:
        counted = count_miss(request, refusal)
        raise (counted if isinstance(counted, TooManyTries) else ReferrerUnknown) from None


def _form_again(request: StaffRequest, said: dict[str, str], refusal: DomainError) -> HttpResponse:
    context: dict[str, object] = {
        "asks_referrer": till.asks_referrer(version_in_force()),
        "values": said,
        "errors": {refusal.field or "": refusal.detail},
    }
    if refusal.field not in FIELDS:
        context["enrol_problem"] = refusal.detail
    return till.draw(request, "_enrol", context, status=422)
