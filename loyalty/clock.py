"""The clock of the shop in whose scope this is asked. Whoever has the merchant in hand asks its `time_zone` instead."""

import datetime as dt

from django.utils import timezone

from core.tenancy import current_merchant_id
from loyalty.rules.calendar import local_day
from merchants.models import Merchant


def zone_there() -> str:
    """The name of its time zone: Europe/Paris. One query."""
    return Merchant.objects.values_list("time_zone", flat=True).get(id=current_merchant_id())


def today_there() -> dt.date:
    """The day of its calendar. One query."""
    return local_day(timezone.now(), zone_there())
