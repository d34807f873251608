"""A tier as every surface shows it: its dot, its ink, and how far the next one is. It reads nothing."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core.languages import reader_language
from core.money import say_money
from loyalty.rules.types import Tier

METALS = ("bronze", "silver", "gold")


def pip_at(place: int) -> str:
    """The dot of a tier by its place from the lowest, 0 first: bronze, silver, gold, then ink."""
    return METALS[place] if place < len(METALS) else str(place + 1)


def pip_of(tier: Tier | None, tiers: Sequence[Tier]) -> str:
    """The same, of a tier in its ladder, which stands lowest first. Empty without a tier."""
    return pip_at(tiers.index(tier)) if tier else ""


def ink_of(tier: Tier | None, tiers: Sequence[Tier]) -> str:
    """What a tier's seal is stamped with: its metal, or the merchant's own colour beyond the third."""
    pip = pip_of(tier, tiers)
    return pip if pip in METALS else "brand"


def say_way_to(tier: str, left_minor: int, currency: str) -> str:
    """ "€38 to Gold"."""
    money = say_money(max(left_minor, 0), currency, reader_language(), short=True)
    return _("%(money)s to %(tier)s") % {"money": money, "tier": tier}
