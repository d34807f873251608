"""The tables that repeat what the version in force says, for others to refer to: units, tiers, the programme's own row.

The version is the truth. Whoever puts one in force calls this, in the same transaction and under the programme's lock.
"""

from uuid import UUID

from loyalty.lifting import lift_standings
from loyalty.models import Programme, Tier, Unit
from loyalty.rules import types

LAST = 1000  # the place of a unit that is gone: more than anyone has


def follow(version: types.Version) -> None:
    """Make the tables say what this version says, and lift the standings that it lifts.

    A unit that is in it no more keeps its row, for members have accounts in it.
    """
    Programme.objects.update(
        version=version.number,
        name=version.name,
        cool_down_minutes=version.limits.cool_down_minutes,
        purchases_a_day=version.limits.purchases_a_day,
        static_a_day=version.limits.static_a_day,
    )
    _follow_units(version)
    _follow_tiers(version)
    lift_standings()


def _follow_units(version: types.Version) -> None:
    known = {str(unit.id): unit for unit in Unit.objects.all()}
    Unit.objects.exclude(id__in=[unit.id for unit in version.units]).update(position=LAST)
    for position, unit in enumerate(version.units):
        row = known.get(unit.id) or Unit(id=UUID(unit.id))
        row.code, row.kind, row.position = unit.code, unit.kind, position
        row.names = {language: list(pair) for language, pair in unit.names.items()}
        row.save(force_insert=unit.id not in known)


def _follow_tiers(version: types.Version) -> None:
    Tier.objects.exclude(id__in=[tier.id for tier in version.tiers]).delete()
    known = {str(tier.id): tier for tier in Tier.objects.all()}
    for tier in version.tiers:
        row = known.get(tier.id) or Tier(id=UUID(tier.id))
        said = (tier.name, tier.threshold_minor, tier.multiplier_percent)
        if tier.id in known and said == (row.name, row.threshold_minor, row.multiplier_percent):
            continue
        row.name, row.threshold_minor, row.multiplier_percent = said
        row.save(force_insert=tier.id not in known)
