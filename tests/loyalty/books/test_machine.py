"""All that can be done with the books, in any order, at any moment: they do what a small plain program says."""

import pytest

from tests.loyalty.books.playing import play
from tests.loyalty.books.stage import make_shops

OPERATIONS = 20_000
PARTS = 2  # tests of their own, so that both workers have one
DOORS = {
    "award",
    "vest",
    "hold",
    "capture",
    "release",
    "spend",
    "return_spend",
    "take_back",
    "adjust",
    "merge",
    "unmerge",
}


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
def test_the_books_do_what_the_model_says(world, part):
    did = play(make_shops(world.aroma, world.bloom), OPERATIONS // PARTS)
    assert did.total() >= OPERATIONS // PARTS
    assert did.keys() >= DOORS  # each of them posted something
    print(f"{did.total()} operations on the books: {dict(did.most_common())}")
