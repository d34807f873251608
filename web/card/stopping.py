"""Ending letters of one kind from the letter itself, without signing in: one click, and one more to take it back.

A letter is forwarded, and lies in boxes for years: so its link stops for ever, and takes back only its own stop, minutes
later. Any other yes needs the card. Mail programs press the button by themselves (RFC 8058), so a POST needs neither a cookie nor a token of ours; the
address is signed and can do this and nothing else. Fetching it does nothing, for mail scanners fetch every link.
"""

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core import tenancy
from core.rate_limits import count_if_counting
from members import queries
from members.cards import MemberUnknown
from members.links import LinkUnreadable, read_stop
from members.models import Consent, Member
from members.profiles import last_answer, set_consent
from web.card.session import MerchantRequest, holds_card, language_of, merchant_view

TAKEN_BACK_WITHIN = dt.timedelta(minutes=30)
# Stopping is never refused, and changes nothing when it is repeated; each yes is a row that is kept for ever.
MOST_TAKEN_BACK, BACK_SECONDS = 5, 3600


@csrf_exempt
@merchant_view
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: MerchantRequest, token: str) -> HttpResponse:
    """A button, or after it the word that it is done. 410 when the link is altered or its member is gone.

    403 for a yes that the link cannot give: then nothing has changed.
    """
    status = 200
    try:
        member_id, purpose = read_stop(token, request.merchant)
        with tenancy.scope(request.merchant.id):
            member = queries.member(member_id)
            if "again" in request.POST:
                status = 200 if _take_back(request, member, purpose) else 403
            elif request.method == "POST":
                set_consent(member=member, purpose=purpose, given=False, source="letter")
            words = _words(request, member, purpose)
    except (LinkUnreadable, MemberUnknown):
        return _page(request, {"is_gone": True}, status=410)
    with override(language_of(request, member)):
        return _page(request, words | {"what": purpose.label}, status=status)


def _take_back(request: MerchantRequest, member: Member, purpose: Consent.Purpose) -> bool:
    """Whether it was this request's to say yes; then it is noted. Raises TooManyTries."""
    if not _may_take_back(request, member, last_answer(member, purpose)):
        return False
    count_if_counting("stop-again", member.id, purpose, most=MOST_TAKEN_BACK, seconds=BACK_SECONDS)
    set_consent(member=member, purpose=purpose, given=True, source="letter")
    return True


def _may_take_back(request: MerchantRequest, member: Member, last: Consent | None) -> bool:
    """The link's own stop, minutes old and nothing said since; or a browser with the member's card."""
    if last is not None and last.source == "letter" and timezone.now() - last.recorded_at < TAKEN_BACK_WITHIN:
        return True
    return holds_card(request, request.merchant, member)


def _words(request: MerchantRequest, member: Member, purpose: Consent.Purpose) -> dict[str, object]:
    last = last_answer(member, purpose)
    return {
        "member": member,
        "given": last is not None and last.given,
        "may_take_back": _may_take_back(request, member, last),
    }


def _page(request: MerchantRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    return render(request, "card/stop.html", {"merchant": request.merchant, **context}, status=status)
