"""A camera opened a printed link: to the page of its merchant's that follows from its kind, counted once a person and day.

No text of a merchant's is part of where it leads. Whoever scans keeps a random word until the shop's midnight, for this
merchant's links and its card alone: `studio.counting` says what becomes of it. What asks without being a person with a camera,
a preview in a chat or a search engine, is led there and not counted.
"""

import re
import secrets
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from core import tenancy
from core.rate_limits import TooManyTries, count_if_counting, refuse_if_counting
from merchants.models import Merchant
from merchants.queries import merchant_by_number
from rewards.models import Reward
from studio.counting import count_opened, count_scan, seconds_of_day_left
from studio.links import find_link, leading_link, letters_of, number_of
from studio.models import Link
from web.card.session import MerchantRequest, card_path

# The word goes to two places: where the next scan arrives, and where the page behind it is.
SCANNED, SEEN = "habitue_scan", "habitue_seen"
LONGEST_WORD = 64
# A full café behind one address scans the poster within the hour; a script does so in a minute, and is led on uncounted.
MOST_SCANS, SCANS_SECONDS = 300, 3600
# A torn code is tried again and again by its owner; whoever tries other letters is looking for links, and then finds none.
MOST_MISSES, MISSES_SECONDS = 60, 600
# Programs that call themselves browsers, and open what others send before anybody looks: by the word in which they say so.
PROGRAMS = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|embed|fetch|monitor|curl|wget"  # a Cubot is a phone
    r"|python|java/|okhttp|go-http|headless|lighthouse|inspectiontool",
    re.IGNORECASE,
)


@require_safe
def follow(request: HttpRequest, shop: str, letters: str) -> HttpResponse:
    """302 to the page; for a link that was stopped, a page that says so. 404 for what is no link, 429 after many of those."""
    refuse_if_counting("link-missed", request.META["REMOTE_ADDR"], most=MOST_MISSES)
    merchant = _merchant(request, shop)
    with tenancy.scope(merchant.id):
        link = find_link(letters)
        if link is None:
            raise _missed(request)
        if link.stopped_at is not None:
            response = render(request, "card/stopped_link.html", {"merchant": merchant}, status=410)
        else:
            response = redirect(_page_of(link, merchant))
            if is_person(request) and _may_count(request, merchant):
                _count(request, response, link, merchant)
    add_never_cache_headers(response)
    return response


def note_opened(request: MerchantRequest) -> None:
    """Who scanned the link in this page's address today has seen the page now. In any scope of the merchant's, or none. No
    query where the address names no link, or nobody scanned."""
    letters, word = request.GET.get("link", ""), request.COOKIES.get(SEEN, "")
    if not (letters and word and is_person(request)):
        return
    with tenancy.scope(request.merchant.id):
        link = leading_link(letters)
        if link is not None:
            count_opened(link, request.merchant, word, timezone.now())


def is_person(request: HttpRequest) -> bool:
    """Whether somebody is about to look at this, as far as the request tells."""
    agent, purpose = request.headers.get("User-Agent", ""), request.headers.get("Sec-Purpose", "")
    early = purpose or request.headers.get("Purpose", "") or request.headers.get("X-Purpose", "")
    asked_for = request.headers.get("Sec-Fetch-Dest", "document")
    return (
        request.method == "GET"
        and agent.startswith("Mozilla/")  # as every browser's begins; most programs say their own name
        and not PROGRAMS.search(agent)
        and not early
        and request.headers.get("X-Moz", "") != "prefetch"
        and asked_for == "document"
    )


def _merchant(request: HttpRequest, shop: str) -> Merchant:
    number = number_of(shop)
    merchant = merchant_by_number(number) if number is not None else None
    if merchant is None:
        raise _missed(request)
    return merchant


def _missed(request: HttpRequest) -> Http404:
    """Raises TooManyTries from an address that tries one after the other."""
    count_if_counting("link-missed", request.META["REMOTE_ADDR"], most=MOST_MISSES, seconds=MISSES_SECONDS)
    return Http404()


def _page_of(link: Link, merchant: Merchant) -> str:
    """By names of our own routes. A reward that is not offered any more leads to those that are."""
    if link.reward_id is None:
        page = reverse("card-join", args=[merchant.slug])
    elif Reward.objects.filter(id=link.reward_id, status=Reward.Status.LIVE).exists():
        page = reverse("card-reward", args=[merchant.slug, link.reward_id])
    else:
        page = reverse("card-rewards", args=[merchant.slug])
    return f"{page}?{urlencode({'link': link.letters})}"


def _may_count(request: HttpRequest, merchant: Merchant) -> bool:
    who = (merchant.id, request.META["REMOTE_ADDR"])
    try:
        count_if_counting("link-scans", *who, most=MOST_SCANS, seconds=SCANS_SECONDS)
    except TooManyTries:
        return False
    return True


def _count(request: HttpRequest, response: HttpResponse, link: Link, merchant: Merchant) -> None:
    now = timezone.now()
    known = request.COOKIES.get(SCANNED, "")
    word = known if 0 < len(known) <= LONGEST_WORD else secrets.token_urlsafe(16)
    count_scan(link, merchant, word, now)
    ours = {SCANNED: f"/q/{letters_of(merchant.number)}/", SEEN: card_path(merchant)}
    for name, path in ours.items():
        response.set_cookie(
            name,
            word,
            max_age=seconds_of_day_left(merchant, now),
            path=path,
            secure=settings.SECURE,
            httponly=True,
            samesite="Lax",
        )
