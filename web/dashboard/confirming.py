"""The word for what waits: units of a purchase or of a gift become usable, from the line of the story that tells of them."""

from uuid import UUID

import orjson
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from core.errors import DomainError
from core.ids import key_within
from core.languages import reader_language
from loyalty.happenings.taking_back import HappeningUnknown
from loyalty.programme.versions import version_in_force
from loyalty.purchases import queries
from loyalty.units.confirming import confirm_happening, confirm_purchase
from loyalty.wording import say_units
from merchants.access import Permission
from web.access import StaffRequest, staff_view
from web.dashboard.whose import member_or_404


@staff_view(Permission.CANCEL_PURCHASES)
def confirmation(request: StaffRequest, member_id: UUID, cause_id: UUID) -> HttpResponse:
    """Confirm all that waits of it; however often the button is pressed, once. Opened by hand, it is the member's page."""
    member = member_or_404(member_id)
    if request.method == "POST":
        try:
            messages.success(request, _confirm(request, cause_id))
        except HappeningUnknown:
            raise Http404 from None
        except DomainError as refusal:
            messages.error(request, refusal.detail)
    return redirect("dashboard-member", request.merchant.slug, member.id)


def _confirm(request: StaffRequest, cause_id: UUID) -> str:
    """What was done, in words."""
    key, actor_id = key_within(cause_id, "confirmed at the desk"), request.staff.id
    if queries.purchase(cause_id) is not None:
        answered = confirm_purchase(
            merchant=request.merchant, purchase_id=cause_id, key=key, actor_id=actor_id
        )
    else:
        answered = confirm_happening(
            merchant=request.merchant, happening_id=cause_id, key=key, actor_id=actor_id
        )
    units = {unit.code: unit for unit in version_in_force().units}
    parts = [
        say_units(units[part["unit"]], part["amount"], reader_language())
        for part in orjson.loads(answered.body)["confirmed"]
        if part["unit"] in units
    ]
    return gettext("Confirmed: %(units)s.") % {"units": ", ".join(parts)}
