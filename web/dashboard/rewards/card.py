"""A reward's ticket as a member sees it: in the merchant's language, not the reader's."""

from dataclasses import dataclass, replace

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from loyalty.wording.reader import Reader
from merchants.models import Merchant
from rewards.asking import left_of
from rewards.models import Reward
from rewards.offers import Offer, say_in
from rewards.pictures import picture_path
from rewards.wording import say_for_whom, say_value
from web.dashboard.rewards.asking import Known


@dataclass(frozen=True)
class Card:
    """What stands on it."""

    language: str
    title: str
    name: str
    what: str
    asks: str
    left: str
    terms: str
    action: str
    picture: str


def card_of(reward: Reward, offer: Offer, merchant: Merchant, known: Known) -> Card:
    """As it would be with this offer; nothing of it is kept."""
    with override(merchant.locale):
        reader = replace(known.reader, language=merchant.locale, is_desk=False)
        left = left_of(reward) if offer.stock == reward.stock else (offer.stock or 0) - reward.taken
        price = reader.number(offer.cost) if reader.unit(offer.unit) else ""
        if (unit := reader.unit(offer.unit)) and unit.kind == "credit":
            price = reader.price(offer.cost)
        return Card(
            language=merchant.locale,
            title=_("Yours to take"),
            name=say_in(offer.names, merchant.locale),
            what=capfirst(say_value(offer, reader)),
            asks=capfirst(say_for_whom(offer, reader)),
            left=capfirst(_left(offer, left, reader)),
            terms=say_in(offer.terms, merchant.locale),
            action=_("It comes by itself")
            if offer.auto == "on_tier"
            else _("Take · %(price)s") % {"price": price},
            picture=picture_path(merchant, reward, 192),
        )


def _left(offer: Offer, left: int | None, reader: Reader) -> str:
    if offer.stock is None or left is None:
        return ""
    return ngettext("only %(count)s left", "only %(count)s left", left) % {"count": reader.number(left)}
