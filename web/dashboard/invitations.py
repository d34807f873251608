"""The page behind an invitation's link: who invites, to what, and one button. Looking at it changes nothing.

Who has no account signs up with the address that got the letter, and proves it as everybody does: whoever looks at a
link may have got it from somebody else. The page does not say which address that was, nor whether it has an account.
"""

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import tenancy
from core.rate_limits import count_if_counting
from merchants import invitations
from merchants.models import Invitation, Merchant, User
from web.dashboard.doors import INVITATION

MOST_LOOKS_AN_HOUR = 60  # of one network: a whole team may sit behind it


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The offer; posting takes it, signed in with the invited address."""
    count_if_counting("invitation", request.META["REMOTE_ADDR"], most=MOST_LOOKS_AN_HOUR, seconds=3600)
    try:
        offer = invitations.read_token(token)
        merchant = Merchant.objects.get(id=offer.merchant_id)
        with tenancy.scope(merchant.id):
            found = invitations.standing_invitation(offer)
            if request.method == "POST" and request.user.is_authenticated:
                invitations.accept(
                    offer=offer, user=request.user, proven=_proven(request.user), merchant=merchant
                )
                return _welcome(request, merchant)
            return _show(request, found, merchant, token)
    except (invitations.InvitationGone, Merchant.DoesNotExist):
        request.session.pop(INVITATION, None)
        return render(request, "dashboard/invitation_gone.html", status=410)
    except invitations.InvitationForAnother as refusal:
        return _for_another(request, refusal)


def _show(request: HttpRequest, found: Invitation, merchant: Merchant, token: str) -> HttpResponse:
    context = {
        "merchant": merchant,
        "inviter": str(found.invited_by.user) if found.invited_by else merchant.name,
        "role": found.get_role_display(),
    }
    if not request.user.is_authenticated:
        request.session[INVITATION] = token
    elif found.email not in _proven(request.user):
        return _for_another(request, invitations.InvitationForAnother())
    return render(request, "dashboard/invitation.html", context)


def _for_another(request: HttpRequest, refusal: invitations.InvitationForAnother) -> HttpResponse:
    """Say so once; the desk must not send them here again and again."""
    request.session.pop(INVITATION, None)
    return render(request, "dashboard/invitation_other.html", {"detail": refusal.detail}, status=403)


def _welcome(request: HttpRequest, merchant: Merchant) -> HttpResponse:
    request.session.pop(INVITATION, None)
    messages.success(request, _("Welcome to the team of %(merchant)s.") % {"merchant": merchant.name})
    return redirect("dashboard-door", merchant.slug)


def _proven(user: User) -> set[str]:
    """The addresses that this user has shown to read."""
    found = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {address.lower() for address in found}
