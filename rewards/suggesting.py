"""Rewards to begin with: three for each trade, as the gallery has programmes, and one of each kind. Pure.

Sums are those of a euro, as round in every currency as the gallery's are; what one costs in units follows from the programme: the
visit on which a regular shall reach it.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from loyalty.gallery.templates import Kit, Words, both
from loyalty.programme.advice import Numbers, first_unit, units_a_visit, units_on_joining
from loyalty.rules.types import Version
from rewards.kinds import RewardKind
from rewards.offers import Offer

Value = Mapping[str, Any]
PLAIN_COST = 100  # where purchases give nothing toward it, and nobody can say on which visit it is reached


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What might be offered. `says` is for the shelf; `visit` is the one on which a regular shall reach it; money in cents of a
    euro, or what means as much there. Read `names` and `says` with `Kit.priced`."""

    names: Words
    says: Words
    visit: int
    cost_cents: int = 0
    price_cents: int = 0
    kind: RewardKind = "free_text"
    value: Callable[[Kit, Version], Value] = lambda _kit, _version: {}


def suggested(trade: str) -> tuple[Suggestion, ...]:
    """Three for a shop of this trade (a value of `Merchant.Trade`)."""
    return TRADES.get(trade, TRADES["other"])


def kinds_for(version: Version) -> dict[RewardKind, Suggestion]:
    """One of each kind that this programme can have: credit takes a unit that is money."""
    has_credit = any(unit.kind == "credit" for unit in version.units)
    fitting = ((kind, one) for kind, one in KINDS.items() if kind != "credit" or has_credit)
    return {kind: replace(one, kind=kind) for kind, one in fitting}


def draft_of(one: Suggestion, version: Version, numbers: Numbers, kit: Kit) -> Offer:
    """It as a draft for this shop: in the unit that purchases give, for as many as a regular has on that visit."""
    unit = first_unit(version).id
    return Offer(
        names=kit.priced(one.names),
        unit=unit,
        cost=_cost(version, unit, one.visit, numbers),
        kind=one.kind,
        value=one.value(kit, version),
        cost_minor=_money(one.cost_cents, kit),
        price_minor=_money(one.price_cents, kit),
        status="draft",
    )


def _cost(version: Version, unit_id: str, visit: int, numbers: Numbers) -> int:
    a_visit = units_a_visit(version, unit_id, numbers.basket_minor)
    if not a_visit:
        return PLAIN_COST
    return _rounded(units_on_joining(version, unit_id) + visit * a_visit)


def _rounded(count: int) -> int:
    """As one would print it on a price tag, and never more: 86 as 85, 173 as 170, 1,234 as 1,200."""
    if count < 20:
        return max(1, count)
    step = 5 if count < 100 else 10 ** (len(str(count)) - 2)
    return count // step * step


def _money(cents: int, kit: Kit) -> int:
    return kit.money(cents) // 100


def _off(euros: int) -> Callable[[Kit, Version], Value]:
    return lambda kit, _version: {"minor": kit.money(euros)}


def _in(days: int, name: str) -> Callable[[Kit, Version], Value]:
    return lambda kit, _version: {name: (kit.today + dt.timedelta(days=days)).isoformat()}


def _credit(kit: Kit, version: Version) -> Value:
    unit = next(unit for unit in version.units if unit.kind == "credit")
    return {"unit": unit.id, "amount": kit.money(5)}


_OFF = both("{5} off your bill", "{5} de remise")
_LESS = both("Money off one bill: easy to say, and it brings people back.", "Une remise sur l’addition : simple, et l’on revient.")  # fmt: skip
_A_TENTH = Suggestion(
    both("10% off", "10 % de remise"),
    both("A share of one bill, whatever is on it.", "Une part de l’addition, quelle qu’elle soit."),
    visit=10,
    kind="percent_off",
    value=lambda _kit, _version: {"basis_points": 1000},
)

TRADES: dict[str, tuple[Suggestion, ...]] = {
    "cafe": (
        Suggestion(
            both("A coffee, on the house", "Un café offert"),
            both("The one that everybody understands.", "Celle que tout le monde comprend."),
            visit=6, cost_cents=60, price_cents=280, kind="free_product",
        ),
        Suggestion(
            both("A pastry, on the house", "Une pâtisserie offerte"),
            both("Something that one would not have bought.", "Ce que l’on n’aurait pas acheté."),
            visit=10, cost_cents=120, price_cents=420, kind="free_product",
        ),
        Suggestion(_OFF, _LESS, visit=20, kind="amount_off", value=_off(5)),
    ),
    "bakery": (
        Suggestion(
            both("A croissant, on the house", "Un croissant offert"),
            both("Small, and it comes soon.", "Une petite récompense, vite atteinte."),
            visit=5, cost_cents=40, price_cents=130, kind="free_product",
        ),
        Suggestion(
            both("A loaf, on the house", "Un pain offert"),
            both("What people come for anyway.", "Ce pour quoi l’on vient."),
            visit=12, cost_cents=120, price_cents=380, kind="free_product",
        ),
        Suggestion(_OFF, _LESS, visit=20, kind="amount_off", value=_off(5)),
    ),
    "salon": (
        Suggestion(
            both("A treatment, on the house", "Un soin offert"),
            both("It costs you a quarter of an hour.", "Il vous coûte un quart d’heure."),
            visit=5, cost_cents=600, price_cents=1800, kind="experience",
        ),
        Suggestion(both("{10} off your bill", "{10} de remise"), _LESS, visit=8, kind="amount_off", value=_off(10)),
        _A_TENTH,
    ),
    "florist": (
        Suggestion(
            both("A hand-tied posy", "Un petit bouquet"),
            both("What is fresh today, tied in a minute.", "Les fleurs du jour, nouées en une minute."),
            visit=5, cost_cents=400, price_cents=1200, kind="gift",
        ),
        Suggestion(both("{10} off your bill", "{10} de remise"), _LESS, visit=10, kind="amount_off", value=_off(10)),
        Suggestion(
            both("An evening of wreaths", "Un soir de couronnes"),
            both("An hour with you, and something to take home.", "Une heure avec vous, et de quoi rentrer fleuri."),
            visit=12, cost_cents=1000, price_cents=3500, kind="experience",
        ),
    ),
    "boutique": (
        Suggestion(_OFF, _LESS, visit=4, kind="amount_off", value=_off(5)),
        _A_TENTH,
        Suggestion(
            both("First to see the new collection", "La nouvelle collection en avant-première"),
            both("It costs nothing, and is worth much.", "Elle ne coûte rien, et vaut beaucoup."),
            visit=3, kind="early_access", value=_in(30, "opens_on"),
        ),
    ),
    "other": (
        Suggestion(_OFF, _LESS, visit=6, kind="amount_off", value=_off(5)),
        _A_TENTH,
        Suggestion(
            both("A gift of the house", "Un cadeau de la maison"),
            both("Something small that you like giving.", "Un petit rien que vous aimez donner."),
            visit=5, cost_cents=200, price_cents=600, kind="gift",
        ),
    ),
}  # fmt: skip

KINDS: dict[RewardKind, Suggestion] = {
    "amount_off": Suggestion(_OFF, both("So much less on one bill.", "Tant en moins sur une addition."), visit=10, value=_off(5)),
    "percent_off": Suggestion(_A_TENTH.names, _A_TENTH.says, visit=10, value=_A_TENTH.value),
    "free_product": Suggestion(
        both("One for nothing", "Un article offert"),
        both("A product, or the cheapest of several on one bill.", "Un article, ou le moins cher de plusieurs."),
        visit=8,
    ),
    "credit": Suggestion(
        both("{5} of credit", "{5} d’avoir"),
        both("Points turned into money to spend here.", "Des points changés en avoir chez vous."),
        visit=10, value=_credit,
    ),
    "gift": Suggestion(
        both("A gift", "Un cadeau"), both("Something to hand over.", "Quelque chose à remettre."), visit=8
    ),
    "experience": Suggestion(
        both("An evening with us", "Une soirée avec nous"),
        both("A tasting, a lesson, a treatment.", "Une dégustation, un cours, un soin."),
        visit=12,
    ),
    "donation": Suggestion(
        both("{5} for a good cause", "{5} pour une bonne cause"),
        both("You give, in the name of your members.", "Vous donnez, au nom de vos membres."),
        visit=10, value=lambda kit, _version: {"to": "…", "minor": kit.money(5)},
    ),
    "early_access": Suggestion(
        both("First to come in", "En avant-première"),
        both("Before everybody else, up to a day.", "Avant tout le monde, jusqu’à un jour dit."),
        visit=3, value=_in(30, "opens_on"),
    ),
    "draw_entry": Suggestion(
        both("A ticket in the draw", "Un billet de tombola"),
        both("A chance to win on a day.", "Une chance de gagner un jour dit."),
        visit=2, value=_in(30, "drawn_on"),
    ),
    "free_text": Suggestion(
        both("A surprise", "Une surprise"), both("Whatever your words say.", "Ce que disent vos mots."), visit=8
    ),
}  # fmt: skip
