"""What a browser tells about where its reader is: a first proposal in a form, never a decision."""

from babel.numbers import get_territory_currencies
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from core.languages import reader_language
from core.money import CURRENCIES

ZONE_OF_REGION = {
    "FR": "Europe/Paris", "BE": "Europe/Brussels", "CH": "Europe/Zurich", "LU": "Europe/Luxembourg",
    "DE": "Europe/Berlin", "ES": "Europe/Madrid", "IT": "Europe/Rome", "GB": "Europe/London", "IE": "Europe/Dublin",
    "PT": "Europe/Lisbon", "NL": "Europe/Amsterdam", "US": "America/New_York", "CA": "America/Toronto",
    "AU": "Australia/Sydney", "SE": "Europe/Stockholm", "NO": "Europe/Oslo", "DK": "Europe/Copenhagen",
    "PL": "Europe/Warsaw", "CZ": "Europe/Prague", "MA": "Africa/Casablanca", "TN": "Africa/Tunis",
    "SN": "Africa/Dakar", "CI": "Africa/Abidjan", "JP": "Asia/Tokyo",
}  # fmt: skip


def guess_place(request: HttpRequest) -> dict[str, str]:
    """Time zone and currency by the region of the browser's languages; Paris and euros when they tell none."""
    header = request.headers.get("Accept-Language", "")[:200]
    tags = [tag for tag, _weight in parse_accept_lang_header(header) if tag[:2] == reader_language()]
    regions = (tag.partition("-")[2].upper() for tag in tags)
    region = next((region for region in regions if region in ZONE_OF_REGION), "FR")
    currency = next((code for code in get_territory_currencies(region) if code in CURRENCIES), "EUR")
    return {"time_zone": ZONE_OF_REGION[region], "currency": currency}
