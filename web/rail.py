"""The desk's rail, as one list: the layout draws it twice, at the left of a desk and at the bottom of a phone.

It shows what one's role opens; who may, `merchants.access` says. It asks the database nothing.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from merchants.access import Permission, may
from merchants.models import Merchant, StaffMember


@dataclass(frozen=True)
class Place:
    """A page of the rail. `thumb` is its place in a phone's bar, 0 for the menu behind "More"."""

    key: str
    word: Any
    icon: str
    permission: Permission
    thumb: int = 0

    @property
    def route(self) -> str:
        """The URL's name."""
        return f"dashboard-{self.key}"


PLACES = (
    Place("home", _("Home"), "house", Permission.SEE_FIGURES, thumb=1),
    Place("programme", _("Programme"), "stamp", Permission.EDIT_PROGRAMME, thumb=4),
    Place("rewards", _("Rewards"), "gift", Permission.EDIT_PROGRAMME),
    Place("studio", _("QR studio"), "qr-code", Permission.PRINT_POSTER),
    Place("members", _("Members"), "users", Permission.SEE_MEMBERS, thumb=2),
    Place("locations", _("Locations"), "map-pin", Permission.EDIT_LOCATIONS),
    Place("team", _("Team"), "id-card", Permission.MANAGE_TEAM),
    Place("keys", _("API keys"), "key-round", Permission.MANAGE_KEYS),
    Place("settings", _("Settings"), "settings", Permission.EDIT_SHOP),
)


def rail_of(merchant: Merchant, staff: StaffMember, current: str) -> dict[str, Any]:
    """`rail`: all links; `thumbs`: those of the phone's bar, the till among them; `more`: the rest."""
    links = [_link(place, merchant, current) for place in PLACES if may(staff, place.permission)]
    scan = {
        "key": "scan",
        "word": _("Scan"),
        "icon": "scan-line",
        "href": f"/scan/{merchant.slug}/",
        "thumb": 3,
    }
    more = [link for link in links if not link["thumb"]]
    return {
        "rail": links,
        "thumbs": sorted([scan, *(link for link in links if link["thumb"])], key=lambda link: link["thumb"]),
        "more": more,
        "more_is_current": any(link["current"] for link in more),
    }


def _link(place: Place, merchant: Merchant, current: str) -> dict[str, Any]:
    return {
        "key": place.key,
        "word": place.word,
        "icon": place.icon,
        "href": reverse(place.route, args=[merchant.slug]),
        "current": place.key == current,
        "thumb": place.thumb,
    }
