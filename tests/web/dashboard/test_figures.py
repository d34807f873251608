"""The home's figures as components want them."""

import datetime as dt

import pytest
from django.utils.translation import override

from analytics.kpis import Figures, HomeFigures
from web.dashboard import figures


@pytest.mark.parametrize("left", [0, 1, 5])
def test_there_never_were_fewer_members_than_none_though_newcomers_were_erased(left):
    """Five joined, one a day but on the first and the last; all or some were erased since."""
    quiet, busy = Figures(), Figures(joined=1)
    days = [quiet, *[busy] * 5, quiet]
    home = HomeFigures(dt.date(2026, 11, 16), days=days, days_before=[quiet] * 7)
    with override("en"):
        members = figures.stats_of(home, left)[0]
    grown = {0: None, 1: [0, 0, 0, 0, 0, 0, 1, 1], 5: [0, 0, 1, 2, 3, 4, 5, 5]}[left]
    assert members.get("spark") == (figures.spark(grown) if grown else None)
