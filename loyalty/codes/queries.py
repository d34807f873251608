"""Reading codes: batches, the codes themselves, what became of them. Everything in the merchant's scope."""

import datetime as dt
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate

from loyalty.codes.batches import BatchUnknown
from loyalty.codes.texts import Place, code_at
from loyalty.models import CodeBatch, CodeUse
from loyalty.rules.types import Rule, Version
from merchants.models import Merchant


@dataclass(frozen=True, slots=True)
class Source:
    """What one partner's batches came to: how many codes were made, and entered."""

    name: str
    batches: int
    size: int
    used: int


@dataclass(frozen=True, slots=True)
class Code:
    """One of a batch. `used_on`: the shop's day on which it was entered."""

    text: str
    link: str
    used_on: dt.date | None = None


def batches(before: int | None = None) -> QuerySet[CodeBatch]:
    """Newest first; those of a number below `before`, if that is told."""
    found = CodeBatch.objects.order_by("-number")
    return found.filter(number__lt=before) if before is not None else found


def batch_names() -> list[str]:
    """Of all batches that were not stopped, newest first."""
    return list(CodeBatch.objects.filter(stopped_at=None).order_by("-number").values_list("name", flat=True))


def find_batch(batch_id: UUID) -> CodeBatch:
    """Raises BatchUnknown."""
    batch = CodeBatch.objects.filter(id=batch_id).first()
    if batch is None:
        raise BatchUnknown
    return batch


def sources() -> list[Source]:
    """By partner, the one with the most entered codes first. Batches without one are left out."""
    found = CodeBatch.objects.exclude(source="").values("source")
    summed = found.annotate(batches=Count("id"), size=Sum("size"), used=Sum("used"))
    rows = summed.order_by("-used", "source").values_list("source", "batches", "size", "used")
    return [Source(*row) for row in rows]


def used_by_day(batch: CodeBatch, zone: str) -> dict[dt.date, int]:
    """How many were entered on each of the shop's days that has any."""
    day = TruncDate("used_at", tzinfo=zoneinfo.ZoneInfo(zone))
    rows = CodeUse.objects.filter(batch=batch).annotate(day=day).values("day").annotate(times=Count("id"))
    return dict(rows.order_by("day").values_list("day", "times"))


def members_of(batch: CodeBatch) -> int:
    """How many members entered any of it."""
    return CodeUse.objects.filter(batch=batch).aggregate(members=Count("member_id", distinct=True))["members"]


def newest_uses(batch: CodeBatch, limit: int) -> list[CodeUse]:
    """Who entered one of it last, newest first."""
    found = CodeUse.objects.filter(batch=batch).select_related("member", "member__merged_into")
    return list(found.order_by("-used_at", "-id")[:limit])


def codes_of(
    batch: CodeBatch, merchant: Merchant, *, after: int = 0, limit: int | None = None
) -> Iterator[Code]:
    """The codes of a batch in their order, from the one after `after`; of a word, the word. One query."""
    if batch.word:
        yield from [Code(batch.word, code_link(merchant, batch.word))] if after == 0 else []
        return
    last = batch.size if limit is None else min(batch.size, after + limit)
    zone = zoneinfo.ZoneInfo(merchant.time_zone)
    uses = CodeUse.objects.filter(batch=batch, serial__gt=after, serial__lte=last)
    used = {serial: at.astimezone(zone).date() for serial, at in uses.values_list("serial", "used_at")}
    for serial in range(after + 1, last + 1):
        text = code_at(merchant.id, Place(batch.number, serial))
        yield Code(text, code_link(merchant, text), used.get(serial))


def code_link(merchant: Merchant, text: str) -> str:
    """What a QR on packaging says: the member's card with the code in its field, or the door for who has no card."""
    return f"{settings.BASE_URL}/c/{merchant.slug}/codes?code={text}"


def rules_for(batch: CodeBatch, version: Version) -> list[Rule]:
    """Rules that look at codes of this batch, those that are switched off left out."""
    return [
        rule for rule in version.rules if rule.active and rule.trigger == "code" and _asks_for(rule, batch)
    ]


def _asks_for(rule: Rule, batch: CodeBatch) -> bool:
    named = [condition.given["any"] for condition in rule.conditions if condition.kind in ("batch", "name")]
    return all(batch.name.lower() in {name.lower() for name in names} for names in named)
