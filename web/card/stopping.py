"""Ending letters of one kind from the letter itself, without signing in: one click, and one more to take it back.

Mail programs press the button by themselves (RFC 8058), so a POST needs neither a cookie nor a token of ours; the
address is signed and can do this and nothing else. Fetching it does nothing, for mail scanners fetch every link.
"""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core import tenancy
from members import queries
from members.cards import MemberUnknown
from members.links import LinkUnreadable, read_stop
from members.models import Consent, Member
from members.profiles import consents_of, set_consent
from web.card.session import MerchantRequest, language_of, merchant_view


@csrf_exempt
@merchant_view
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: MerchantRequest, token: str) -> HttpResponse:
    """A button, or after it the word that it is done. 410 when the link is altered or its member is gone."""
    try:
        member_id, purpose = read_stop(token, request.merchant)
        with tenancy.scope(request.merchant.id):
            member = queries.member(member_id)
            if request.method == "POST":
                set_consent(member=member, purpose=purpose, given="again" in request.POST, source="letter")
            given = consents_of(member).get(purpose, False)
    except (LinkUnreadable, MemberUnknown):
        return _page(request, {"is_gone": True}, status=410)
    with override(language_of(request, member)):
        return _page(request, _words(member, purpose, given=given))


def _words(member: Member, purpose: Consent.Purpose, *, given: bool) -> dict[str, object]:
    return {"member": member, "what": purpose.label, "given": given}


def _page(request: MerchantRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    return render(request, "card/stop.html", {"merchant": request.merchant, **context}, status=status)
