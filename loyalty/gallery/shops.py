"""Where a bill counts: boutiques, pizzerias, bookshops by post, a club's shop."""

from loyalty.gallery.templates import POINTS, STAMPS, Offer, Parts, Template, both, named
from loyalty.rules.tiers import Perk, Tier
from loyalty.rules.types import Basis, Condition, Quota, Rule

CREDIT = named("credit", ("credit", "credit"), ("avoir", "avoirs"), "credit")
BONUSES = named("bonuses", ("bonus", "bonuses"), ("bonus", "bonus"))


def _five_a_euro(parts: Parts) -> Parts:
    """Five points for each unit of money; a hundred are worth five of them."""
    parts.units = [POINTS]
    parts.rules = [Rule("spending", "purchase", "points", 5, parts.kit.money(1))]
    parts.offers = [Offer(both("{5} off your bill", "{5} de remise"), "points", 100)]
    return parts


def _fashion(parts: Parts) -> Parts:
    """As many points, and a smaller promise: five hundred buy five of credit."""
    parts.units = [POINTS]
    parts.rules = [Rule("spending", "purchase", "points", 5, parts.kit.money(1))]
    parts.offers = [Offer(both("{5} of credit", "{5} d’avoir"), "points", 500)]
    return parts


def _catalogue(parts: Parts) -> Parts:
    """Up to a tenth back on what the merchant puts into a special catalogue, counted in money."""
    parts.units = [CREDIT]
    parts.rules = [
        Rule(
            f"back-{percent}",
            "purchase",
            "credit",
            gives="share",
            basis_points=percent * 100,
            basis=Basis(only=frozenset({f"catalogue-{percent}"})),
            names=both(f"{percent}% back", f"{percent} % remboursés"),
        )
        for percent in (10, 5)
    ]
    return parts


def _club(parts: Parts) -> Parts:
    """A point for a tenth of the usual figure, and a discount that grows with all that was ever spent."""
    money = parts.kit.money
    parts.units = [POINTS]
    parts.rules = [Rule("spending", "purchase", "points", 1, money(1) // 10)]
    parts.tiers = [
        Tier(
            f"off-{percent}",
            parts.kit.say(both(f"Supporter {percent}%", f"Supporter {percent} %")),
            money(euros),
            100,
            (Perk("percent_off", basis_points=percent * 100),),
        )
        for euros, percent in ((0, 3), (200, 5), (500, 7), (1000, 10))
    ]
    return parts


def _groceries(parts: Parts) -> Parts:
    """A bonus for every ten; at least one unit of money is paid on each bill that earns; birthdays of the family count."""
    money = parts.kit.money
    parts.units = [BONUSES]
    parts.rules = [
        Rule(
            "spending",
            "purchase",
            "bonuses",
            1,
            money(10),
            conditions=(Condition("spend", {"minor": money(1)}),),
            keeps_change=True,
        ),
        Rule("birthday", "birthday", "bonuses", 10, gives="flat"),
        Rule(
            "family",
            "custom",
            "bonuses",
            5,
            gives="flat",
            conditions=(Condition("name", {"any": ["family-birthday"]}),),
            quotas=(Quota(1, "times", "month"),),
            names=both("A birthday in the family", "Un anniversaire dans la famille"),
        ),
    ]
    parts.offers = [Offer(both("{1} off your bill", "{1} de remise"), "bonuses", 10)]
    return parts


def _three_for_two(parts: Parts) -> Parts:
    """Two of one brand bring the third, today or another day."""
    parts.units = [STAMPS]
    parts.rules = [
        Rule(
            "brand",
            "purchase",
            "stamps",
            1,
            gives="per_item",
            basis=Basis(only=frozenset({parts.kit.say(both("brand of the month", "marque du mois"))})),
            names=both("Brand of the month", "Marque du mois"),
        )
    ]
    parts.offers = [
        Offer(both("One of the brand of the month", "Un article de la marque du mois"), "stamps", 2)
    ]
    return parts


BOUTIQUE = Template(
    "points-per-spend",
    both("Points for every purchase", "Des points à chaque achat"),
    both(
        "5 points for each {1}; 100 points are worth {5}.",
        "5 points par tranche de {1} ; 100 points valent {5}.",
    ),
    frozenset({"boutique", "cafe", "other"}),
    _five_a_euro,
)
FASHION = Template(
    "fashion-credit",
    both("Credit for the next visit", "Un avoir pour la prochaine visite"),
    both(
        "5 points for each {1}; 500 points buy {5} of credit.",
        "5 points par tranche de {1} ; 500 points donnent {5} d’avoir.",
    ),
    frozenset({"boutique"}),
    _fashion,
)
CATALOGUE = Template(
    "catalogue-credit",
    both("Money back on a catalogue", "De l’argent rendu sur un catalogue"),
    both("Up to 10% back on chosen products.", "Jusqu’à 10 % rendus sur des produits choisis."),
    frozenset({"boutique", "other"}),
    _catalogue,
)
CLUB = Template(
    "club-discount",
    both("A discount that grows", "Une remise qui grandit"),
    both(
        "10 points for each {1}, and from 3% to 10% off as purchases add up.",
        "10 points par tranche de {1}, et de 3 % à 10 % de remise à mesure des achats.",
    ),
    frozenset({"boutique", "other"}),
    _club,
)
GROCERIES = Template(
    "bonuses",
    both("Bonuses for the family", "Des bonus pour la famille"),
    both(
        "A bonus for each {10}, with small change kept aside, and birthdays of the family.",
        "Un bonus par tranche de {10}, la petite monnaie gardée, et les anniversaires de la famille.",
    ),
    frozenset({"other", "bakery"}),
    _groceries,
)
THREE_FOR_TWO = Template(
    "three-for-two",
    both("Three for the price of two", "Trois pour le prix de deux"),
    both(
        "Buy two of one brand, and the third is free.",
        "Deux articles d’une marque, et le troisième est offert.",
    ),
    frozenset({"boutique", "florist"}),
    _three_for_two,
)
SHOPS = (BOUTIQUE, FASHION, CATALOGUE, CLUB, GROCERIES, THREE_FOR_TWO)
