"""Where regulars climb: beauty, salons, homeware, hotels; and tiers of a season."""

import datetime as dt

from loyalty.gallery.templates import POINTS, Offer, Parts, Template, both, named
from loyalty.rules.tiers import Ladder, Perk, Season, Tier
from loyalty.rules.types import Basis, Condition, Rule

GIFTS = named("gifts", ("gift", "gifts"), ("cadeau", "cadeaux"))
TREATMENTS = named("treatments", ("treatment", "treatments"), ("soin", "soins"))
BRONZE, SILVER, GOLD = both("Bronze", "Bronze"), both("Silver", "Argent"), both("Gold", "Or")
FREE_DELIVERY = Perk("free_delivery")
YEARLY = Ladder(window="calendar_year", downgrade="by_standing", grace_days=30, warn_days=30)


def _beauty(parts: Parts) -> Parts:
    """A year's spend decides: Bronze, Silver, Gold."""
    money, say = parts.kit.money, parts.kit.say
    parts.units = [POINTS, GIFTS]
    parts.rules = [
        Rule("spending", "purchase", "points", 1, money(1), multiplied=True),
        Rule("birthday", "birthday", "gifts", 1, gives="flat"),
        Rule(
            "gold-year",
            "anniversary",
            "gifts",
            1,
            gives="flat",
            conditions=(Condition("tier", {"any": ["gold"]}),),
            names=both("Gold’s yearly gift", "Cadeau annuel du palier Or"),
        ),
    ]
    sales = Perk("early_access", both("two sales a year, a day early", "deux ventes par an, un jour avant"))
    invited = Perk("text", both("invitations to our evenings", "invitations à nos soirées"))
    birthday, yearly = (
        Perk("birthday_gift"),
        Perk("gift", both("a gift every year", "un cadeau chaque année")),
    )
    parts.tiers = [
        Tier("bronze", say(BRONZE), 0, 100, (birthday,)),
        Tier("silver", say(SILVER), money(250), 125, (birthday, FREE_DELIVERY, sales)),
        Tier("gold", say(GOLD), money(500), 150, (birthday, FREE_DELIVERY, sales, yearly, invited)),
    ]
    parts.offers = [Offer(both("A gift", "Un cadeau"), "gifts", 1)]
    parts.other["ladder"] = YEARLY
    return parts


def _salon(parts: Parts) -> Parts:
    """Gold brings a free treatment with every haircut."""
    money, say = parts.kit.money, parts.kit.say
    haircuts = [say(both("haircut", "coupe"))]
    parts.units = [POINTS, TREATMENTS]
    parts.rules = [
        Rule("spending", "purchase", "points", 1, money(1)),
        Rule(
            "treatment",
            "purchase",
            "treatments",
            1,
            gives="flat",
            conditions=(Condition("tier", {"any": ["gold"]}), Condition("product", {"any": haircuts})),
            names=both("A treatment with every haircut", "Un soin avec chaque coupe"),
        ),
    ]
    care = Perk("text", both("a free treatment with every haircut", "un soin offert avec chaque coupe"))
    parts.tiers = [
        Tier("silver", say(SILVER), 0, 100),
        Tier("gold", say(GOLD), money(300), 100, (care,)),
    ]
    parts.offers = [Offer(both("A treatment", "Un soin"), "treatments", 1)]
    parts.other["ladder"] = Ladder(
        window="rolling_12_months", downgrade="one_step", grace_days=14, warn_days=30
    )
    return parts


def _homeware(parts: Parts) -> Parts:
    """Four stones, by what was spent since the day of joining, year by year."""
    money, say = parts.kit.money, parts.kit.say
    manager = Perk("text", both("a personal adviser", "une personne qui vous conseille"))
    parts.units = [POINTS]
    parts.rules = [Rule("spending", "purchase", "points", 1, money(10), multiplied=True)]
    parts.tiers = [
        Tier("malachite", say(both("Malachite", "Malachite")), 0, 100),
        Tier("sapphire", say(both("Sapphire", "Saphir")), money(1000), 150, (FREE_DELIVERY,)),
        Tier("ruby", say(both("Ruby", "Rubis")), money(3000), 200, (FREE_DELIVERY,)),
        Tier("diamond", say(both("Diamond", "Diamant")), money(10000), 300, (FREE_DELIVERY, manager)),
    ]
    parts.other["ladder"] = Ladder(window="from_joining", downgrade="one_step", warn_days=60)
    return parts


def _hotel(parts: Parts) -> Parts:
    """Points for each night from the third of a stay."""
    parts.units = [POINTS]
    parts.rules = [
        Rule(
            "nights",
            "purchase",
            "points",
            750,
            gives="per_item",
            from_item=3,
            basis=Basis(only=frozenset({parts.kit.say(both("night", "nuit"))})),
        )
    ]
    parts.offers = [Offer(both("A night", "Une nuit"), "points", 7500)]
    return parts


def _seasons(parts: Parts) -> Parts:
    """Two tiers that come and go, a weekend of double points, a welcome, and more of it for the first fifty."""
    money, say = parts.kit.money, parts.kit.say
    parts.units = [POINTS]
    parts.rules = [
        Rule("spending", "purchase", "points", 1, money(1), multiplied=True),
        Rule("welcome", "joining", "points", 50, gives="flat"),
        Rule(
            "early-bird",
            "joining",
            "points",
            50,
            gives="flat",
            conditions=(Condition("among_first", {"most": 50}),),
            names=both("Early bird", "Premières inscriptions"),
        ),
        _double_weekend(parts.kit.today),
    ]
    parts.tiers = [
        Tier("member", say(both("Member", "Membre")), 0, 100),
        Tier(
            "summer", say(both("Summer Saver", "Bel été")), money(100), 125, season=Season("06-01", "08-31")
        ),
        Tier(
            "holiday",
            say(both("Holiday VIP", "VIP des fêtes")),
            money(200),
            150,
            season=Season("12-01", "01-06"),
        ),
    ]
    return parts


def _double_weekend(today: dt.date) -> Rule:
    """From the coming Friday, or today if it is one, to Sunday."""
    friday = today + dt.timedelta(days=(4 - today.weekday()) % 7)
    dates = {"from": friday.isoformat(), "to": (friday + dt.timedelta(days=2)).isoformat()}
    return Rule(
        "weekend",
        "purchase",
        "points",
        gives="multiplier",
        percent=200,
        conditions=(Condition("dates", dates),),
        names=both("Double-points weekend", "Week-end à points doublés"),
    )


BEAUTY = Template(
    "beauty-tiers",
    both("Bronze, Silver, Gold", "Bronze, Argent, Or"),
    both(
        "1 point for each {1}, more with each tier, and gifts.",
        "1 point par tranche de {1}, plus à chaque palier, et des cadeaux.",
    ),
    frozenset({"boutique", "salon", "florist"}),
    _beauty,
)
SALON = Template(
    "salon-gold",
    both("A treatment for Gold", "Un soin pour le palier Or"),
    both(
        "Gold members have a free treatment with every haircut.",
        "Au palier Or, un soin est offert avec chaque coupe.",
    ),
    frozenset({"salon"}),
    _salon,
)
HOMEWARE = Template(
    "four-stones",
    both("Four tiers a year", "Quatre paliers par an"),
    both(
        "From Malachite to Diamond, by the year’s spend.",
        "De Malachite à Diamant, selon les achats de l’année.",
    ),
    frozenset({"boutique", "other"}),
    _homeware,
)
HOTEL = Template(
    "third-night",
    both("Points from the third night", "Des points dès la troisième nuit"),
    both("750 points a night, from the third of a stay.", "750 points par nuit, dès la troisième du séjour."),
    frozenset({"other"}),
    _hotel,
)
SEASONS = Template(
    "seasons",
    both("Summer and holidays", "L’été et les fêtes"),
    both(
        "Tiers of a season, a double-points weekend, 50 points on joining and 50 more for the first 50.",
        "Des paliers de saison, un week-end à points doublés, 50 points à l’inscription et 50 de plus pour les 50 premières inscriptions.",
    ),
    frozenset({"boutique", "florist", "cafe"}),
    _seasons,
)
LADDERS = (BEAUTY, SALON, HOMEWARE, HOTEL, SEASONS)
