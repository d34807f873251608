"""Programmes with other rules than the cast's, for tests: published by the verb that pages use."""

import dataclasses
from uuid import UUID

from core import tenancy
from core.ids import key_within, new_id
from loyalty.models import Budget, ProgrammeVersion, Standing
from loyalty.programme import publishing, versions
from loyalty.programme.publishing import Change
from loyalty.rules.types import Rule, Unit, Version
from merchants.models import Merchant, StaffMember

STAMPS = "0190aaaa-0000-7000-8000-00000000aaaa"


def with_rules(merchant: Merchant, *rules: Rule, units: tuple[Unit, ...] = ()) -> Version:
    """What is in force, but these rules and no others, and these units beside its own."""
    with tenancy.scope(merchant.id):
        publishing.change_programme(
            merchant=merchant,
            change=lambda version: dataclasses.replace(version, rules=rules, units=(*version.units, *units)),
            actor=None,
        )
        return versions.version_in_force()


def publish(merchant: Merchant, change: Change, actor: StaffMember | None = None) -> ProgrammeVersion:
    """Make a change of what is in force, at once; in the merchant's scope."""
    return publishing.change_programme(merchant=merchant, change=change, actor=actor)


def earning(amount: int, per_minor: int = 100, welcome: int = 0) -> Change:
    """A change: so many units for each so much spent, and so many for joining."""

    def change(version: Version) -> Version:
        each = next(rule for rule in version.rules if rule.trigger == "purchase")
        rules = [dataclasses.replace(each, amount=amount, per_minor=per_minor)]
        if welcome:
            rules.append(Rule(str(new_id()), "joining", each.unit, welcome, gives="flat"))
        return dataclasses.replace(version, rules=tuple(rules))

    return change


def per_euro(merchant: Merchant, name: str, **more: object) -> Rule:
    """A point for each euro, multiplied by the tier; its id follows from its name."""
    with tenancy.scope(merchant.id):
        unit = versions.version_in_force().units[0].id
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
