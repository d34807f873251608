"""Where more than purchases count: brands, marketplaces, bookshops with evenings, memberships that are bought."""

import datetime as dt

from loyalty.gallery.templates import POINTS, Offer, Parts, Template, both, named
from loyalty.rules.tiers import Ladder, Tier
from loyalty.rules.types import Basis, Condition, Goal, Quota, Rule, Trigger

DAYS = named("days", ("day of membership", "days of membership"), ("jour d’abonnement", "jours d’abonnement"))
ONCE = (Quota(1, "times", "ever"),)


def _act(code: str, trigger: Trigger, amount: int, *, often: tuple[Quota, ...] = ONCE) -> Rule:
    """Points for something done; a tier doubles them."""
    return Rule(code, trigger, "points", amount, gives="flat", multiplied=True, quotas=often)


def _brand(parts: Parts) -> Parts:
    """Points for what people do; who has earned a thousand is a VIP, and earns double for the same acts."""
    parts.units = [POINTS]
    parts.rules = [
        _act("joining", "joining", 50),
        _act("profile", "profile", 50),
        _act("newsletter", "newsletter", 25),
        _act("survey", "survey", 40, often=(Quota(1, "times", "month"),)),
        _act("review", "review", 30, often=(Quota(1, "times", "day"),)),
        Rule("spending", "purchase", "points", 1, parts.kit.money(1), multiplied=True),
    ]
    parts.tiers = [
        Tier("fan", parts.kit.say(both("Fan", "Fan")), 0, 100),
        Tier("vip", parts.kit.say(both("VIP", "VIP")), 1000, 200),
    ]
    parts.offers = [
        Offer(both("10% off", "10 % de remise"), "points", 1000),
        Offer(both("A bottle", "Une bouteille"), "points", 10000),
    ]
    parts.other["ladder"] = Ladder(climbing="units")
    return parts


def _tasks(parts: Parts) -> Parts:
    """Purchases and small tasks; a week of daily check-ins in a row is worth more than its days."""
    check_in = (Condition("name", {"any": ["check-in"]}),)
    parts.units = [POINTS]
    parts.rules = [
        Rule("spending", "purchase", "points", 2, parts.kit.money(1)),
        Rule(
            "check-in",
            "custom",
            "points",
            1,
            gives="flat",
            conditions=check_in,
            quotas=(Quota(1, "times", "day"),),
            names=both("Daily check-in", "Passage du jour"),
        ),
        Rule(
            "streak",
            "custom",
            "points",
            20,
            gives="flat",
            conditions=check_in,
            goal=Goal(7, "day", in_a_row=True),
            names=both("Seven days in a row", "Sept jours de suite"),
        ),
        Rule("share", "share", "points", 5, gives="flat", quotas=(Quota(3, "times", "month"),)),
        Rule("review", "review", "points", 10, gives="flat", quotas=(Quota(50, "units", "month"),)),
        Rule("friend", "referrer", "points", 100, gives="flat"),
    ]
    return parts


def _bookshop(parts: Parts) -> Parts:
    """Coming to an event counts, books bought on its evening count double, and a week of quizzes has its own points."""
    parts.units = [POINTS]
    parts.rules = [
        Rule("spending", "purchase", "points", 1, parts.kit.money(1), multiplied=True),
        Rule("evening", "attendance", "points", 20, gives="flat", quotas=(Quota(1, "times", "day"),)),
        Rule(
            "double",
            "purchase",
            "points",
            gives="multiplier",
            percent=200,
            conditions=(
                Condition("weekday", {"any": [4]}),
                Condition("hours", {"from": "18:00", "to": "22:00"}),
            ),
            names=both("Double points on event evenings", "Points doublés les soirs de rencontre"),
        ),
        *_quizzes(parts.kit.today),
    ]
    parts.offers = [Offer(both("{5} off your bill", "{5} de remise"), "points", 100)]
    return parts


def _quizzes(today: dt.date) -> list[Rule]:
    """Of the week that begins with the coming Monday, or today if it is one."""
    monday = today + dt.timedelta(days=(7 - today.weekday()) % 7)
    week = {"from": monday.isoformat(), "to": (monday + dt.timedelta(days=6)).isoformat()}
    quiz = (Condition("name", {"any": ["quiz"]}), Condition("dates", week))
    return [
        Rule(
            "quiz",
            "custom",
            "points",
            10,
            gives="flat",
            conditions=quiz,
            quotas=(Quota(1, "times", "day"),),
            names=both("Quiz week", "Semaine du quiz"),
        ),
        Rule(
            "quiz-badge",
            "custom",
            "points",
            gives="badge",
            conditions=quiz,
            quotas=(Quota(1, "times", "week"),),
            goal=Goal(5, "week"),
            names=both("Five quizzes in a week", "Cinq quiz en une semaine"),
        ),
    ]


def _membership(parts: Parts) -> Parts:
    """Days of membership: seven for joining, thirty for a month's fee, a year's for a year's."""
    parts.units = [DAYS]
    parts.rules = [
        Rule(
            "trial", "joining", "days", 7, gives="flat", names=both("Seven days free", "Sept jours offerts")
        ),
        *(
            Rule(
                code,
                "purchase",
                "days",
                days,
                gives="per_item",
                basis=Basis(only=frozenset({parts.kit.say(sold)})),
                names=names,
            )
            for code, days, sold, names in (
                ("month", 30, both("monthly membership", "abonnement mensuel"), both("A month", "Un mois")),
                ("year", 365, both("yearly membership", "abonnement annuel"), both("A year", "Un an")),
            )
        ),
    ]
    return parts


BRAND = Template(
    "brand-acts",
    both("Points for taking part", "Des points pour participer"),
    both(
        "Points for joining, reviews, surveys and purchases; VIPs earn double.",
        "Des points pour l’inscription, les avis, les enquêtes et les achats ; le palier VIP les double.",
    ),
    frozenset({"boutique", "other"}),
    _brand,
)
TASKS = Template(
    "tasks",
    both("Purchases and small tasks", "Des achats et de petites missions"),
    both(
        "2 points for each {1}, and points for daily check-ins, shares and reviews.",
        "2 points par tranche de {1}, et des points pour un passage par jour, un partage, un avis.",
    ),
    frozenset({"other"}),
    _tasks,
)
BOOKSHOP = Template(
    "events",
    both("Evenings and quizzes", "Des soirées et des quiz"),
    both(
        "1 point for each {1}, double on event evenings, and points for coming.",
        "1 point par tranche de {1}, doublé les soirs de rencontre, et des points pour qui vient.",
    ),
    frozenset({"boutique", "cafe", "other"}),
    _bookshop,
)
MEMBERSHIP = Template(
    "membership",
    both("Membership by month or year", "Un abonnement au mois ou à l’année"),
    both(
        "Seven days free, then days for each fee.", "Sept jours offerts, puis des jours à chaque règlement."
    ),
    frozenset({"other", "salon"}),
    _membership,
)
ACTS = (BRAND, TASKS, BOOKSHOP, MEMBERSHIP)
