"""Rewards in the member's words: what there is to take, what is still to come and why, what one took before.

It decides nothing: `rewards.terms` does.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from core.languages import reader_language
from loyalty.queries import MemberStanding
from loyalty.rules.types import Version
from loyalty.wording import say_moved
from loyalty.wording.reader import Reader
from merchants.logos import LARGE, SMALL
from merchants.models import Merchant
from rewards.asking import Guest, Shown, guest, shown_to
from rewards.models import Redemption
from rewards.offers import say_in
from rewards.pictures import picture_path
from rewards.saying import reader_of, say_until
from rewards.wording import say_for_whom, say_refusals, say_value
from web.card.mine import is_told, told_rows
from web.card.session import CardRequest, is_own_phone
from web.card.words import say_day

FEW = 10  # so many left are worth saying
ON_CARD = 3  # beside the code; all of them are a tap away
TAKEN_SHOWN = 20
ICONS = {
    "amount_off": "receipt",
    "credit": "wallet",
    "donation": "heart",
    "early_access": "clock",
    "experience": "award",
    "percent_off": "receipt",
}


@dataclass(frozen=True)
class Table:
    """All that a page of rewards is told from: who looks, what there is for them, and how it is said."""

    merchant: Merchant
    asks: Guest
    shown: list[Shown]
    reader: Reader
    held: list[Redemption]  # of what waits, what may be told on this phone
    is_own: bool  # phone

    @property
    def today(self) -> dt.date:
        """Where the shop is."""
        return self.asks.facts.moment.date()

    def words(self, one: Shown) -> dict[str, Any]:
        """As `card/_ticket.html` takes it."""
        reader, offer = self.reader, one.offer
        units = reader.units(offer.unit, one.cost)
        is_first = reader.version is not None and reader.version.units[0].id == offer.unit
        unit = reader.unit(offer.unit)
        bare = is_first and unit is not None and unit.kind != "credit"
        return {
            "name": say_in(offer.names, reader.language),
            "href": reverse("card-reward", args=[self.merchant.slug, one.reward.id]),
            "icon": ICONS.get(offer.kind, "gift"),
            "picture": picture_path(self.merchant, one.reward, SMALL),
            "brings": capfirst(say_value(offer, reader)),
            "note": capfirst(self.note(one)),
            "units": units if one.cost else "",
            "price": reader.number(one.cost) if bare else units,
            "is_open": not one.against,
        }

    def detail(self, one: Shown) -> dict[str, Any]:
        """As `card/reward.html` takes it: all that there is to say of one."""
        return self.words(one) | {
            "picture": picture_path(self.merchant, one.reward, LARGE),
            "for_whom": capfirst(say_for_whom(one.offer, self.reader)),
            "left": capfirst(say_left(one, self.reader)),
            "terms": say_in(one.offer.terms, self.reader.language),
            "why_not": capfirst(self.why_not(one)),
            "percent": min(100, round(100 * one.usable / one.cost, 1)) if one.cost else 100,
        }

    def note(self, one: Shown) -> str:
        """One line under the name: why not, or what is to know before."""
        if one.against:
            return self.why_not(one)
        said = say_for_whom(one.offer, self.reader) or say_value(one.offer, self.reader)
        return " · ".join(filter(None, (said, say_left(one, self.reader))))

    def why_not(self, one: Shown) -> str:
        """What stands against it, and from which day on it does not, where that is not said already."""
        is_said = [each.code for each in one.against] == ["not_yet"]
        day = None if is_said else one.possible_on
        return say_refusals(one.against, day, self.today, self.reader, knows_birthday=self.is_own)


def table_of(request: CardRequest, standing: MemberStanding | None = None) -> Table:
    """What this member sees. Three queries beside the standing, and one where a reward is offered at some locations only."""
    member, merchant = request.member, request.merchant
    asks = guest(member, merchant, standing=standing)
    shown, version = shown_to(asks), asks.standing.version
    has_places = any(each.kind == "location" for one in shown for each in one.offer.conditions)
    bare = Reader(reader_language(), merchant.currency, version)
    reader = reader_of(merchant, version) if has_places else bare
    held = [row for row in asks.held if is_told(request, row)]
    return Table(merchant, asks, shown, reader, held, is_own_phone(request))


def offers_words(table: Table) -> dict[str, Any]:
    """For the card itself: what is set aside, the first that can be taken, and the one that comes next."""
    open_now = [one for one in table.shown if not one.against]
    nearest = sorted((one for one in table.shown if _lacks_units_alone(one)), key=lambda one: one.missing)
    return {
        "held": [held_words(row, table.merchant) for row in table.held],
        "offers": [table.words(one) for one in open_now[:ON_CARD]],
        "next_offer": table.words(nearest[0]) if nearest else None,
        "offers_in_all": len(table.shown),
    }


def held_words(row: Redemption, merchant: Merchant) -> dict[str, Any]:
    """What waits to be handed over, and until when."""
    until = say_until(row, merchant.time_zone)
    if row.serial is None:
        said = gettext("Set aside for you until %(time)s") % {"time": until}
    else:
        said = gettext("Voucher, until %(day)s") % {"day": until}
    return {
        "name": say_in(row.what["names"], reader_language()),
        "href": reverse("card-taken", args=[merchant.slug, row.id]),
        "until": said,
    }


def taken_words(request: CardRequest, version: Version) -> list[dict[str, Any]]:
    """What the member took and what became of it, as `components/points_line.html` takes it. Two queries."""
    now, language = timezone.now(), reader_language()
    found = []
    for row in told_rows(request).order_by("-id")[:TAKEN_SHOWN]:
        status = row.status_at(now)
        if status != Redemption.Status.HELD:
            # What came back is told without a sign: it was taken once, and nothing is missing for it now.
            moved = -row.cost if status == Redemption.Status.CAPTURED else row.cost
            amount = say_moved(version, row.unit.code, moved, language, sign=False)
            found.append(
                {
                    "amount": amount,
                    "what": say_in(row.what["names"], language),
                    "where": status.label,
                    "when": say_day(row.held_at, now=now, zone=request.merchant.time_zone, language=language),
                }
            )
    return found


def say_left(one: Shown, reader: Reader) -> str:
    """ "only 3 left", where there are few."""
    reward = one.reward
    left = None if reward.stock is None else reward.stock - reward.taken
    if left is None or not 0 < left <= FEW:
        return ""
    return ngettext("only %(count)s left", "only %(count)s left", left) % {"count": reader.number(left)}


def _lacks_units_alone(one: Shown) -> bool:
    return [refusal.code for refusal in one.against] == ["too_few_units"]
