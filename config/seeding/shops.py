"""The two merchants of the cast and the habits of their trade: hours, seasons, menus. Figures only; it makes nothing."""

import datetime as dt
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from config.seeding.dressing import Packet, Ticket, Words

HISTORY_DAYS = 730
MONDAY, SUNDAY = 0, 6


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the menu; `price_minor` in cents."""

    sku: str
    category: str
    price_minor: int
    liked: float = 1.0


@dataclass(frozen=True, slots=True)
class Persona:
    """A kind of guest: when it comes, and what it takes.

    `weekdays` weigh Monday to Sunday; `at` and `spread` are hours of the day; `courses` are (category, chance a head);
    `heads` weighs tables of one, two, three …
    """

    share: float
    weekdays: Sequence[float]
    at: float
    spread: float
    courses: Sequence[tuple[str, float]]
    heads: Sequence[float] = (1,)


@dataclass(frozen=True)
class Place:
    """A location, and since how many days it is open."""

    name: str
    address: str
    open_for_days: int = HISTORY_DAYS


@dataclass(frozen=True)
class Shop:
    """One merchant: what its owner would have typed, and how its trade goes.

    `hours` maps a weekday to opening and closing hours; `months` and `days` weigh the season; `shut` are (month, day).
    """

    name: str
    trade: str
    places: Sequence[Place]
    welcome: int
    tiers: Sequence[tuple[str, int, int]]
    members: int
    purchases: int
    menu: Sequence[Item]
    personas: Sequence[Persona]
    hours: Mapping[int, tuple[float, float]]
    months: Sequence[float]
    brand_colour: str
    tagline: str = ""
    days: Mapping[tuple[int, int], float] = field(default_factory=dict)
    shut: frozenset[tuple[int, int]] = frozenset()
    visits_a_week: float = 0.35  # of the guest in the middle
    perks: Mapping[str, Sequence[Words]] = field(default_factory=dict)  # by the name of their tier
    packet: Packet | None = None
    rewards: Sequence[Ticket] = ()
    time_zone: str = "Europe/Paris"

    @cached_property
    def zone(self) -> zoneinfo.ZoneInfo:
        """Where its clocks are."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @cached_property
    def choices(self) -> dict[str, tuple[list[Item], list[float]]]:
        """The menu by category: items, and how well each is liked."""
        found: dict[str, tuple[list[Item], list[float]]] = {}
        for item in self.menu:
            items, liked = found.setdefault(item.category, ([], []))
            items.append(item)
            liked.append(item.liked)
        return found

    def is_open(self, day: dt.date) -> bool:
        """Whether it opens at all on this day."""
        return day.weekday() in self.hours and (day.month, day.day) not in self.shut

    def season(self, day: dt.date) -> float:
        """How busy the day is for the time of the year; 1 is usual."""
        special = self.days.get((day.month, day.day), 1.0)
        if day.month == 5 and day.weekday() == SUNDAY and day.day > 24:
            special = self.days.get((5, 0), 1.0)  # Mother's Day in France: the last Sunday of May
        return self.months[day.month - 1] * special


COFFEE_AND_BITE = (("coffee", 1.0), ("pastry", 0.45))
AROMA = Shop(
    name="Aroma",
    trade="cafe",
    brand_colour="#1f4d3a",
    tagline="Café de quartier, Lyon",
    places=(
        Place("Croix-Rousse", "14 place de la Croix-Rousse, 69004 Lyon"),
        Place("Vieux Lyon", "27 rue Saint-Jean, 69005 Lyon", open_for_days=520),
    ),
    welcome=50,
    tiers=(("Bronze", 0, 100), ("Silver", 250_00, 125), ("Gold", 500_00, 150)),
    members=1200,
    purchases=40_000,
    menu=(
        Item("espresso", "coffee", 190, 3), Item("allongé", "coffee", 210, 2), Item("noisette", "coffee", 220),
        Item("cappuccino", "coffee", 390, 2.5), Item("latte", "coffee", 430, 2.5), Item("filter", "coffee", 350),
        Item("croissant", "pastry", 160, 3), Item("pain-au-chocolat", "pastry", 180, 2.5),
        Item("cookie", "pastry", 280, 1.5), Item("brioche-praline", "pastry", 260, 1.5),
        Item("tea", "drink", 390, 1.5), Item("hot-chocolate", "drink", 450), Item("lemonade", "drink", 480),
        Item("carrot-cake", "cake", 520), Item("tarte-praline", "cake", 540, 1.4), Item("banana-bread", "cake", 390),
        Item("quiche", "lunch", 1090), Item("salad", "lunch", 1250), Item("soup", "lunch", 890, 0.8),
        Item("tartine", "lunch", 980, 1.2), Item("brunch", "brunch", 1990), Item("beans-250g", "shop", 1250),
    ),
    personas=(
        Persona(0.40, (1.1, 1.2, 1.2, 1.2, 1.2, 0.7, 0.2), 8.4, 0.8, (*COFFEE_AND_BITE, ("shop", 0.02))),
        Persona(0.14, (0.8, 1, 1, 1.1, 1.4, 0.6, 0), 12.7, 0.6, (("lunch", 0.85), ("coffee", 0.6)), (7, 1)),
        Persona(0.24, (0.5, 0.6, 1.1, 0.8, 1.1, 2.2, 0.3), 16.1, 1.3,
                (("coffee", 0.6), ("drink", 0.4), ("cake", 0.6), ("shop", 0.02)), (5, 4, 0.5)),
        Persona(0.22, (0.1, 0.1, 0.2, 0.2, 0.4, 3.4, 2.4), 10.7, 1.0,
                (("coffee", 0.9), ("brunch", 0.1), ("pastry", 0.6), ("shop", 0.04)), (3, 5, 1, 0.5)),
    ),
    hours={**dict.fromkeys(range(5), (7.5, 19)), 5: (8.5, 19.5), 6: (9, 13.5)},
    months=(0.95, 0.97, 1.0, 1.05, 1.05, 1.02, 0.9, 0.55, 1.1, 1.1, 1.05, 1.25),
    perks={
        "Silver": ({"en": "a pastry on your birthday", "fr": "une viennoiserie à votre anniversaire"},),
        "Gold": (
            {"en": "a bag of beans every year", "fr": "un paquet de café chaque année"},
            {"en": "tastings", "fr": "dégustations"},
        ),
    },
    packet=Packet("Oat milk, autumn", "Moulin des Dombes", size=500, units=20),
    rewards=(
        Ticket({"en": "A coffee, on the house", "fr": "Un café offert"}, 100, "free_product", {"any": ["espresso", "allongé", "noisette"]},
               cost_minor=60, price_minor=280),
        Ticket({"en": "A pastry with it", "fr": "Une viennoiserie avec"}, 120, "free_product", {"any": ["croissant", "pain-au-chocolat"]},
               {"en": "As long as there are some.", "fr": "Tant qu’il y en a."}, cost_minor=70, price_minor=180),
        Ticket({"en": "€5 off your bill", "fr": "5\u202f€ de remise"}, 250, "amount_off", {"minor": 500}, cost_minor=500),
        Ticket({"en": "A bag of beans", "fr": "Un paquet de café"}, 600, "gift", cost_minor=520, price_minor=1250, stock=30),
        Ticket({"en": "An hour of latte art", "fr": "Une heure de latte art"}, 900, "experience",
               terms={"en": "First Sunday of the month, at eleven.", "fr": "Le premier dimanche du mois, à onze heures."},
               cost_minor=800, price_minor=2500, tier="Gold", most=1),
        Ticket({"en": "The Christmas box", "fr": "Le coffret de Noël"}, 1500, "gift", cost_minor=1400, price_minor=3500,
               stock=12, status="draft"),
    ),
    days={(12, 24): 1.3, (12, 8): 1.8},  # the Festival of Lights fills Lyon
    shut=frozenset({(1, 1), (5, 1), (12, 25), *((8, day) for day in range(8, 17))}),
)  # fmt: skip

BLOOM = Shop(
    name="Bloom",
    trade="florist",
    brand_colour="#f6c9d0",
    tagline="Fleurs de saison, Strasbourg",
    places=(Place("Petite France", "8 rue des Dentelles, 67000 Strasbourg"),),
    welcome=20,
    tiers=(("Bud", 0, 100), ("Blossom", 200_00, 120)),
    members=120,
    purchases=1_500,
    menu=(
        Item("stem", "stem", 450, 2), Item("tulips", "bouquet", 1200, 1.5), Item("seasonal", "bouquet", 2400, 2.5),
        Item("roses", "bouquet", 3500), Item("peonies", "bouquet", 3900, 0.6), Item("fern", "plant", 1800),
        Item("orchid", "plant", 2900), Item("cyclamen", "plant", 1100, 1.3), Item("vase", "extra", 1950),
        Item("card", "extra", 350, 2),
    ),
    personas=(
        Persona(0.6, (0, 0.8, 0.8, 0.9, 1.5, 2, 0.9), 17.2, 1.4, (("bouquet", 0.85), ("stem", 0.25), ("extra", 0.15))),
        Persona(0.4, (0, 1, 1, 1, 1.1, 1.8, 0.6), 11.0, 1.0, (("bouquet", 0.5), ("plant", 0.45), ("extra", 0.12))),
    ),
    hours={**dict.fromkeys(range(1, 6), (9, 19)), 6: (9, 13)},
    months=(0.8, 1.0, 1.0, 1.1, 1.3, 1.1, 0.8, 0.6, 0.95, 1.05, 1.0, 1.3),
    rewards=(
        Ticket({"en": "A bunch of tulips", "fr": "Une botte de tulipes"}, 120, "gift", cost_minor=450, price_minor=1200),
        Ticket({"en": "€10 off a bouquet", "fr": "10\u202f€ de remise sur un bouquet"}, 300, "amount_off", {"minor": 1000},
               cost_minor=1000),
    ),
    days={(2, 14): 7, (5, 0): 6, (10, 31): 4, (12, 23): 2, (12, 24): 2.5},
    shut=frozenset({(1, 1), (5, 1), (12, 25), (12, 26)}),
    visits_a_week=0.12,
)  # fmt: skip
