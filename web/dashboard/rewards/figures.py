"""What a reward means to the shop, in words and figures: its price, what it costs in money, when a regular reaches it, what is left."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from loyalty.programme.advice import Numbers, advise, visits_to_tier
from loyalty.wording import say_figure
from loyalty.wording.numbers import say_ordinal
from loyalty.wording.numbers import say_percent as say_share
from loyalty.wording.reader import Reader
from rewards.asking import left_of
from rewards.models import Reward
from rewards.offers import Offer
from rewards.worth import margin_percent, shop_cost
from web.dashboard.figures import say_percent
from web.templatetags.habitue import number


@dataclass(frozen=True)
class Figures:
    """Each a phrase, or nothing where nobody can say. `price` and `unit` are two halves of one: "300", "points"."""

    price: str
    unit: str
    cost: str
    margin: str
    reached: str
    left: str
    gives_back: str = ""

    @property
    def line(self) -> str:
        """All that lies beside the price, in a line."""
        return " · ".join(phrase for phrase in (self.reached, self.cost, self.margin, self.left) if phrase)


def figures_of(reward: Reward, offer: Offer, reader: Reader, numbers: Numbers) -> Figures:
    """`numbers`: what the shop says of itself. `reward` is the row whose `taken` counts; the rest is the offer's."""
    price, unit = _price(offer, reader)
    cost, margin = shop_cost(offer), margin_percent(offer)
    return Figures(
        price=price,
        unit=unit,
        cost=_("costs you %(money)s") % {"money": reader.price(cost)} if cost else "",
        margin=_("margin %(percent)s") % {"percent": say_percent(margin)} if margin is not None else "",
        reached=_reached(offer, reader, numbers),
        left=_left(reward, offer),
        gives_back=_gives_back(offer, reader, numbers),
    )


def _price(offer: Offer, reader: Reader) -> tuple[str, str]:
    if offer.auto == "on_tier":
        return _("free"), ""
    unit = reader.unit(offer.unit)
    if unit is None:
        return number(offer.cost), ""
    return say_figure(unit, offer.cost, reader.language, reader.currency)


def _reached(offer: Offer, reader: Reader, numbers: Numbers) -> str:
    """By the engine, at the basket and the habits that the shop told of."""
    version = reader.version
    if version is None:
        return ""
    if offer.auto == "on_tier":
        tiers = [tier for tier in version.tiers if tier.id in offer.tiers()]
        visit = visits_to_tier(version, tiers[0], numbers) if tiers else None
    else:
        visit = advise(version, offer.unit, replace(numbers, price=offer.cost)).visit
    if visit is None:
        return ""
    return _("a regular reaches it on the %(nth)s visit") % {"nth": say_ordinal(visit, reader.language)}


def _left(reward: Reward, offer: Offer) -> str:
    if offer.stock is None:
        return ""
    left = left_of(reward) if reward.stock == offer.stock else offer.stock - reward.taken
    return _("%(left)s of %(stock)s left") % {"left": number(left or 0), "stock": number(offer.stock)}


def _gives_back(offer: Offer, reader: Reader, numbers: Numbers) -> str:
    """Of what a regular spends until then, the share that comes back as this."""
    version, cost = reader.version, shop_cost(offer)
    if version is None or not cost or not offer.cost:
        return ""
    told = advise(version, offer.unit, replace(numbers, price=offer.cost, gift_minor=cost))
    return say_share(round(told.given_back * 1000) * 10, reader.language) if told.given_back else ""
