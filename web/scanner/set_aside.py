"""What a member has taken before, on the card or as a voucher, and what the till has not handed over yet: the first of the tickets."""

from typing import Any

from django.utils.translation import gettext

from core.ids import new_id
from core.languages import reader_language
from loyalty.wording.reader import Reader
from members.models import Member
from merchants.models import Merchant
from rewards.models import Redemption
from rewards.pictures import picture_path
from rewards.queries import waiting_for
from rewards.saying import name_of, say_until
from rewards.wording import say_bill

MOST_SHOWN = 6  # of a member with a drawer full of vouchers: what runs out first


def set_aside(member: Member, merchant: Merchant) -> list[dict[str, Any]]:
    """As `scanner/_ticket.html` takes them, each with the key of its tap: what runs out first before. Two queries."""
    reader = Reader(reader_language(), merchant.currency)
    return [
        {
            "redemption": str(taken.id),
            "key": str(new_id()),
            "name": name_of(taken),
            "cost": _say_how_long(taken, merchant),
            "free": say_bill(taken.what["kind"], taken.what["value"], reader),
            "picture": picture_path(merchant, taken.reward),
        }
        for taken in waiting_for(member.id)[:MOST_SHOWN]
    ]


def _say_how_long(taken: Redemption, merchant: Merchant) -> str:
    until = say_until(taken, merchant.time_zone)
    if taken.serial is None:
        return gettext("Until %(when)s") % {"when": until}
    return gettext("Good until %(day)s") % {"day": until}
