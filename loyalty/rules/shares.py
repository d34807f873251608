"""What belongs to a part of a purchase's money. Pure.

Shares are cumulative: what a part brings is the share of all up to it less the share of what went before, so that parts in
any sizes end where the whole ends.
"""

from collections.abc import Sequence


def share_of(units: int, part_minor: int, whole_minor: int) -> int:
    """The units that belong to a part of the money, rounded toward nothing: of parts that add up to the whole, never more
    than their share at any time, and all of them with the last."""
    return units * part_minor // whole_minor if units >= 0 else -(-units * part_minor // whole_minor)


def share_between(units: int, before_minor: int, up_to_minor: int, whole_minor: int) -> int:
    """What belongs to the money between two sums; all such parts together are all of it."""
    return share_of(units, up_to_minor, whole_minor) - share_of(units, before_minor, whole_minor)


def spread(due: int, entries: Sequence[tuple[int, int]], part_minor: int, whole_minor: int) -> list[int]:
    """`due` units in all, of several entries that belong to one part of the money: what each has to give now, to the unit.

    Of each entry: its units, and how many went before. Each has its own share, rounded down; what that leaves goes to those that
    lost most by it. What went before stays: where a larger part would round otherwise, the one that is ahead waits for the others.
    """
    exact = [units * part_minor for units, _went in entries]
    now = [max(0, each // whole_minor - went) for each, (_units, went) in zip(exact, entries, strict=True)]
    left = due - sum(now) - sum(went for _units, went in entries)
    order = sorted(range(len(entries)), key=lambda place: -(exact[place] % whole_minor))
    for place in order:
        if left > 0 and now[place] + entries[place][1] < -(-exact[place] // whole_minor):
            now[place], left = now[place] + 1, left - 1
    for place in reversed(order):
        too_many = min(now[place], max(0, -left))
        now[place], left = now[place] - too_many, left + too_many
    return now
