"""What the played years are written with: a day and a deed to a line."""

import datetime as dt

from loyalty.gallery.shelf import template
from loyalty.gallery.templates import Kit, Made
from loyalty.rules.facts import Bill, Facts, Item, Who
from loyalty.rules.playing import Life, Refund, Use
from loyalty.rules.types import Trigger

NEW_YEAR = dt.date(2026, 1, 1)  # a Thursday


def made(code: str, today: dt.date = NEW_YEAR) -> Made:
    """The template of that code in euros."""
    found = template(code)
    assert found is not None
    return found.made_with(Kit("EUR", "en", today))


class Year:
    """A member's year in a programme of the gallery, from the day of joining."""

    def __init__(
        self, code: str, joined: str = "2026-01-01", *, ordinal: int = 100, birthday: str = "1990-05-20"
    ):
        self.made = made(code)
        who = Who(ordinal=ordinal, birthday=dt.date.fromisoformat(birthday))
        self.life = Life(self.made.version, who)
        self.deeds = 0
        self.do(joined, "joining")

    def do(
        self,
        when: str,
        trigger: Trigger,
        amount: str = "0",
        *,
        items: tuple[Item, ...] = (),
        name: str = "",
        draw: str = "",
    ) -> list[str]:
        """Something happens; returns the codes of all reasons. Without an hour it is half past ten."""
        self.deeds += 1
        happened = Facts(
            trigger,
            minor(amount),
            moment=moment(when),
            bill=Bill(items=items),
            name=name,
            draw=draw or f"deed {self.deeds}",
        )
        return [reason.code for reason in self.life.judge(happened).reasons]

    def buy(self, when: str, amount: str, *items: Item, draw: str = "") -> list[str]:
        """A purchase of so many euros."""
        return self.do(when, "purchase", amount, items=items, draw=draw)

    def refund(self, when: str, draw: str, amount: str) -> None:
        """So much of a purchase goes back."""
        self.life.refund(Refund(draw, minor(amount), moment(when)))

    def take(self, when: str, offer: int = 0) -> None:
        """One of the template's offers, by its place."""
        offered = self.made.offers[offer]
        self.life.use(Use(offered.unit, offered.cost, moment(when)))

    def has(self, unit: str) -> int:
        """Units of that code."""
        return self.life.units.get(unit, 0)

    def tier_on(self, day: str) -> str | None:
        """The tier's id once the days up to this one have gone by."""
        self.life.live_until(dt.date.fromisoformat(day))
        return self.life.tier.id if self.life.tier else None

    @property
    def reviews(self) -> list[tuple[str, str, str | None, str | None, int]]:
        """Warnings and losses: day, which, the tier afterwards, the day it is lost on, what is missing."""
        return [
            (
                day.isoformat(),
                found.kind,
                found.tier.id if found.tier else None,
                found.on.isoformat() if found.on and found.kind == "warn" else None,
                found.short,
            )
            for day, found in self.life.reviews
        ]


def item(amount: str, category: str, quantity: int = 1) -> Item:
    """A line of a bill: euros for all of it, a category."""
    return Item(minor(amount), quantity, category=category)


def moment(when: str) -> dt.datetime:
    """A day, or a day and an hour, by the shop's clocks."""
    return dt.datetime.fromisoformat(when if " " in when else f"{when} 10:30")


def minor(amount: str) -> int:
    """Cents of a decimal text."""
    euros, _point, cents = amount.partition(".")
    return int(euros) * 100 + int(cents.ljust(2, "0") or 0)


def days(first: str, number: int, every: int = 1) -> list[str]:
    """So many days from the first, each so many after the other."""
    start = dt.date.fromisoformat(first)
    return [(start + dt.timedelta(days=every * step)).isoformat() for step in range(number)]
