"""What several things that were used on one purchase give back in parts: pro rata, never too much, and all in the end."""

from itertools import combinations, product

import pytest

from loyalty.rules.shares import share_of, spread

WHOLE = 12


@pytest.mark.parametrize(
    ("entries", "part", "gives"),
    [
        ([(100, 0), (100, 0)], 6, [50, 50]),
        ([(1, 0), (1, 0), (1, 0)], 4, [1, 0, 0]),
        ([(1, 1), (1, 0), (1, 0)], 8, [0, 1, 0]),
        ([(3, 0), (9, 0)], 5, [1, 4]),  # 1¼ and 3¾ are five: more of the second was cut off
        ([(1, 1), (10, 5)], 7, [0, 0]),  # 6 5/12 in all: who is ahead keeps it, the other one waits
        ([], 6, []),
    ],
)
def test_a_part_gives_each_its_share_to_the_unit(entries, part, gives):
    due = share_of(sum(units for units, _went in entries), part, WHOLE)
    assert spread(due, entries, part, WHOLE) == gives


def test_in_whatever_parts_nobody_gets_more_than_its_share_and_all_end_where_they_began():
    for units in product((1, 2, 5, 7), repeat=3):
        for parts in combinations(range(1, WHOLE), 2):
            went = [0, 0, 0]
            for part in (*parts, WHOLE):
                due = share_of(sum(units), part, WHOLE)
                gives = spread(due, list(zip(units, went, strict=True)), part, WHOLE)
                went = [before + now for before, now in zip(went, gives, strict=True)]
                assert min(gives) >= 0
                assert sum(went) == due, (units, parts)
            assert went == list(units)
