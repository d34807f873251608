"""What differs between two versions, a line each: "Silver: from €250 instead of €300", "New: 50 points on joining"."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext_noop

from loyalty.rules.comparing import Difference
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Rule, Unit, Version
from loyalty.wording import policies
from loyalty.wording.numbers import unit_name
from loyalty.wording.reader import NO_PLACES, Places, Reader
from loyalty.wording.rules import say_rule
from loyalty.wording.sentences import quoted

Pair = tuple[Reader, Reader]  # who reads the version of before, and the one after


def say_change(
    difference: Difference,
    before: Version,
    after: Version,
    language: str,
    places: Places = NO_PLACES,
    *,
    is_desk: bool = False,
) -> str:
    """One difference in words, without a full stop. `is_desk`: see `Reader`."""
    pair = (
        Reader(language, before.currency, before, places, is_desk),
        Reader(language, after.currency, after, places, is_desk),
    )
    return _SAID[difference.what](difference, pair)


def _instead(before: str, after: str, reader: Reader) -> str:
    return reader.say(gettext_noop("%(after)s instead of %(before)s"), after=after, before=before)


def _name(difference: Difference, pair: Pair) -> str:
    reader = pair[1]
    was, now = (quoted(name, reader.language) for name in (difference.before, difference.after))
    return reader.say(gettext_noop("The programme: %(change)s"), change=_instead(was, now, reader))


def _currency(difference: Difference, pair: Pair) -> str:
    change = _instead(difference.before, difference.after, pair[1])
    return pair[1].say(gettext_noop("The currency: %(change)s"), change=change)


def _stacking(difference: Difference, pair: Pair) -> str:
    return pair[1].say(policies.STACKING[difference.after])


def _returns(difference: Difference, pair: Pair) -> str:
    return pair[1].say(policies.RETURNS[difference.after])


def _least_in_money(difference: Difference, pair: Pair) -> str:
    return policies.say_least_in_money(difference.after, pair[1])


def _ladder(difference: Difference, pair: Pair) -> str:
    return "; ".join(policies.say_ladder(difference.after, pair[1]))


def _limits(difference: Difference, pair: Pair) -> str:
    lines = policies.say_limits(difference.after, pair[1])
    return "; ".join(line for field, line in lines if field in difference.fields)


def _order(difference: Difference, pair: Pair) -> str:
    names = pair[1].list(_many(unit, pair[1]) for unit in difference.after)
    return pair[1].say(gettext_noop("On the card, in this order: %(units)s"), units=names)


def _unit(difference: Difference, pair: Pair) -> str:
    reader = pair[1]
    if difference.how == "added":
        return reader.say(gettext_noop("New unit: %(unit)s"), unit=_many(difference.after, reader))
    if difference.how == "removed":
        return reader.say(gettext_noop("No more: %(thing)s"), thing=_many(difference.before, pair[0]))
    unit: Unit = difference.after
    said: dict[str, Callable[[], str]] = {
        "names": lambda: _instead(_many(difference.before, pair[0]), _many(unit, reader), reader),
        "code": lambda: _instead(difference.before.code, unit.code, reader),
        "kind": lambda: reader.say(gettext_noop("counted in another way")),
        "expiry": lambda: policies.say_expiry(unit.expiry, reader),
        "vesting": lambda: policies.say_vesting(unit, reader),
        "vesting_days": lambda: policies.say_vesting(unit, reader),
        "worth": lambda: policies.say_worth(unit, reader),
    }
    lines = dict.fromkeys(said[field]() for field in difference.fields)
    return _of(_many(difference.before, pair[0]), lines, reader)


def _tier(difference: Difference, pair: Pair) -> str:
    was, now = pair
    if difference.how == "added":
        return now.say(gettext_noop("New tier: %(tier)s"), tier=_whole_tier(difference.after, now))
    if difference.how == "removed":
        return now.say(gettext_noop("No more: %(thing)s"), thing=_whole_tier(difference.before, was))
    before, after = difference.before, difference.after
    said: dict[str, Callable[[], str]] = {
        "name": lambda: _instead(quoted(before.name, now.language), quoted(after.name, now.language), now),
        "threshold_minor": lambda: _other_threshold(before, after, pair),
        "multiplier_percent": lambda: _instead(
            policies.say_tier_times(before, was), policies.say_tier_times(after, now), now
        ),
        "perks": lambda: policies.say_perks(after, now),
        "season": lambda: policies.say_season(after.season, now),
    }
    return _of(before.name, (said[field]() for field in difference.fields), now)


def _other_threshold(before: Tier, after: Tier, pair: Pair) -> str:
    """ "from €200 instead of €250"."""
    was, now = pair
    if not before.threshold_minor or not after.threshold_minor:
        return _instead(_threshold(before, was), _threshold(after, now), now)
    amount = _instead(policies.say_progress(before, was), policies.say_progress(after, now), now)
    return now.say(gettext_noop("from %(money)s"), money=amount)


def _rule(difference: Difference, pair: Pair) -> str:
    was, now = pair
    if difference.how == "added":
        return now.say(gettext_noop("New: %(rule)s"), rule=_line(difference.after, now))
    if difference.how == "removed":
        return now.say(gettext_noop("No more: %(thing)s"), thing=_line(difference.before, was))
    if difference.fields == ("active",):
        on = difference.after.active
        text = gettext_noop("Switched on: %(rule)s") if on else gettext_noop("Switched off: %(rule)s")
        return now.say(text, rule=_line(difference.after, now))
    before, after = _line(difference.before, was), _line(difference.after, now)
    if before == after:
        return _of(after, _details(difference, now), now)
    return now.say(gettext_noop("%(rule)s; before: %(was)s"), rule=after, was=before)


def _details(difference: Difference, reader: Reader) -> Iterator[str]:
    """What does not show in the line of a rule."""
    if "multiplied" in difference.fields:
        multiplied = difference.after.multiplied
        yield reader.say(
            gettext_noop("multiplied like other units")
            if multiplied
            else gettext_noop("the same for every tier")
        )
    if not set(difference.fields) <= {"multiplied"}:
        yield reader.say(gettext_noop("changed in a detail"))


def _of(thing: str, lines: Iterator[str] | dict[str, None], reader: Reader) -> str:
    return reader.say(gettext_noop("%(thing)s: %(change)s"), thing=thing, change=", ".join(lines))


def _many(unit: Unit, reader: Reader) -> str:
    return unit_name(unit, 2, reader.language)


def _whole_tier(tier: Tier, reader: Reader) -> str:
    return f"{tier.name}, {_threshold(tier, reader)}, {policies.say_tier_times(tier, reader)}"


def _threshold(tier: Tier, reader: Reader) -> str:
    return policies.say_threshold(tier, reader)


def _line(rule: Rule, reader: Reader) -> str:
    assert reader.version is not None  # of the two that are compared
    return say_rule(rule, reader.version, reader.language, reader.places, is_desk=reader.is_desk)


_SAID: dict[str, Callable[[Difference, Pair], str]] = {
    "currency": _currency,
    "ladder": _ladder,
    "least_in_money_minor": _least_in_money,
    "limits": _limits,
    "name": _name,
    "order": _order,
    "returns": _returns,
    "rule": _rule,
    "stacking": _stacking,
    "tier": _tier,
    "unit": _unit,
}
