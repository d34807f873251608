"""One reward as sentences with blanks, each with what follows from it, and a blank opened in its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from loyalty.rules.checking import Problem
from loyalty.wording.reader import Reader
from loyalty.wording.rules import CONDITIONS_IN_ORDER
from loyalty.wording.sentences import sentence
from rewards.catalogue import say_offer_problem
from rewards.checking import check_offer
from rewards.models import Reward
from rewards.offers import Offer, say_in
from rewards.vouchers import USUAL_DAYS
from rewards.wording import KIND_NAMES, say_value
from rewards.worth import member_price, shop_cost
from web.dashboard.rewards.asking import Known, asked_now, more_to_ask
from web.dashboard.rewards.blanks import COMES, LABELS, blank_of
from web.dashboard.rewards.figures import Figures
from web.dashboard.rewards.values import value_fields
from web.dashboard.sentences import Extra
from web.dashboard.sentences.parts import MarkingReader, Part, as_sentence, filled, joined
from web.dashboard.sentences.telling import condition_parts
from web.templatetags.habitue import number

ICONS = {
    "what": "gift",
    "price": "wallet",
    "comes": "stamp",
    "who": "users",
    "limits": "grid-3x3",
    "money": "receipt",
    "terms": "book-open",
}
CHOOSING = {"auto", "kind", "unit", "costs"}
OF = {"names": "what", "kind": "what", "value": "what", "cost": "price", "unit": "price", "costs": "price",
      "seen_from": "price", "stock": "limits", "most": "limits", "most_in": "limits", "period": "limits",
      "auto": "comes", "valid_days": "comes", "money": "money", "cost_minor": "money", "price_minor": "money", "terms": "terms"}  # fmt: skip
_OFTEN = {
    "day": gettext_noop("%(times)s a day"),
    "week": gettext_noop("%(times)s a week"),
    "month": gettext_noop("%(times)s a month"),
    "year": gettext_noop("%(times)s a year"),
}


class RewardForm(forms.Form):
    """What stands in a blank. Once it is valid, `offer` is the offer with that."""

    def __init__(self, name: str, offer: Offer, known: Known, data: Any = None) -> None:
        super().__init__(data, auto_id="blank_%s")
        self._blank, self._was, self._known = blank_of(name, offer, known), offer, known
        self.offer = offer
        self.fields.update(self._blank.ask(offer, known))

    def clean(self) -> dict[str, Any] | None:
        """Whatever would be wrong with the offer is said at the field that it was written in."""
        if self.errors:
            return self.cleaned_data
        try:
            self.offer = self._blank.fill(self._was, self.cleaned_data, self._known)
        except ValidationError as refused:
            self.add_error(next(iter(self.fields)), refused)
            return self.cleaned_data
        before = {(problem.code, problem.field) for problem in check_offer(self._was, self._known.version)}
        for problem in check_offer(self.offer, self._known.version):
            at = self._place(problem.field)
            if at or (problem.code, problem.field) not in before:
                words = say_offer_problem(problem, self._known.version.currency)
                self.add_error(at or next(iter(self.fields)), words)
        return self.cleaned_data

    def _place(self, path: str) -> str:
        """The field that a problem is about, if it is one of these."""
        last = path.rpartition(".")[2]
        return self._blank.at.get(path) or (last if last in self.fields else "")


@dataclass(frozen=True)
class Opened:
    """The blank that is being filled in."""

    field: str
    line: str
    form: RewardForm

    @property
    def row(self) -> str:
        """Of the page: the sentence in which it is."""
        return f"line-{self.line}"

    @property
    def back(self) -> str:
        """Of the page: where the focus comes back to."""
        return f"blank-{self.field}"


@dataclass(frozen=True)
class Line:
    """One sentence. `follows`: what it means, `wrong`: why it cannot be offered so."""

    id: str
    icon: str
    parts: list[Part]
    follows: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    opened: Opened | None = None
    offers: tuple[Extra, ...] = ()
    extras: tuple[Extra, ...] = ()

    @property
    def words(self) -> str:
        """The whole sentence, for who hears it."""
        return "".join(part.text for part in self.parts)


def opened_blank(name: str, offer: Offer, known: Known, data: Any = None) -> Opened | None:
    """The blank of this name, with what it says now or with what was typed; None where there is none."""
    try:
        return Opened(name, OF.get(name, "who"), RewardForm(name, offer, known, data))
    except LookupError:
        return None


def lines_of(
    reward: Reward, offer: Offer, known: Known, figures: Figures, opened: Opened | None = None
) -> list[Line]:
    """All that is said of it."""
    reader = known.reader
    told = {
        "what": _what(offer, known, reader),
        "price": _price(offer, known, reader),
        "comes": _comes(offer, reader),
        "who": _who(offer, reader),
        "limits": _limits(offer, reader),
        "money": _money(offer, reader),
        "terms": _terms(offer, reader),
    }
    problems = check_offer(offer, known.version)
    return [
        Line(
            id=line,
            icon=ICONS[line],
            parts=as_sentence(parts),
            follows=tuple(_follows(line, reward, offer, figures)),
            wrong=tuple(_wrong(line, problems, known)),
            opened=opened if opened and opened.line == line else None,
            offers=tuple(more_to_ask(offer, known)) if line == "who" else (),
            extras=tuple(asked_now(offer)) if line == "who" else (),
        )
        for line, parts in told.items()
    ]


def _blank(name: str, text: str) -> Part:
    return Part(text, name, str(LABELS[name]), name in CHOOSING)


def _told(text: str, reader: Reader, **figures: list[Part]) -> list[Part]:
    return filled(sentence(text, reader.language), figures)


def _what(offer: Offer, known: Known, reader: Reader) -> list[Part]:
    kind = [_blank("kind", reader.say(KIND_NAMES[offer.kind]).lower())]
    if value_fields(offer, known.version, reader.language):
        kind = joined([kind, [_blank("value", say_value(offer, reader))]], ", ")
    name = [_blank("names", say_in(offer.names, reader.language) or "…")]
    return _told(gettext_noop("%(name)s: %(kind)s"), reader, name=name, kind=kind)


def _price(offer: Offer, known: Known, reader: Reader) -> list[Part]:
    if offer.auto == "on_tier":
        return _told(gettext_noop("it comes by itself, and takes nothing"), reader)
    phrases = [
        _told(
            gettext_noop("it takes %(cost)s"),
            reader,
            cost=[_blank("cost", reader.units(offer.unit, offer.cost))],
        )
    ]
    if len(known.version.units) > 1:
        unit = [_blank("unit", reader.many(offer.unit))]
        phrases.append(_told(gettext_noop("counted in %(unit)s"), reader, unit=unit))
    if known.version.tiers:
        phrases.append([_blank("costs", _by_tier(offer, known, reader))])
    if offer.seen_from:
        seen = [_blank("seen_from", reader.units(offer.unit, offer.seen_from))]
        phrases.append(_told(gettext_noop("seen from %(units)s on"), reader, units=seen))
    else:
        phrases.append([_blank("seen_from", reader.say(gettext_noop("seen by everybody")))])
    return joined(phrases, ", ")


def _comes(offer: Offer, reader: Reader) -> list[Part]:
    days = offer.valid_days or (USUAL_DAYS if offer.auto != "none" else 0)
    if days:
        good = reader.say(gettext_noop("a voucher that is good for %(days)s"), days=reader.count("day", days))
    else:
        good = reader.say(gettext_noop("it is handed over at the counter"))
    return _told(
        gettext_noop("%(how)s: %(good)s"),
        reader,
        how=[_blank("auto", reader.say(COMES[offer.auto]))],
        good=[_blank("valid_days", good)],
    )


def _by_tier(offer: Offer, known: Known, reader: Reader) -> str:
    said = [
        reader.say(
            gettext_noop("%(units)s for %(tier)s"),
            units=reader.units(offer.unit, offer.costs[tier.id]),
            tier=tier.name,
        )
        for tier in reversed(known.version.tiers)
        if tier.id in offer.costs
    ]
    return reader.list(said) if said else reader.say(gettext_noop("the same in every tier"))


def _who(offer: Offer, reader: Reader) -> list[Part]:
    if not offer.conditions:
        return _told(gettext_noop("it is there for everybody, at any time"), reader)
    asked = sorted(offer.conditions, key=lambda one: CONDITIONS_IN_ORDER.index(one.kind))
    marking = MarkingReader(reader.language, reader.currency, reader.version, reader.places, reader.is_desk)
    asks = joined((condition_parts(one, marking) for one in asked), ", ")
    return _told(gettext_noop("it is there %(asks)s"), reader, asks=asks)


def _limits(offer: Offer, reader: Reader) -> list[Part]:
    stock = (
        reader.say(gettext_noop("as many as it takes")) if offer.stock is None else reader.number(offer.stock)
    )
    most = reader.count("time", offer.most) if offer.most else reader.say(gettext_noop("any number of times"))
    often = reader.say(gettext_noop("as often as they like"))
    if offer.most_in:
        often = reader.say(_OFTEN[offer.period], times=reader.count("time", offer.most_in))
    return _told(
        gettext_noop("there are %(stock)s; one member may take it %(most)s in all, and %(often)s"),
        reader,
        stock=[_blank("stock", stock)],
        most=[_blank("most", most)],
        often=[_blank("most_in", often)],
    )


def _money(offer: Offer, reader: Reader) -> list[Part]:
    cost, price = shop_cost(offer), member_price(offer)
    unsaid = reader.say(gettext_noop("so much"))
    if not cost and not price:
        return [_blank("money", reader.say(gettext_noop("what it costs you is not said yet")))]
    return _told(
        gettext_noop("one costs you %(cost)s, and members would pay %(price)s"),
        reader,
        cost=[_blank("money", reader.price(cost) if cost else unsaid)],
        price=[Part(reader.price(price) if price else unsaid)],
    )


def _terms(offer: Offer, reader: Reader) -> list[Part]:
    text = say_in(offer.terms, reader.language)
    few = [_blank("terms", text.rstrip(".") if text else reader.say(gettext_noop("none yet")))]
    return _told(gettext_noop("small print: %(terms)s"), reader, terms=few)


def _follows(line: str, reward: Reward, offer: Offer, figures: Figures) -> Iterator[str]:
    if line == "price":
        if figures.reached:
            yield f"{capfirst(figures.reached)}."
        elif offer.auto != "on_tier":
            yield _("No purchase gives these: a regular does not reach it.")
        if figures.gives_back:
            yield _("Of what they spend until then, %(share)s comes back as this.") % {
                "share": figures.gives_back
            }
    if line == "limits" and reward.taken:
        yield _("%(count)s of them are with members, or were handed over.") % {"count": number(reward.taken)}
    if line == "money":
        cost, price = shop_cost(offer), member_price(offer)
        if cost and price and cost > price:
            yield _("It costs you more than members would pay.")


def _wrong(line: str, problems: list[Problem], known: Known) -> Iterator[str]:
    for problem in problems:
        if OF.get(problem.field.partition(".")[0], "who") == line:
            yield say_offer_problem(problem, known.version.currency)
