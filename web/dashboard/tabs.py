"""The tabs of the programme: what they have in common, and which one a form of the draft's bar was sent from."""

from typing import Any

from django.http import HttpRequest

from loyalty import queries
from rewards.catalogue import cheapest_rewards
from web.access import StaffRequest, page_context
from web.dashboard.edited import Edited
from web.dashboard.example import example_of
from web.dashboard.preview import MOST_REWARDS, preview_of

PAGES = {"rules": "dashboard-programme", "units": "dashboard-units", "expiry": "dashboard-expiry"}


def page_asked(request: HttpRequest) -> str:
    """The name of the page to go back to: `tab` in the address says which; the first one otherwise."""
    return PAGES.get(request.GET.get("tab", ""), PAGES["rules"])


def tab_context(request: StaffRequest, tab: str, edited: Edited, known: dict[str, str]) -> dict[str, Any]:
    """What every tab shows around its work: the name, the version in force, the draft's bar, the live card."""
    return page_context(request, "programme") | {
        "tab": tab,
        "edited": edited,
        "version": edited.version,
        "since": queries.published_at(edited.in_force.number),
        "example": example_of(edited.version),
        "preview": preview_of(
            request.merchant,
            edited.version,
            edited.in_force,
            known,
            cheapest_rewards(MOST_REWARDS, request.merchant.locale),
        ),
    }
