"""What CONTRIBUTING says about adding a condition is true: its own example is added, and found by everything."""

import re

import pytest

from loyalty.rules import conditions, facts
from loyalty.rules.checking import check_version
from loyalty.rules.shapes import whole
from tests.loyalty.rules.made import purchase, rule, told, version, where
from tests.servers import ROOT

BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)


@pytest.fixture
def pieces(monkeypatch):
    """The example's condition, added as the page shows it."""
    function, line, row = (re.sub(r"^   ", "", block, flags=re.MULTILINE) for block in BLOCKS)
    names = {**vars(conditions), **vars(facts), "whole": whole}
    exec(function, names)
    monkeypatch.setitem(conditions.CONDITIONS, "pieces", eval(f"{{{line}}}", names)["pieces"])
    return eval(row.strip().rstrip(","), names)


def test_the_condition_of_the_example_is_judged_and_checked(pieces):
    kind, given, met, unmet, code, is_near = pieces
    asking = rule(conditions=where(kind, **given))
    assert told(purchase(**met), asking).units == 1
    refused = told(purchase(**unmet), asking)
    assert (refused.code, refused.is_near) == (code, is_near)
    assert check_version(version(asking)) == []
    assert [problem.code for problem in check_version(version(rule(conditions=where(kind, least=1))))] == [
        "out_of_range"
    ]
