"""All that can be done with the books, in any order, at any moment: they do what a small plain program says."""

import pytest

from tests.loyalty.books.playing import play
from tests.loyalty.books.stage import make_shops

OPERATIONS = 20_000
PARTS = 4  # tests of their own, so that the workers share them


@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
def test_the_books_do_what_the_model_says(world, part, record_property):
    done = play(make_shops(world.aroma, world.bloom), OPERATIONS // PARTS)
    assert done >= OPERATIONS // PARTS
    print(f"{done} operations on the books")
