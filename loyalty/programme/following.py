"""The tables that repeat what the version in force says, for others to refer to: units, tiers, the programme's own row.

The version is the truth. Whoever puts one in force calls this, in the same transaction and under the programme's lock.
"""

from uuid import UUID

from loyalty.clock import today_there
from loyalty.models import Programme, Unit
from loyalty.models import Tier as TierRow
from loyalty.programme.versions import version_in_force
from loyalty.rules import tiers, types
from loyalty.rules.ladder import rose
from loyalty.standings.lifting import hand_on, lift_standings, look_again

LAST = 1000  # the place of a unit that is gone: more than anyone has


def follow(version: types.Version) -> None:
    """Make the tables say what this version says, and lift the standings that it lifts.

    A unit that is in it no more keeps its row, for members have accounts in it.
    """
    before = _in_force()
    Programme.objects.update(
        version=version.number,
        name=version.name,
        ladder_climbing=version.ladder.climbing,
        ladder_window=version.ladder.window,
        cool_down_minutes=version.limits.cool_down_minutes,
        purchases_a_day=version.limits.purchases_a_day,
        static_a_day=version.limits.static_a_day,
        season_on=today_there() if any(tier.season for tier in version.tiers) else None,
    )
    _follow_units(version)
    _follow_tiers(version)
    if before is not None:
        is_new = _counts(before) != _counts(version)
        if is_new or before.tiers != version.tiers:
            hand_on(before, version)
            raised = [UUID(tier.id) for tier in version.tiers if rose(tier, before)]
            look_again(version, is_new=is_new, raised=raised)
    lift_standings()


def _counts(version: types.Version) -> tuple[tiers.Ladder, str]:
    """What its ladder counts: where that is units, which."""
    return version.ladder, version.units[0].id if version.ladder.climbing == "units" else ""


def _in_force() -> types.Version | None:
    """What the tables say until now; nothing of the very first."""
    number = Programme.objects.values_list("version", flat=True).get()
    return version_in_force(number) if number else None


def _follow_units(version: types.Version) -> None:
    known = {str(unit.id): unit for unit in Unit.objects.all()}
    Unit.objects.exclude(id__in=[unit.id for unit in version.units]).update(position=LAST)
    for position, unit in enumerate(version.units):
        row = known.get(unit.id) or Unit(id=UUID(unit.id))
        row.code, row.kind, row.position = unit.code, unit.kind, position
        row.names = {language: list(pair) for language, pair in unit.names.items()}
        row.save(force_insert=unit.id not in known)


def _follow_tiers(version: types.Version) -> None:
    TierRow.objects.exclude(id__in=[tier.id for tier in version.tiers]).delete()
    known = {str(tier.id): tier for tier in TierRow.objects.all()}
    for tier in version.tiers:
        row = known.get(tier.id) or TierRow(id=UUID(tier.id))
        said = (tier.name, tier.threshold_minor, tier.multiplier_percent)
        if tier.id in known and said == (row.name, row.threshold_minor, row.multiplier_percent):
            continue
        row.name, row.threshold_minor, row.multiplier_percent = said
        row.save(force_insert=tier.id not in known)
