"""A reward that was taken before it came to the till, on the card or as a voucher: what is to be handed over, in one tap; or why it is not."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.ids import new_id
from loyalty.programme.versions import version_in_force
from loyalty.purchases.undoing import PurchaseUnknown
from merchants.access import Permission
from merchants.models import Merchant
from rewards.declines import RewardElsewhere
from rewards.handing import capture_redemption
from rewards.models import Redemption
from rewards.redemption import RedemptionUnknown, find_redemption
from rewards.saying import name_of, reader_of, say_until, say_when
from rewards.showing import read_taken
from rewards.terms import Refusal
from rewards.vouchers import read_voucher, voucher_of
from rewards.wording import say_refusal
from web.access import StaffRequest, staff_view
from web.parts import form_of
from web.places import names_by_id
from web.scanner import till
from web.scanner.problems import draw_problem, read_key, read_uuid
from web.scanner.tickets import draw_handed, waiting_words


class TakenOver(DomainError):
    """What was taken cannot be handed over any more: `code` says how it ended, `why` that and when."""

    message = "%(why)s"

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why=why)
        self.code = code


_OVER = {
    Redemption.Status.EXPIRED: (
        "taken_expired",
        _("%(name)s was set aside until %(when)s. %(member)s has the units back, and may take it again."),
    ),
    Redemption.Status.RELEASED: (
        "taken_released",
        _("%(name)s was let go at %(when)s. %(member)s has the units back, and may take it again."),
    ),
    Redemption.Status.CAPTURED: ("taken_handed_over", _("%(name)s was handed over at %(when)s.")),
    Redemption.Status.VOIDED: (
        "taken_given_back",
        _("%(name)s was given back at %(when)s. %(member)s has the units back, and may take it again."),
    ),
}


def find_taken(text: str, merchant: Merchant) -> UUID | None:
    """Of the code on a card's countdown, or of a voucher's; None for any other text. Raises CardForeign."""
    taken = read_taken(text, merchant)
    if taken:
        return taken
    voucher = read_voucher(text, merchant)
    return voucher.redemption.id if voucher else None


def show_taken(request: StaffRequest, redemption_id: UUID, text: str, *, card: str = "") -> HttpResponse:
    """What waits to be handed over, on the purchase of a moment ago if that was the same member's. Nothing is written.

    `card`: of the member in hand, who comes again after it; then the purchase is still to come.
    """
    try:
        waiting = _waiting(request, redemption_id)
    except DomainError as refusal:
        return draw_problem(request, refusal)
    words = waiting_words(waiting, version_in_force(), request)
    words |= {
        "until": say_until(waiting, request.merchant.time_zone),
        "is_voucher": waiting.serial is not None,
    }
    bought = None if card else till.bought_just_now(request, waiting.member_id)
    words |= {"key": str(new_id()), "card": card, "purchase": bought}
    return till.draw(request, "_waiting", {"waiting": words, "code": text})


@form_of("scanner")
@staff_view(Permission.SCAN)
def capture(request: StaffRequest) -> HttpResponse:
    """201 with what to hand over, 200 when it is a repetition, a 4xx with the reason and nothing written."""
    try:
        key = read_key(request.POST.get("key", ""))
        redemption_id = find_taken(request.POST.get("code", ""), request.merchant)
        if redemption_id is None:
            raise RedemptionUnknown
        bought = request.POST.get("purchase", "")
        place = till.place(request)
        answered = capture_redemption(
            merchant=request.merchant,
            redemption_id=redemption_id,
            key=key,
            actor_id=request.staff.id,
            location_id=place.id if place else None,
            purchase_id=read_uuid(bought, PurchaseUnknown) if bought else None,
        )
    except DomainError as refusal:
        return draw_problem(request, refusal)
    card = request.POST.get("card", "")
    return draw_handed(request, answered, then="amount" if card else "", code=card)


def _waiting(request: StaffRequest, redemption_id: UUID) -> Redemption:
    """Raises why it cannot be handed over here and now."""
    found = find_redemption(redemption_id)
    status = found.status_at(timezone.now())
    voucher = voucher_of(found.id, request.merchant)
    if voucher and voucher.why:
        said = gettext("%(what)s: %(said)s") % {"what": name_of(found), "said": voucher.why}
        raise TakenOver(f"voucher_{voucher.state}", said)
    if status in _OVER:
        code, sentence = _OVER[status]
        raise TakenOver(code, sentence % _story(found, status, request.merchant.time_zone))
    here = till.place(request)
    asked = [one["any"] for one in found.what["conditions"] if one["kind"] == "location"]
    if here and any(str(here.id) not in places for places in asked):
        reader = reader_of(request.merchant, version_in_force())
        why = say_refusal(Refusal("elsewhere", {"locations": asked[0]}), reader)
        raise RewardElsewhere(name=name_of(found), why=why)
    return found


def _story(found: Redemption, status: str, zone: str) -> dict[str, Any]:
    captured = status == Redemption.Status.CAPTURED
    at = found.captured_at if captured else found.closed_at
    over = found.held_until if status == Redemption.Status.EXPIRED else at
    when = say_when(over or found.held_until, zone)
    place = names_by_id().get(str(found.location_id), "") if captured else ""
    member = found.member.survivor.name or gettext("Member")
    return {"name": name_of(found), "member": member, "when": f"{when} ({place})" if place else when}
