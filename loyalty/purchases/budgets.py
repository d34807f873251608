"""Budgets: what a rule may give to all members together in a period, and what it gave already.

They are taken last, in one order, by the write that they belong to: `loyalty_take_budgets` refuses what would be overdrawn.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import orjson
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from core.tenancy import current_merchant_id
from loyalty.locking import TRIES_UNDER_LOCK, TooBusy
from loyalty.models import Budget
from loyalty.rules.periods import period_key
from loyalty.rules.quotas import budget_name
from loyalty.rules.types import Period, Rule, Version
from loyalty.rules.verdicts import Drawn, Verdict

# (rule, period's key) → (units, times)
Budgets = dict[tuple[str, str], tuple[int, int]]
PERIODS: tuple[Period, ...] = ("day", "week", "month", "ever")


def keys_at(day: dt.date) -> list[str]:
    """The names of all periods in which a day lies."""
    return [period_key(period, day) for period in PERIODS]


def has_budgets(version: Version) -> bool:
    """Whether any of its rules gives only so much to all members together, or by each of the staff."""
    return any(quota.whose != "member" for rule in version.rules for quota in rule.quotas)


def hold_budgets(day: dt.date) -> Budgets:
    """What was given in the periods of a day, ours until the transaction ends. After accounts and standings."""
    rows = Budget.objects.select_for_update().filter(period__in=keys_at(day)).order_by("rule", "period")
    return {(row.rule, row.period): (row.units, row.times) for row in rows}


def all_budgets() -> Budgets:
    """What was given in every period that is known."""
    return {(row.rule, row.period): (row.units, row.times) for row in Budget.objects.all()}


def judge_within(judge: Callable[[Budgets], Verdict], version: Version, day: dt.date) -> Verdict:
    """What `judge` says of the budgets as they are, with what it takes of them taken. In a transaction.

    Raises TooBusy.
    """
    if not has_budgets(version):
        return judge({})
    for _again in range(TRIES_UNDER_LOCK):
        verdict = judge(hold_budgets(day))
        if take(verdict.budgets):
            return verdict
    raise TooBusy


def take(drawn: Sequence[Drawn]) -> bool:
    """Take all of it, or nothing and answer false. In a transaction."""
    if not drawn:
        return True
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT loyalty_take_budgets(%s, %s)", [current_merchant_id(), drawn_json(drawn)])
        taken = bool(cursor.fetchone()[0])
        transaction.set_rollback(not taken)
    return taken


def drawn_json(drawn: Sequence[Drawn]) -> str:
    """As `loyalty_take_budgets` has it."""
    return orjson.dumps([dataclasses.asdict(one) for one in drawn]).decode() if drawn else "[]"


def after(budgets: Budgets, drawn: Iterable[Drawn]) -> Budgets:
    """The budgets with that taken, for judging what comes next."""
    found = dict(budgets)
    for one in drawn:
        units, times = found.get((one.rule, one.key), (0, 0))
        found[one.rule, one.key] = units + one.units, times + one.times
    return found


def added_up(drawn: Iterable[Drawn]) -> list[Drawn]:
    """What many took together, each budget once."""
    found: dict[tuple[str, str], Drawn] = {}
    for one in drawn:
        known = found.get((one.rule, one.key))
        units, times = (known.units, known.times) if known else (0, 0)
        found[one.rule, one.key] = dataclasses.replace(one, units=units + one.units, times=times + one.times)
    return list(found.values())


def given_back(rule: Rule, day: dt.date, units: int, times: int, staff: str = "") -> list[Drawn]:
    """What comes back to a rule's budgets when so much of what it gave on that day is undone. `staff`: who had told it."""
    if not units and not times:
        return []
    named = {(budget_name(rule, quota, staff), quota.period) for quota in rule.quotas}
    return [Drawn(name, period_key(period, day), units, times, None, None) for name, period in named if name]


def give_back(drawn: Iterable[Drawn]) -> None:
    """Undo that much of what was taken. After accounts and standings."""
    for one in sorted(drawn, key=lambda one: (one.rule, one.key)):
        Budget.objects.filter(rule=one.rule, period=one.key).update(
            units=Greatest(F("units") - one.units, 0), times=Greatest(F("times") - one.times, 0)
        )
