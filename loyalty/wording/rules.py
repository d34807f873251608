"""A rule as one line: "1 point per €1", "Double points on Saturdays before 11:00, at Rue Cler"."""

from collections.abc import Callable, Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext_noop

from loyalty.rules.types import Condition, Rule, Version
from loyalty.wording.conditions import say_condition, say_names
from loyalty.wording.limits import basis_of, limits_of, rounding_of, say_goal
from loyalty.wording.numbers import say_multiplier, say_ordinal, say_percent
from loyalty.wording.reader import NO_PLACES, Places, Reader
from loyalty.wording.sentences import quoted

# What `units` are given once for.
ONCE_FOR = {
    "purchase": gettext_noop("%(units)s for each purchase"),
    "visit": gettext_noop("%(units)s for each visit"),
    "joining": gettext_noop("%(units)s on joining"),
    "profile": gettext_noop("%(units)s for a complete profile"),
    "birthday": gettext_noop("%(units)s for the birthday"),
    "anniversary": gettext_noop("%(units)s for each year as a member"),
    "referrer": gettext_noop("%(units)s for bringing a friend"),
    "friend": gettext_noop("%(units)s for coming through a friend"),
    "review": gettext_noop("%(units)s for a review"),
    "newsletter": gettext_noop("%(units)s for subscribing to the newsletter"),
    "survey": gettext_noop("%(units)s for answering a survey"),
    "share": gettext_noop("%(units)s for sharing on social media"),
    "attendance": gettext_noop("%(units)s for coming to an event"),
    "code": gettext_noop("%(units)s for entering a code"),
    "custom": gettext_noop("%(units)s for an event of your own"),
    "gift": gettext_noop("%(units)s as a gift of the team"),
}
_NAMED = {
    "attendance",
    "code",
    "custom",
    "gift",
    "review",
    "share",
    "survey",
}  # told by their own name, if they have one
_OF_NAMES = ("name", "batch")
_FOR, _FOR_A_CODE = (
    gettext_noop("%(units)s for %(names)s"),
    gettext_noop("%(units)s for a code from %(names)s"),
)
# Said at once, without a comma; of the others only the first is, and these never.
_AT_ONCE = {"weekday", "hours", "first_visit", "nth_visit"}
_APART = {"chance", "dates"}
CONDITIONS_IN_ORDER = (
    "first_visit",
    "nth_visit",
    "weekday",
    "hours",
    "dates",
    "location",
    "spend",
    "product",
    "payment",
    "channel",
    "tier",
    "segment",
    "among_first",
    "birthday",
    "name",
    "batch",
    "chance",
)
_TIMES = {
    200: gettext_noop("double %(units)s"),
    300: gettext_noop("triple %(units)s"),
}
# In languages with genders "double" agrees with what is doubled; of these words the gender is known.
_MASCULINE = {"points", "tampons", "crédits", "cafés"}


def say_rule(
    rule: Rule, version: Version, language: str, places: Places = NO_PLACES, *, is_desk: bool = False
) -> str:
    """A rule as a line, whole: what it gives, for what, when, where, to whom, and how much at most. `is_desk`: see `Reader`."""
    reader = Reader(language, version.currency, version, places, is_desk)
    line = say_award(rule, reader)
    is_later = False
    for kind, phrase in _asked(rule, reader):
        line += f" {phrase}" if kind in _AT_ONCE or not (is_later or kind in _APART) else f", {phrase}"
        is_later = True
    tails = [*basis_of(rule.basis, reader), *rounding_of(rule, reader), *limits_of(rule, reader)]
    line = ", ".join([line, *tails])
    name = rule_name(rule, language)
    if not name or rule.gives == "badge":
        return capfirst(line)
    return reader.say(gettext_noop("%(name)s: %(rule)s"), name=name, rule=line)


def rule_name(rule: Rule, language: str) -> str:
    """What the merchant calls it; empty for most rules."""
    return rule.names.get(language) or rule.names.get("en") or next(iter(rule.names.values()), "")


def say_award(rule: Rule, reader: Reader) -> str:
    """What a rule gives, and for what: "5 points for each visit"."""
    return _HEADS[rule.gives](rule, reader)


def say_prize(rule: Rule, reader: Reader) -> str:
    """What a rule gives, without for what: "double points", "5 points"."""
    if rule.gives == "multiplier":
        return say_times(rule, reader)
    if rule.gives == "flat":
        return reader.units(rule.unit, rule.amount)
    return badge_name(rule, reader) if rule.gives == "badge" else say_award(rule, reader)


def say_times(rule: Rule, reader: Reader) -> str:
    """ "double points", "points × 1.5"."""
    many = reader.many(rule.unit)
    if rule.percent in _TIMES and (reader.language != "fr" or many in _MASCULINE):
        return reader.say(_TIMES[rule.percent], units=many)
    return f"{many} × {say_multiplier(rule.percent, reader.language)}".strip()


def badge_name(rule: Rule, reader: Reader) -> str:
    """ "the badge “Early bird”"."""
    name = rule_name(rule, reader.language)
    if not name:
        return reader.say(gettext_noop("a badge"))
    return reader.say(gettext_noop("the badge %(name)s"), name=quoted(name, reader.language))


def _per_amount(rule: Rule, reader: Reader) -> str:
    said = reader.say(
        gettext_noop("%(units)s per %(money)s"),
        units=reader.units(rule.unit, rule.amount),
        money=reader.price(rule.per_minor),
    )
    return _with_goal(_only(said, rule, reader), rule, reader)


def _per_item(rule: Rule, reader: Reader) -> str:
    units, products = reader.units(rule.unit, rule.amount), sorted(rule.basis.only)
    if products:
        what = reader.list(products, either=True)
        said = reader.say(gettext_noop("%(units)s for each %(product)s"), units=units, product=what)
    else:
        said = reader.say(gettext_noop("%(units)s for each item"), units=units)
    if rule.from_item > 1:
        nth = say_ordinal(rule.from_item, reader.language)
        said = reader.say(gettext_noop("%(award)s from the %(nth)s"), award=said, nth=nth)
    return _with_goal(said, rule, reader)


def _share(rule: Rule, reader: Reader) -> str:
    unit, share = reader.unit(rule.unit), say_percent(rule.basis_points, reader.language)
    if unit is not None and unit.kind == "credit":
        said = reader.say(gettext_noop("%(share)s of the purchase back"), share=share)
    else:
        said = reader.say(
            gettext_noop("%(share)s of the purchase in %(units)s"), share=share, units=reader.many(rule.unit)
        )
    return _with_goal(_only(said, rule, reader), rule, reader)


def _multiplier(rule: Rule, reader: Reader) -> str:
    return _with_goal(_only(say_times(rule, reader), rule, reader), rule, reader)


def _flat(rule: Rule, reader: Reader) -> str:
    return _once(rule, reader.units(rule.unit, rule.amount), reader)


def _badge(rule: Rule, reader: Reader) -> str:
    return _once(rule, badge_name(rule, reader), reader)


def _once(rule: Rule, units: str, reader: Reader) -> str:
    kinds = {condition.kind for condition in rule.conditions}
    if rule.goal and rule.trigger in {"purchase", "visit"}:
        return f"{units} {say_goal(rule.goal, rule.trigger, reader)}"
    if rule.trigger in {"purchase", "visit"} and kinds & {"first_visit", "nth_visit"}:
        return units
    names = _names(rule)
    if names:
        said = reader.say(
            _FOR_A_CODE if "batch" in kinds else _FOR, units=units, names=say_names(names, reader)
        )
    else:
        said = reader.say(ONCE_FOR[rule.trigger], units=units)
    return _with_goal(said, rule, reader)


def _names(rule: Rule) -> list[str]:
    """The occasions that it is for, where the occasion says all."""
    named = [condition for condition in rule.conditions if condition.kind in _OF_NAMES]
    return list(named[0].given["any"]) if len(named) == 1 and rule.trigger in _NAMED else []


def _only(said: str, rule: Rule, reader: Reader) -> str:
    if not rule.basis.only:
        return said
    products = reader.list(sorted(rule.basis.only))
    return reader.say(gettext_noop("%(award)s on %(products)s only"), award=said, products=products)


def _with_goal(said: str, rule: Rule, reader: Reader) -> str:
    return f"{said}, {say_goal(rule.goal, rule.trigger, reader)}" if rule.goal else said


def _asked(rule: Rule, reader: Reader) -> Iterator[tuple[str, str]]:
    said_already = rule.gives in {"flat", "badge"} and bool(_names(rule)) and not _goal_is_head(rule)
    for condition in sorted(rule.conditions, key=_place):
        phrase = "" if condition.kind in _OF_NAMES and said_already else _phrase(condition, reader)
        if phrase:
            yield condition.kind, phrase


def _goal_is_head(rule: Rule) -> bool:
    return rule.goal is not None and rule.trigger in {"purchase", "visit"}


def _phrase(condition: Condition, reader: Reader) -> str:
    return say_condition(condition.kind, condition.given, reader)


def _place(condition: Condition) -> int:
    return CONDITIONS_IN_ORDER.index(condition.kind)


_HEADS: dict[str, Callable[[Rule, Reader], str]] = {
    "badge": _badge,
    "flat": _flat,
    "multiplier": _multiplier,
    "per_amount": _per_amount,
    "per_item": _per_item,
    "share": _share,
}
