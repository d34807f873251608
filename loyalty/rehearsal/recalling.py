"""What was known on a day gone by: of each member, and of what rules had given to all of them together.

Visits, progress and the tier follow from what happened before. A member's memory is kept as it is now only. So what belongs to no
period (the small-change bank, what counts for ever) is today's less what came since; what belongs to a period is added up
again from the days before. What a rule remembers begins with the rule: of one that is new, nothing is known.
"""

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, DateField, F, Max, QuerySet, Sum, Value
from django.db.models.functions import TruncDate

from core.tenancy import current_merchant_id
from loyalty.models import Happening, Purchase, Standing, Unit
from loyalty.purchases.budgets import Budgets, all_budgets, given_back, keys_at
from loyalty.rules.calendar import local
from loyalty.rules.facts import Who
from loyalty.rules.memory import Memory, Trace, as_of, remember
from loyalty.rules.periods import first_day_of
from loyalty.rules.types import Rule, Version
from loyalty.standings.climbing import units_in
from members.models import Member
from merchants.models import Merchant

LOOK_BACK = dt.timedelta(days=2 * 366)  # for ladders that count a year: the one that runs and the one before

# What is left in memories of what happened from one moment up to another. Of a purchase that was refunded in part, its share
# is gone, rounded toward nothing as `rules/shares.py` does; what counts once stays until the last of the money goes.
LEFT = """
WITH happened AS (
    SELECT member_id, actor_id, occurred_at, reasons, amount_minor, refunded_minor FROM loyalty_purchase
    WHERE merchant_id = %(merchant)s AND ended_at IS NULL AND occurred_at >= %(since)s AND occurred_at < %(until)s
    UNION ALL
    SELECT member_id, actor_id, occurred_at, reasons, 1, 0 FROM loyalty_happening
    WHERE merchant_id = %(merchant)s AND cancelled_at IS NULL AND occurred_at >= %(since)s AND occurred_at < %(until)s
), left_behind AS (
    SELECT member_id, actor_id, occurred_at, reason->>'rule' AS rule,
           ARRAY(SELECT CASE WHEN place <= 3 THEN figure::numeric - div(figure::numeric * refunded_minor, amount_minor)
                             ELSE figure::numeric END
                 FROM jsonb_array_elements_text(reason->'trace') WITH ORDINALITY each(figure, place)) AS trace
    FROM happened, jsonb_array_elements(reasons) reason
    WHERE reason ? 'trace' AND reason->>'rule' = ANY(%(rules)s)
)
SELECT {groups}, max(occurred_at),
       sum(trace[1])::bigint, sum(trace[2])::bigint, sum(trace[3])::bigint, sum(trace[4])::bigint, sum(trace[5])::bigint
FROM left_behind GROUP BY {groups}
"""
DAY = "(occurred_at AT TIME ZONE %(zone)s)::date"
END_OF_TIME = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of a member. `dated` is what had been added to the progress, by day.

    `tier_since`: where the tier is held still, since when. One that was lost or left since is that of the last purchase before.
    """

    who: Who
    tier_id: UUID | None = None
    tier_since: dt.date | None = None
    dated: tuple[tuple[dt.date, int], ...] = ()
    memory: Memory = field(default_factory=dict)


@dataclass(frozen=True)
class Recall:
    """All that was known at a moment, to judge by a version from then on. In the merchant's scope."""

    merchant: Merchant
    version: Version
    at: dt.datetime

    def owner_of(self, member_id: UUID) -> UUID:
        """The member itself, or the one into whom it was merged since."""
        return self.survivors.get(member_id, member_id)

    @cached_property
    def survivors(self) -> Mapping[UUID, UUID]:
        """Whoever was merged into somebody, and into whom."""
        merged = Member.objects.filter(merged_into__isnull=False)
        return dict(merged.values_list("id", "merged_into_id"))

    @cached_property
    def members(self) -> Mapping[UUID, Known]:
        """Everybody who is a member now. Of those who joined later, what they told when they did."""
        zone = self.merchant.time_zone
        tiers = self._earlier.order_by("member_id", "-recorded_at", "-id").distinct("member_id")
        tier_of = dict(tiers.values_list("member_id", "tier_id"))
        visits, last_on = self._visits(), self._last_days()
        dated: dict[UUID, list[tuple[dt.date, int]]] = {}
        for member_id, day, added in self._climbed():
            dated.setdefault(self.owner_of(member_id), []).append((day, added))
        kept = {row.member_id: row for row in Standing.objects.all()}
        memories = self._memories({member_id: row.memory for member_id, row in kept.items()})
        held = {
            member_id: (row.tier_id, row.tier_since)
            for member_id, row in kept.items()
            if row.tier_since and row.tier_since < self._today
        }
        return {
            member_id: Known(
                Who(
                    visits=visits.get(member_id, 0),
                    ordinal=kept[member_id].ordinal if member_id in kept else 0,
                    joined_on=local(joined_at, zone).date(),
                    birthday=birthday,
                    last_on=last_on.get(member_id),
                    segments=frozenset(tags),
                ),
                held[member_id][0] if member_id in held else tier_of.get(member_id),
                held[member_id][1] if member_id in held else None,
                tuple(dated.get(member_id, ())),
                memories.get(member_id, {}),
            )
            for member_id, joined_at, birthday, tags in Member.objects.values_list(
                "id", "joined_at", "birthday", "tags"
            )
        }

    def budgets(self) -> Budgets:
        """What rules had given to all members together, or by each of the staff, in the periods in which the moment lies."""
        drawing = {
            rule.id: rule
            for rule in self.version.rules
            if any(quota.whose != "member" for quota in rule.quotas)
        }
        if not drawing:
            return {}
        keys = set(keys_at(self._today))
        found = {
            (name, key): given
            for (name, key), given in all_budgets().items()
            if name.split(" ")[0] in drawing and key in keys
        }
        since = self._left(drawing, self.at, END_OF_TIME, "rule", "actor_id", DAY)
        for (rule, actor_id, day), _last, trace in since:
            for back in given_back(drawing[rule], day, trace.units, trace.times, str(actor_id or "")):
                if (back.rule, back.key) in found:
                    units, times = found[back.rule, back.key]
                    found[back.rule, back.key] = max(0, units - back.units), max(0, times - back.times)
        return found

    @property
    def _today(self) -> dt.date:
        return local(self.at, self.merchant.time_zone).date()

    @property
    def _earlier(self) -> QuerySet[Purchase]:
        return Purchase.objects.filter(ended_at=None, occurred_at__lt=self.at)

    @property
    def _happened(self) -> QuerySet[Happening]:
        return Happening.objects.filter(cancelled_at=None, occurred_at__lt=self.at)

    def _visits(self) -> Mapping[UUID, int]:
        came = self._happened.filter(trigger="visit")
        found: dict[UUID, int] = {}
        for visits in (self._earlier, came):
            counted: QuerySet[Any] = visits.order_by().values_list("member_id").annotate(Count("id"))
            for member_id, count in counted:
                owner_id = self.owner_of(member_id)
                found[owner_id] = found.get(owner_id, 0) + count
        return found

    def _last_days(self) -> Mapping[UUID, dt.date]:
        """When each had bought the last time."""
        found: dict[UUID, dt.date] = {}
        rows: QuerySet[Any] = self._earlier.order_by().values_list("member_id")
        for member_id, last in rows.annotate(Max("occurred_at")):
            owner_id, day = self.owner_of(member_id), local(last, self.merchant.time_zone).date()
            found[owner_id] = max(found.get(owner_id, day), day)
        return found

    def _memories(self, now: Mapping[UUID, Memory]) -> Mapping[UUID, Memory]:
        rules = {rule.id: rule for rule in self.version.rules if rule.remembers}
        dated: dict[UUID, dict[str, Any]] = {}
        if rules:
            begins = min(_begins(rule, self._today) for rule in rules.values())
            first = dt.datetime.combine(begins, dt.time(), zoneinfo.ZoneInfo(self.merchant.time_zone))
            rows = self._left(rules, first, self.at, "member_id", "rule", DAY)
            for (member_id, rule, _day), last, trace in sorted(rows, key=lambda row: row[1]):
                memory = dated.setdefault(self.owner_of(member_id), {})
                moment = local(last, self.merchant.time_zone)
                memory[rule] = remember(memory, rules[rule], trace, moment)
        since: dict[tuple[UUID, str], Trace] = {}
        for (member_id, rule), _last, trace in self._left(rules, self.at, END_OF_TIME, "member_id", "rule"):
            owner = (self.owner_of(member_id), rule)
            since[owner] = since.get(owner, Trace()).plus(trace)
        found: dict[UUID, Memory] = {}
        for member_id in now.keys() | dated.keys():
            mine, then = now.get(member_id, {}), dated.get(member_id, {})
            rows_of = (rules[rule_id] for rule_id in {*mine, *then} if rule_id in rules)
            memory = {
                rule.id: as_of(mine, then, rule, since.get((member_id, rule.id), Trace())) for rule in rows_of
            }
            found[member_id] = {rule_id: row for rule_id, row in memory.items() if row}
        return found

    def _left(
        self, rules: Iterable[str], since: dt.datetime, until: dt.datetime, *groups: str
    ) -> Iterator[tuple[Any, dt.datetime, Trace]]:
        """What is left in memories of that time, by what is asked for, with the newest moment of each."""
        if not (asked := list(rules)):
            return
        with connection.cursor() as cursor:
            cursor.execute(
                LEFT.format(groups=", ".join(groups)),
                {
                    "merchant": current_merchant_id(),
                    "since": since,
                    "until": until,
                    "rules": asked,
                    "zone": self.merchant.time_zone,
                },
            )
            for row in cursor.fetchall():
                yield row[: len(groups)], row[len(groups)], Trace(*row[len(groups) + 1 :])

    def _climbed(self) -> Iterable[tuple[UUID, dt.date, int]]:
        ladder, zone = self.version.ladder, zoneinfo.ZoneInfo(self.merchant.time_zone)
        earlier, came = self._earlier, self._happened
        day: Any = TruncDate("occurred_at", tzinfo=zone)
        if ladder.window == "lifetime":
            day = Value(self._today - dt.timedelta(days=1), output_field=DateField())
        else:
            earlier = earlier.filter(occurred_at__gte=self.at - LOOK_BACK)
            came = came.filter(occurred_at__gte=self.at - LOOK_BACK)
        rows: QuerySet[Any] = earlier.order_by().annotate(day=day)
        others: QuerySet[Any] = came.order_by().annotate(day=day)
        if ladder.climbing == "units":
            yield from self._units_climbed(rows, others)
            return
        counted = Count("id") if ladder.climbing == "visits" else Sum(F("amount_minor") - F("refunded_minor"))
        yield from rows.values_list("member_id", "day").annotate(added=counted)
        if ladder.climbing == "visits":
            visits = others.filter(trigger="visit").values_list("member_id", "day")
            yield from visits.annotate(added=Count("id"))

    def _units_climbed(
        self, bought: QuerySet[Any], came: QuerySet[Any]
    ) -> Iterator[tuple[UUID, dt.date, int]]:
        """As `loyalty_steps` has it: of this version's first unit, whichever was first when a purchase was made."""
        unit = self.version.units[0].id
        if Unit.objects.exclude(id=unit).exists():
            for member_id, on, reasons, back, whole in bought.values_list(
                "member_id", "day", "reasons", "refunded_minor", "amount_minor"
            ):
                gave = units_in(reasons, unit)
                yield member_id, on, gave - gave * back // whole
        else:
            left = Sum(F("awarded") - F("awarded") * F("refunded_minor") / F("amount_minor"))
            yield from bought.values_list("member_id", "day").annotate(added=left)
        for member_id, on, reasons in came.values_list("member_id", "day", "reasons"):
            yield member_id, on, units_in(reasons, unit)


def _begins(rule: Rule, day: dt.date) -> dt.date:
    """The first day whose events may still matter to the rule on a day."""
    first = day - dt.timedelta(minutes=rule.pause_minutes) if rule.pause_minutes else day
    periods = {(quota.period, 0) for quota in rule.quotas if quota.whose == "member"}
    if rule.goal:
        periods.add((rule.goal.period, rule.goal.times if rule.goal.in_a_row else 0))
    for period, more in periods:
        if period != "ever":
            begins = first_day_of(period, day)
            for _before in range(more):
                begins = first_day_of(period, begins - dt.timedelta(days=1))
            first = min(first, begins)
    return first
