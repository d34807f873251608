"""The last things that a cashier did at a till: purchases and rewards that were handed over, newest first."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from core.ids import moment_of
from core.languages import reader_language
from core.money import say_money
from loyalty.models import Purchase
from loyalty.rules.types import Version
from loyalty.wording import say_figure, say_number
from merchants.models import Merchant
from rewards.models import Redemption
from rewards.saying import name_of


@dataclass(frozen=True)
class Last:
    """One of them, as the templates show it. `what`: how much money, or the reward; `cancels`: where its undo is sent, empty
    where nothing is left to undo; `over`: how it ended, if it did.
    """

    id: UUID
    at: dt.datetime
    member: str
    what: str
    gain: str
    cancels: str
    over: str


def of_purchase(purchase: Purchase, merchant: Merchant) -> Last:
    """No query."""
    language, over = reader_language(), ""
    if purchase.cancelled_at or purchase.ended_at:
        over = gettext("cancelled") if purchase.cancelled_at else gettext("refunded")
    cancels = "" if purchase.ended_at else reverse("scanner-cancellation", args=[merchant.slug, purchase.id])
    return Last(
        purchase.id,
        moment_of(purchase.id),
        str(purchase.member),
        say_money(purchase.amount_minor, purchase.currency, language),
        f"+{say_number(purchase.awarded, language)}",
        cancels,
        over,
    )


def of_handing(handed: Redemption, merchant: Merchant, version: Version) -> Last:
    """No query."""
    is_back = handed.status == Redemption.Status.VOIDED
    unit = next((one for one in version.units if one.id == str(handed.unit_id)), version.units[0])
    figure = say_figure(unit, handed.cost, reader_language(), version.currency)[0]
    cancels = "" if is_back else reverse("scanner-redemption-undo", args=[merchant.slug, handed.id])
    assert handed.captured_at is not None  # handed over
    return Last(
        handed.id,
        handed.captured_at,
        str(handed.member),
        name_of(handed),
        f"−{figure}" if handed.cost else "",
        cancels,
        gettext("given back") if is_back else "",
    )
