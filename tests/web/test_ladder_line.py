"""The line of the ladder on a member's page: its marks stand apart, so that their names never touch."""

import re
from dataclasses import replace
from itertools import pairwise

from core import tenancy
from tests.loyalty.ruled import publish
from tests.web.desk import HOME, desk_of, text_of


def silver_near_gold(version):
    """Silver from €490, Gold from €500."""
    near = {"Silver": 490_00}
    tiers = (
        replace(tier, threshold_minor=near.get(tier.name, tier.threshold_minor)) for tier in version.tiers
    )
    return replace(version, tiers=tuple(tiers))


def test_the_marks_stand_apart_however_near_the_tiers_are(world):
    with tenancy.scope(world.aroma.id):
        publish(world.aroma, silver_near_gold)
    page = text_of(desk_of(world).get(f"{HOME}members/{world.mia.id}/"))
    line = page.partition('class="tier-progress"')[2].partition("</div>")[0]
    marks = [float(at) for at in re.findall(r'<line x1="([\d.]+)%', line)]
    assert len(marks) == 3
    assert all(high - low > 20 for low, high in pairwise(marks))
