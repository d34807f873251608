"""What is on a page of labels has been read: a look in which a code does not say its text makes none."""

from contextlib import closing
from dataclasses import replace

import pytest

from core import tenancy
from studio.drawing.designs import PLAIN, Design, Frame
from studio.labels.grids import GRIDS, PAGE_HEIGHT, PAGE_WIDTH
from studio.labels.making import label_look
from studio.labels.pages import CodeUnread, LabelPages, Words, drawn_and_read
from studio.looks import Look
from tests.studio.designs import GOOD, proven, put_default
from tests.studio.drawing.samples import LINK

WORDS = Words("Aroma", "Scan and collect", "en")


@pytest.mark.parametrize("design", [Design(ink="#d8d8d8"), Design(modules="dots", error="L", quiet=0)])
def test_a_look_that_does_not_scan_makes_no_page(design):
    with closing(LabelPages(GRIDS["24"], Look(design), WORDS)) as pages, pytest.raises(CodeUnread):
        pages.add([("K7QX-3MPD-9WEA", LINK)])


def test_each_code_is_read_by_itself():
    assert drawn_and_read(Look(PLAIN), LINK).said == LINK
    with pytest.raises(CodeUnread):
        drawn_and_read(Look(PLAIN), LINK + "x" * 200)  # so fine that no phone reads it at two centimetres


def test_a_label_is_white_and_has_no_frame_of_the_design(world):
    asked = replace(GOOD, paper="#fbf7ef", frame=Frame("band", "Scan"))
    put_default(world.aroma, proven(world.aroma, asked))
    with tenancy.scope(world.aroma.id):
        look = label_look(world.aroma)
    assert look.design == replace(asked, paper="#ffffff", frame=Frame())


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
def test_labels_lie_on_the_paper_beside_each_other_and_hold_a_code_of_two_centimetres(grid):
    corners = list(grid.corners())
    assert len(set(corners)) == grid.count
    assert corners == sorted(corners, key=lambda corner: (corner[1], corner[0]))  # as one reads
    (left, top), (right, bottom) = corners[0], corners[-1]
    assert left > 4
    assert top > 4
    assert right + grid.width == pytest.approx(PAGE_WIDTH - left)
    assert bottom + grid.height == pytest.approx(PAGE_HEIGHT - top)
    assert grid.height * 0.94 >= 19.9
