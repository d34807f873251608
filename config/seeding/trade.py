"""Two years of believable trade: who joins when, who comes back when, and what they take.

Pure: a shop and a day in, plans out. Every member has its own stream of random numbers, so the same day always tells
the same story. Lists of what happened, in local time; it writes nothing and asks for no clock.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from config.seeding.shops import HISTORY_DAYS, Item, Persona, Place, Shop
from core.money import decimal_text

MOST_LIKELY = 0.93  # even who comes daily has a cold now and then
FREQUENCY_SPREAD = 1.05  # sigma of the lognormal: a few come daily, most now and then
NEVER_LEAVES, DAYS_UNTIL_LEAVING = 0.35, 330.0
LAUNCH_SHARE, LAUNCH_DAYS = 0.09, 9.0  # the poster is new and everybody is asked
EDGE_HOURS = 0.08  # nobody pays in the minute the door opens


@dataclass(frozen=True, slots=True)
class Visit:
    """A purchase that will have happened."""

    member: int
    occurred_at: dt.datetime
    place: Place
    items: tuple[dict[str, Any], ...]
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Guest:
    """A member's habits: which kind, how often, where, from when to when."""

    number: int
    persona: Persona
    place: Place
    joined_at: dt.datetime
    leaves_on: dt.date
    visits_a_week: float


def plan_guests(shop: Shop, *, count: int, today: dt.date) -> list[Guest]:
    """`count` guests in the order they join, all before `today`."""
    guests = []
    for number in range(count):
        rng = Random(f"{shop.name} guest {number}")
        joined_at = _moment(rng, shop, _joining_day(rng, shop, today), persona := _persona(rng, shop))
        stays = HISTORY_DAYS * 2 if rng.random() < NEVER_LEAVES else rng.expovariate(1 / DAYS_UNTIL_LEAVING)
        guests.append(
            Guest(
                number=number,
                persona=persona,
                place=_place(rng, shop, joined_at.date(), today),
                joined_at=joined_at,
                leaves_on=joined_at.date() + dt.timedelta(days=int(stays)),
                visits_a_week=min(6.0, rng.lognormvariate(0, FREQUENCY_SPREAD) * shop.visits_a_week),
            )
        )
    return guests


def plan_visits(shop: Shop, guests: Sequence[Guest], *, total: int, now: dt.datetime) -> list[Visit]:
    """About `total` visits of these guests until `now`, oldest first."""
    today = now.astimezone(shop.zone).date()
    likely = {guest.number: list(_likely_days(shop, guest, today)) for guest in guests}
    busier = _busier([chance for days in likely.values() for _day, chance in days], total - len(guests))
    visits = []
    for guest in guests:
        rng = Random(f"{shop.name} visits {guest.number}")
        visits.append(_visit(rng, shop, guest, guest.joined_at + dt.timedelta(seconds=90), today))
        for day, chance in likely[guest.number]:
            if rng.random() < min(MOST_LIKELY, chance * busier):
                visits.append(_visit(rng, shop, guest, _moment(rng, shop, day, guest.persona), today))
    return sorted(
        (visit for visit in visits if visit.occurred_at <= now), key=lambda visit: visit.occurred_at
    )


def _busier(chances: Sequence[float], total: int) -> float:
    """By how much to raise all chances so that they sum to `total`, though none may pass MOST_LIKELY."""
    busier = 1.0
    for _round in range(4):
        busier *= total / sum(min(MOST_LIKELY, chance * busier) for chance in chances)
    return busier


def plan_steady_visits(
    shop: Shop, persona: Persona, *, member: int, count: int, name: str, today: dt.date
) -> list[Visit]:
    """Exactly `count` visits, evenly over the past until yesterday: for those of the cast whose story is told."""
    rng, appetite = (
        Random(f"{shop.name} {name}"),
        Random(f"{name}’s appetite"),
    )  # apart: amounts are the same every day
    step = (HISTORY_DAYS - 40) / count
    visits = []
    for number in range(count):
        day = today - dt.timedelta(days=1 + int(step * (count - number - 1) + rng.random() * min(step, 3)))
        while not shop.is_open(day):
            day -= dt.timedelta(days=1)
        items, amount_minor = _basket(appetite, shop, persona)
        visits.append(Visit(member, _moment(rng, shop, day, persona), shop.places[0], items, amount_minor))
    return sorted(visits, key=lambda visit: visit.occurred_at)


def _likely_days(shop: Shop, guest: Guest, today: dt.date) -> Iterator[tuple[dt.date, float]]:
    """Days on which the guest may come, each with its chance."""
    usual = guest.visits_a_week / sum(guest.persona.weekdays)
    first = guest.joined_at.date() + dt.timedelta(days=1)
    for offset in range((min(today, guest.leaves_on) - first).days + 1):
        day = first + dt.timedelta(days=offset)
        if shop.is_open(day):
            yield day, usual * guest.persona.weekdays[day.weekday()] * shop.season(day)


def _persona(rng: Random, shop: Shop) -> Persona:
    return rng.choices(shop.personas, [persona.share for persona in shop.personas])[0]


def _joining_day(rng: Random, shop: Shop, today: dt.date) -> dt.date:
    """Many at the launch, then ever more as word gets round; never on a day the shop is shut."""
    while True:
        if rng.random() < LAUNCH_SHARE:
            after = rng.expovariate(1 / LAUNCH_DAYS)
        else:  # density 0.7 + 0.6 t over the whole time: the inverse of its sum
            after = HISTORY_DAYS * ((0.49 + 1.2 * rng.random()) ** 0.5 - 0.7) / 0.6
        day = today - dt.timedelta(days=max(1, HISTORY_DAYS - int(after)))
        busy = 1.0 if day.weekday() >= 4 else 0.7
        if shop.is_open(day) and rng.random() < busy:
            return day


def _place(rng: Random, shop: Shop, day: dt.date, today: dt.date) -> Place:
    """The place where the guest usually is, among those open on that day."""
    open_ = [place for place in shop.places if place.open_for_days >= (today - day).days]
    return rng.choices(open_, [1 / (index + 1) for index in range(len(open_))])[0]


def _moment(rng: Random, shop: Shop, day: dt.date, persona: Persona) -> dt.datetime:
    """A moment within opening hours, around the persona's usual hour."""
    opens, closes = (hour * 3600 for hour in shop.hours[day.weekday()])
    earliest, latest = opens + EDGE_HOURS * 3600, closes - EDGE_HOURS * 3600
    for _try in range(6):
        seconds = rng.gauss(persona.at, persona.spread) * 3600
        if earliest <= seconds <= latest:
            break
    else:
        seconds = rng.uniform(earliest, latest)
    clock = dt.time(int(seconds // 3600), int(seconds % 3600 // 60), int(seconds % 60))
    return dt.datetime.combine(day, clock, tzinfo=shop.zone)


def _visit(rng: Random, shop: Shop, guest: Guest, moment: dt.datetime, today: dt.date) -> Visit:
    """One in eight times a guest is at another place than usual."""
    place = guest.place
    if rng.random() < 0.125:
        place = _place(rng, shop, moment.date(), today)
    items, amount_minor = _basket(rng, shop, guest.persona)
    return Visit(guest.number, moment, place, items, amount_minor)


def _basket(rng: Random, shop: Shop, persona: Persona) -> tuple[tuple[dict[str, Any], ...], int]:
    """What a table takes, as lines of a bill, and its sum."""
    heads = 1 + rng.choices(range(len(persona.heads)), persona.heads)[0]
    taken: Counter[Item] = Counter()
    while not taken:
        for category, chance in list(persona.courses) * heads:
            if rng.random() < chance:
                items, liked = shop.choices[category]
                taken[rng.choices(items, liked)[0]] += 1
    lines = tuple(
        {
            "sku": item.sku,
            "category": item.category,
            "quantity": count,
            "amount": decimal_text(item.price_minor * count, "EUR"),
        }
        for item, count in taken.items()
    )
    return lines, sum(item.price_minor * count for item, count in taken.items())
