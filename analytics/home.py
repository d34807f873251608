"""What home must know of the shop before it counts anything, in one query."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Subquery
from django.db.models.functions import JSONObject

from analytics.models import Aim
from loyalty.models import Programme
from loyalty.programme.versions import in_force
from rewards.models import Plan


@dataclass(frozen=True)
class HomeFacts:
    """The number of the version in force, what is to be reached, and whether a programme is being set up (None: it never was)."""

    number: int
    aim: Aim | None
    is_setting_up: bool | None


def home_facts() -> HomeFacts:
    """What home must know before it counts. One query for all of it: home is at its limit."""
    aim = Aim.objects.filter(closed_on=None)
    said = JSONObject(id="id", kind="kind", target="target", since="since", by="by")
    number, found, has_plan, is_open = (
        Programme.objects.annotate(
            number=in_force(),
            aim=Subquery(aim.values_list(said)[:1]),
            has_plan=Exists(Plan.objects.all()),
            is_open=Exists(Plan.objects.filter(closed_at=None)),
        )
        .values_list("number", "aim", "has_plan", "is_open")
        .get()
    )
    return HomeFacts(number, _read(found) if found else None, is_open if has_plan else None)


def _read(said: dict[str, Any]) -> Aim:
    since, by = (dt.date.fromisoformat(said[name]) for name in ("since", "by"))
    return Aim(id=said["id"], kind=said["kind"], target=said["target"], since=since, by=by)
