"""A design comes back from JSON as it was, and nothing that is not one comes in."""

import json
import random

import pytest

from studio.drawing.designs import Design, Frame, Logo
from studio.drawing.keeping import DesignUnreadable, as_json, digest, from_json
from tests.studio.drawing.samples import LINK, POSTER, anything


def test_any_design_comes_back_as_it_was():
    dice = random.Random(7)
    for design in [Design(), POSTER, *(anything(dice) for _ in range(50))]:
        assert from_json(json.loads(json.dumps(as_json(design)))) == design


def test_what_is_left_out_is_as_nobody_touched_it():
    assert from_json({"version": 1, "logo": {"share": 12}, "frame": {"kind": "seal"}}) == Design(
        logo=Logo(share=12), frame=Frame("seal")
    )


@pytest.mark.parametrize(
    ("kept", "code", "at"),
    [
        ({"version": 2}, "version_unknown", "version"),
        ([], "version_unknown", "version"),
        ({"version": 1, "href": "https://elsewhere.example"}, "key_unknown", "href"),
        ({"version": 1, "logo": {"url": "x"}}, "key_unknown", "logo.url"),
        ({"version": 1, "logo": 3}, "value_unreadable", "logo"),
        ({"version": 1, "quiet": True}, "value_unreadable", "quiet"),
        ({"version": 1, "quiet": "4"}, "value_unreadable", "quiet"),
        ({"version": 1, "ink": None}, "value_unreadable", "ink"),
        ({"version": 1, "frame": None}, "value_unreadable", "frame"),
    ],
)
def test_what_is_no_design_is_refused(kept, code, at):
    with pytest.raises(DesignUnreadable) as refused:
        from_json(kept)
    assert (refused.value.code, refused.value.at) == (code, at)


def test_a_digest_names_design_and_text():
    assert digest(POSTER, LINK) == digest(from_json(as_json(POSTER)), LINK)
    assert len({digest(POSTER, LINK), digest(POSTER, LINK + "x"), digest(Design(), LINK)}) == 3
