"""A rule told as a sentence with blanks: when and where first, then what is given, then for whom and how much at most."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext_noop

from core.languages import reader_language
from loyalty.rules.types import Condition, Rule, Version
from loyalty.wording.conditions import PHRASES
from loyalty.wording.limits import say_goal, say_limit, say_pause, say_quota
from loyalty.wording.numbers import say_clock, say_multiplier, say_ordinal, say_percent
from loyalty.wording.reader import Places, Reader
from loyalty.wording.rules import CONDITIONS_IN_ORDER, ONCE_FOR, rule_name
from loyalty.wording.sentences import quoted, sentence
from web.dashboard.sentences.labels import CHOOSING, DISCOUNT, LABELS, ROUNDING, TAX, TIP
from web.dashboard.sentences.parts import MarkingReader, Part, as_sentence, blank_in, filled, joined, unmarked

_FIRST = ("weekday", "hours", "dates", "location")  # when and where: a sentence begins with that
_UNASKED = {"first_visit"}  # conditions in which there is nothing to fill in
_TIMES = {
    200: gettext_noop("double"),
    300: gettext_noop("triple"),
}
_BY_MONEY = ("per_amount", "share")
FIELD_OF = {"name": "occasion"}  # what a condition is called on the page, where that is another word


def sentence_of(rule: Rule, version: Version, places: Places) -> list[Part]:
    """The rule in the reader's language, whole. `places` are the names of the merchant's locations by their id."""
    reader = MarkingReader(reader_language(), version.currency, version, places, is_desk=True)
    asked = sorted(rule.conditions, key=_place)
    first = joined((condition_parts(one, reader) for one in asked if one.kind in _FIRST), " ")
    given = joined(
        [
            _award(rule, reader),
            *_basis(rule, reader),
            *(condition_parts(one, reader) for one in asked if one.kind not in _FIRST),
            *_limits(rule, reader),
        ],
        ", ",
    )
    name = rule_name(rule, reader.language)
    if name and rule.gives != "badge":
        said = {"name": [blank("named", name)], "rule": joined((first, given), ", ")}
        return as_sentence(filled(sentence(gettext_noop("%(name)s: %(rule)s"), reader.language), said))
    return as_sentence(joined((first, given), ", "))


def blank(field: str, text: str) -> Part:
    """A blank with what stands in it."""
    kind = field.split("_", maxsplit=1)[0] if field.startswith("quota_") else field
    return Part(text, field, str(LABELS[kind]), kind in CHOOSING)


def _told(text: str, reader: Reader, **figures: list[Part]) -> list[Part]:
    """A text of the catalogue as parts."""
    return filled(sentence(text, reader.language), figures)


def _award(rule: Rule, reader: Reader) -> list[Part]:
    return _AWARDS[rule.gives](rule, reader)


def _amount(rule: Rule, reader: Reader) -> list[Part]:
    return [blank("amount", reader.units(rule.unit, rule.amount))]


def _per_amount(rule: Rule, reader: Reader) -> list[Part]:
    money = [blank("per_minor", reader.price(rule.per_minor))]
    text = gettext_noop("give %(units)s for every %(money)s spent")
    return _told(text, reader, units=_amount(rule, reader), money=money)


def _per_item(rule: Rule, reader: Reader) -> list[Part]:
    units = _amount(rule, reader)
    if rule.basis.only:
        product = [blank("only", reader.list(sorted(rule.basis.only), either=True))]
        award = _told(gettext_noop("%(units)s for each %(product)s"), reader, units=units, product=product)
    else:
        award = _told(gettext_noop("%(units)s for each item"), reader, units=units)
    if rule.from_item > 1:
        nth = [blank("from_item", say_ordinal(rule.from_item, reader.language))]
        award = _told(gettext_noop("%(award)s from the %(nth)s"), reader, award=award, nth=nth)
    return _given(award, reader)


def _flat(rule: Rule, reader: Reader) -> list[Part]:
    return _once(rule, _amount(rule, reader), reader)


def _badge(rule: Rule, reader: Reader) -> list[Part]:
    name = rule_name(rule, reader.language) or "…"
    named = [blank("named", quoted(name, reader.language))]
    return _once(rule, _told(gettext_noop("the badge %(name)s"), reader, name=named), reader)


def _once(rule: Rule, units: list[Part], reader: Reader) -> list[Part]:
    kinds = {condition.kind for condition in rule.conditions}
    if rule.trigger in {"purchase", "visit"} and (rule.goal or kinds & {"first_visit", "nth_visit"}):
        return _given(units, reader)
    return _given(_told(ONCE_FOR[rule.trigger], reader, units=units), reader)


def _given(award: list[Part], reader: Reader) -> list[Part]:
    return _told(gettext_noop("give %(award)s"), reader, award=award)


def _share(rule: Rule, reader: Reader) -> list[Part]:
    share = [blank("basis_points", say_percent(rule.basis_points, reader.language))]
    many = [Part(reader.many(rule.unit))]
    return _told(
        gettext_noop("give back %(share)s of the purchase in %(units)s"), reader, share=share, units=many
    )


def _multiplier(rule: Rule, reader: Reader) -> list[Part]:
    if rule.percent in _TIMES:
        times = sentence(_TIMES[rule.percent], reader.language)
    else:
        times = f"× {say_multiplier(rule.percent, reader.language)}"
    return _told(
        gettext_noop("%(units)s count %(times)s"),
        reader,
        units=[Part(reader.many(rule.unit))],
        times=[blank("percent", times)],
    )


_AWARDS: dict[str, Callable[[Rule, Reader], list[Part]]] = {
    "badge": _badge,
    "flat": _flat,
    "multiplier": _multiplier,
    "per_amount": _per_amount,
    "per_item": _per_item,
    "share": _share,
}


def _basis(rule: Rule, reader: Reader) -> Iterator[list[Part]]:
    basis = rule.basis
    if basis.only and rule.gives != "per_item":
        only = [blank("only", reader.list(sorted(basis.only)))]
        yield _told(gettext_noop("on %(products)s only"), reader, products=only)
    if basis.without:
        without = [blank("without", reader.list(sorted(basis.without)))]
        yield _told(gettext_noop("except %(products)s"), reader, products=without)
    if rule.gives in _BY_MONEY:
        yield [blank("tax", str(TAX[basis.tax]))]
        yield [blank("tip", str(TIP[basis.tip]))]
    if basis.discount:
        yield [blank("discount", str(DISCOUNT[True]))]
    if basis.paid_in_units:
        yield _told(gettext_noop("also on what is paid in points"), reader)
    if rule.keeps_change:
        yield _told(gettext_noop("what is left over is kept for the next time"), reader)
    elif rule.rounding != "down":
        yield [blank("rounding", str(ROUNDING[rule.rounding]))]
    if rule.multiplied and rule.gives == "flat":
        yield _told(gettext_noop("multiplied like other units"), reader)
    if not rule.multiplied and rule.gives in {"per_amount", "per_item", "share"}:
        yield _told(gettext_noop("the same for every tier"), reader)


def _limits(rule: Rule, reader: MarkingReader) -> Iterator[list[Part]]:
    if rule.goal:
        yield [blank("goal", unmarked(say_goal(rule.goal, rule.trigger, reader)))]
    for place, quota in enumerate(rule.quotas):
        yield [blank(f"quota_{place}", unmarked(say_quota(quota, rule.unit, reader)))]
    if rule.most_at_once:
        once = {"most": rule.most_at_once, "counted": "units", "period": "once", "whose": "member"}
        yield blank_in(say_limit(once, rule.unit, reader), blank("most_at_once", ""))
    if rule.pause_minutes:
        yield blank_in(say_pause(rule.pause_minutes, reader), blank("pause", ""))


def condition_parts(condition: Condition, reader: MarkingReader) -> list[Part]:
    """What a condition asks, with its blank."""
    given, kind = condition.given, condition.kind
    if kind == "hours":
        return _told(
            gettext_noop("from %(first_hour)s to %(last_hour)s"),
            reader,
            first_hour=[blank("hours_from", say_clock(given["from"], reader.language))],
            last_hour=[blank("hours_to", say_clock(given["to"], reader.language))],
        )
    phrase = PHRASES[kind](given, reader)
    if kind in _UNASKED:
        return [Part(unmarked(phrase))]
    if not phrase:  # every day of the week
        phrase = sentence(gettext_noop("every day"), reader.language)
    return blank_in(phrase, blank(FIELD_OF.get(kind, kind), ""))


def _place(condition: Condition) -> int:
    return CONDITIONS_IN_ORDER.index(condition.kind)
