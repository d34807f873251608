"""Programmes with other rules than the cast's, for tests: published by the verb that pages use."""

import dataclasses
from uuid import UUID

from core import tenancy
from core.ids import key_within
from loyalty import programme, publishing
from loyalty.models import Budget, Standing
from loyalty.rules.types import Rule, Unit, Version
from merchants.models import Merchant

STAMPS = "0190aaaa-0000-7000-8000-00000000aaaa"


def with_rules(merchant: Merchant, *rules: Rule, units: tuple[Unit, ...] = ()) -> Version:
    """What is in force, but these rules and no others, and these units beside its own."""
    with tenancy.scope(merchant.id):
        publishing.change_programme(
            merchant=merchant,
            change=lambda version: dataclasses.replace(version, rules=rules, units=(*version.units, *units)),
            actor=None,
        )
        return programme.version_in_force()


def per_euro(merchant: Merchant, name: str, **more: object) -> Rule:
    """A point for each euro, multiplied by the tier; its id follows from its name."""
    with tenancy.scope(merchant.id):
        unit = programme.version_in_force().units[0].id
    given = {"amount": 1, "per_minor": 100, "multiplied": True, **more}
    return Rule(rule_id(name), "purchase", unit, **given)  # type: ignore[arg-type]


def rule_id(name: str) -> str:
    """The id of the rule of that name."""
    return str(key_within(UUID(int=0), name))


def stamps() -> Unit:
    """A second unit."""
    return Unit(STAMPS, "stamps", {"en": ("stamp", "stamps"), "fr": ("tampon", "tampons")})


def memory_of(merchant: Merchant, member) -> dict:
    """What is remembered of a member."""
    with tenancy.scope(merchant.id):
        return Standing.objects.get(member=member).memory


def budget_of(merchant: Merchant, name: str) -> list[tuple[int, int]]:
    """What a rule gave to all members together: units and times, of each period that is known."""
    with tenancy.scope(merchant.id):
        rows = Budget.objects.filter(rule=rule_id(name)).order_by("period")
        return list(rows.values_list("units", "times"))
