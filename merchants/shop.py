"""What a merchant says of itself: name, line beneath, trade, language, time zone, colour. Its currency stays as opened:
prices, purchases and tiers are written in it."""

import zoneinfo

from django.conf import settings

from core import events
from core.text import read_text
from merchants.branding import read_colour
from merchants.models import Merchant, StaffMember
from merchants.onboarding import NameMissing, SettingUnknown


def change_shop(
    *,
    merchant: Merchant,
    name: str,
    tagline: str,
    trade: str,
    locale: str,
    time_zone: str,
    actor: StaffMember | None,
) -> None:
    """Addresses and printed codes stay as they are. Raises NameMissing, SettingUnknown, TextTooLong, TextForbidden."""
    wanted = {
        "name": read_text(name, limit=80, field="name"),
        "tagline": read_text(tagline, limit=60, field="tagline"),
        "trade": trade,
        "locale": locale,
        "time_zone": time_zone,
    }
    if not wanted["name"]:
        raise NameMissing
    if trade not in Merchant.Trade.values:
        raise SettingUnknown(field="trade")
    if locale not in dict(settings.LANGUAGES):
        raise SettingUnknown(field="locale")
    if time_zone not in zoneinfo.available_timezones():
        raise SettingUnknown(field="time_zone")
    _change(merchant, wanted, actor)


def change_colour(*, merchant: Merchant, brand_colour: str, actor: StaffMember | None) -> None:
    """The members' pages take it within minutes. Raises ColourUnreadable."""
    _change(merchant, {"brand_colour": read_colour(brand_colour)}, actor)


def _change(merchant: Merchant, wanted: dict[str, str], actor: StaffMember | None) -> None:
    """Write what differs; without a difference nothing happens."""
    changed = [field for field, value in wanted.items() if getattr(merchant, field) != value]
    for field in changed:
        setattr(merchant, field, wanted[field])
    if changed:
        merchant.save(update_fields=changed)
        events.record("merchant.changed", {"fields": changed, "actor": str(actor.id) if actor else None})
