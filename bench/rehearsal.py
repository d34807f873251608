"""How long a rehearsal takes: everything that a merchant's members bought, once more by a draft of ten rules."""

import time
from dataclasses import replace
from typing import Any
from uuid import UUID

DAYS = 3650  # all there is
RULES = 10


def measure(merchant_id: UUID) -> dict[str, Any]:
    """`rehearsal_s` for each 100,000 purchases, by the clock on the wall and by the work of this process; in any scope's absence."""
    from core import tenancy
    from loyalty.programme import drafting
    from loyalty.rehearsal import rehearsing
    from merchants.models import Merchant

    merchant = Merchant.objects.get(id=merchant_id)
    with tenancy.scope(merchant_id):
        drafting.change_draft(merchant=merchant, change=_ten_rules, actor=None)
        asked = rehearsing.begin_rehearsal(merchant=merchant, actor=None, days=DAYS)
    began, busy = time.perf_counter(), time.process_time()
    rehearsing.rehearse(merchant=merchant, rehearsal_id=asked.id, prizes={})
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    with tenancy.scope(merchant_id):
        done = rehearsing.newest_rehearsal()
    assert done is not None
    assert done.result is not None, "the rehearsal failed"
    purchases = done.result["purchases"]
    hundred_thousands = max(1, purchases) / 100_000
    return {
        "rehearsal_s": round(seconds / hundred_thousands, 2),
        "rehearsal_work_s": round(busy / hundred_thousands, 2),
        "rehearsal_purchases": purchases,
    }


def _ten_rules(version: Any) -> Any:
    """Something of everything that a rule may remember."""
    from core.ids import new_id
    from loyalty.rules.types import Condition, Goal, Quota, Rule

    unit = version.units[0].id
    each = next(rule for rule in version.rules if rule.trigger == "purchase")
    rules = [
        replace(each, keeps_change=True),
        Rule(str(new_id()), "purchase", unit, gives="multiplier", percent=200,
             conditions=(Condition("hours", {"from": "06:00", "to": "11:00"}),)),
        Rule(str(new_id()), "visit", unit, 20, gives="flat", goal=Goal(5, "month")),
        Rule(str(new_id()), "visit", unit, 20, gives="flat", goal=Goal(4, "week", in_a_row=True)),
    ]  # fmt: skip
    rules += [
        Rule(str(new_id()), "purchase", unit, 10, gives="flat", quotas=(Quota(60, "units", "month"),), conditions=(
            Condition("spend", {"minor": 1000 * number + 500}), Condition("weekday", {"any": [number + 1]}),
        ))
        for number in range(RULES - len(rules))
    ]  # fmt: skip
    return replace(version, rules=tuple(rules))
