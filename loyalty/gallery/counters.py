"""Where people come often and spend little: cafés, bakeries, coffee to take away."""

from loyalty.gallery.templates import POINTS, STAMPS, Offer, Parts, Template, both, named
from loyalty.rules.types import Basis, Condition, Quota, Rule

COFFEE = both("coffee", "café")  # what a till calls the category, in the shop’s language
PASTRIES = named("pastries", ("pastry", "pastries"), ("viennoiserie", "viennoiseries"))
FREE_COFFEE = both("A coffee", "Un café")


def _fifth_free(parts: Parts) -> Parts:
    """A point per coffee. Four points buy one: the fifth coffee is free, and earns nothing."""
    parts.units = [POINTS]
    parts.rules = [
        Rule(
            "coffees",
            "purchase",
            "points",
            1,
            gives="per_item",
            basis=Basis(only=frozenset({parts.kit.say(COFFEE)})),
        ),
    ]
    parts.offers = [Offer(FREE_COFFEE, "points", 4)]
    return parts


def _tenth_free(parts: Parts) -> Parts:
    """A stamp per purchase, whatever it was; one a purchase, so no list of what was bought is needed."""
    parts.units = [STAMPS]
    parts.rules = [Rule("stamp", "purchase", "stamps", 1, gives="flat")]
    parts.offers = [Offer(FREE_COFFEE, "stamps", 9)]
    return parts


def _sixth_free(parts: Parts) -> Parts:
    """Five coffees to take away, and the sixth is free."""
    parts.units = [STAMPS]
    parts.rules = [
        Rule(
            "coffees",
            "purchase",
            "stamps",
            1,
            gives="per_item",
            basis=Basis(only=frozenset({parts.kit.say(COFFEE)})),
        ),
    ]
    parts.offers = [Offer(FREE_COFFEE, "stamps", 5)]
    return parts


def _muffin(parts: Parts) -> Parts:
    """A stamp a day for coming, a muffin for five; now and then a pastry that nobody expects, once a month at most."""
    parts.units = [STAMPS, PASTRIES]
    parts.rules = [
        Rule("visits", "visit", "stamps", 1, gives="flat", quotas=(Quota(1, "times", "day"),)),
        Rule(
            "surprise",
            "visit",
            "pastries",
            1,
            gives="flat",
            conditions=(Condition("chance", {"one_in": 20, "seed": "surprise"}),),
            quotas=(Quota(1, "times", "month"),),
            names=both("Surprise pastry", "Viennoiserie surprise"),
        ),
    ]
    parts.offers = [
        Offer(both("A muffin", "Un muffin"), "stamps", 5),
        Offer(both("A surprise pastry", "Une viennoiserie surprise"), "pastries", 1),
    ]
    return parts


CAFE_FIFTH = Template(
    "cafe-fifth-free",
    both("Every fifth coffee", "Un café sur cinq"),
    both("A point for each coffee; the fifth is free.", "Un point par café ; le cinquième est offert."),
    frozenset({"cafe"}),
    _fifth_free,
)
CAFE_TENTH = Template(
    "cafe-stamps",
    both("Buy nine, get the tenth", "Neuf achetés, le dixième offert"),
    both(
        "A stamp for each purchase; nine stamps buy a coffee.",
        "Un tampon par achat ; neuf tampons donnent un café.",
    ),
    frozenset({"cafe", "bakery"}),
    _tenth_free,
)
COFFEE_SIXTH = Template(
    "coffee-to-go",
    both("Five coffees, the sixth free", "Cinq cafés, le sixième offert"),
    both("A stamp for each coffee; five buy the next.", "Un tampon par café ; cinq donnent le suivant."),
    frozenset({"cafe"}),
    _sixth_free,
)
BAKERY = Template(
    "bakery-visits",
    both("A muffin after five visits", "Un muffin après cinq visites"),
    both(
        "A stamp for each day you come, a muffin for five, and a surprise pastry now and then.",
        "Un tampon par jour de visite, un muffin pour cinq, et parfois une viennoiserie surprise.",
    ),
    frozenset({"bakery", "cafe"}),
    _muffin,
)
COUNTERS = (CAFE_FIFTH, CAFE_TENTH, COFFEE_SIXTH, BAKERY)
