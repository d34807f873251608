"""Opening for business: a merchant with its first location and its first programme, in one transaction."""

from django.db import transaction

from core import tenancy
from loyalty.programme.beginning import start_programme
from merchants.models import Merchant, User
from merchants.onboarding import open_merchant


def open_for_business(
    *,
    owner: User,
    name: str,
    location_name: str,
    trade: str = Merchant.Trade.CAFE,
    currency: str = "EUR",
    time_zone: str = "Europe/Paris",
    locale: str = "en",
    brand_colour: str = "#1f4d3a",
    slug: str = "",
    welcome: int = 0,
) -> Merchant:
    """A merchant that can take its first member: points are on, tiers are the owner's to add. Raises as `open_merchant`."""
    with transaction.atomic():
        merchant = open_merchant(
            owner=owner,
            name=name,
            location_name=location_name,
            trade=trade,
            currency=currency,
            time_zone=time_zone,
            locale=locale,
            brand_colour=brand_colour,
            slug=slug,
        )
        with tenancy.scope(merchant.id):
            start_programme(merchant=merchant, name=merchant.name, welcome=welcome)
    return merchant
