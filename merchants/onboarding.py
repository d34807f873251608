"""Opening a merchant: the business, its owner and its first location, in one transaction."""

import secrets
import zoneinfo

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core import events, money, tenancy
from core.errors import DomainError
from core.ids import new_id
from core.text import read_text
from merchants.branding import read_colour
from merchants.models import Location, Merchant, StaffMember, User
from merchants.team import add_staff

# Words that are addresses of our own.
RESERVED = frozenset(
    {"new", "api", "admin", "static", "dev", "accounts", "login", "scan", "habitue", "invitations"}
)


class NameMissing(DomainError):
    """A name is needed."""

    code = "name_missing"
    message = _("Write a name.")
    field = "name"


class NameTaken(DomainError):
    """Another one of this merchant's has the name already."""

    code = "name_taken"
    message = _("There is one of that name already.")
    field = "name"


class SettingUnknown(DomainError):
    """A currency, time zone or language that we do not know."""

    code = "setting_unknown"
    message = _("Choose one from the list.")


def open_merchant(
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
) -> Merchant:
    """A new merchant with `owner` as its owner. Raises NameMissing, SettingUnknown, ColourUnreadable."""
    name, location_name = read_text(name, limit=80, field="name"), read_text(location_name, limit=80)
    if not name:
        raise NameMissing
    if not location_name:
        raise NameMissing(field="location_name")
    if currency not in money.CURRENCIES:
        raise SettingUnknown(field="currency")
    if time_zone not in zoneinfo.available_timezones():
        raise SettingUnknown(field="time_zone")
    merchant = Merchant(
        id=new_id(),
        name=name,
        trade=trade,
        currency=currency,
        time_zone=time_zone,
        locale=locale,
        brand_colour=read_colour(brand_colour),
    )
    with tenancy.scope(merchant.id):
        _save_under_free_slug(merchant, slug or name)
        Location.objects.create(name=location_name)
        add_staff(user=owner, role=StaffMember.Role.OWNER, merchant=merchant)
        events.record("merchant.opened", {"merchant": str(merchant.id)})
    return merchant


def _save_under_free_slug(merchant: Merchant, wanted: str) -> None:
    """Somebody may take the same address at the same moment: then the next free one."""
    for _try in range(5):
        merchant.number, merchant.slug = secrets.randbits(32), _free_slug(wanted)
        try:
            with transaction.atomic():
                merchant.save(force_insert=True)
        except IntegrityError:
            continue
        return
    raise NameTaken


def _free_slug(name: str) -> str:
    base = slugify(name)[:40].strip("-") or "merchant"
    taken = set(Merchant.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED
    if base not in taken:
        return base
    return next(f"{base}-{number}" for number in range(2, len(taken) + 3) if f"{base}-{number}" not in taken)
