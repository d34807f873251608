"""The dots of a ladder: by place, and by name where tiers are called after metals."""

import pytest

from web.tiers import pips_of


@pytest.mark.parametrize(
    ("names", "pips"),
    [
        (["Bud", "Blossom"], ["bronze", "silver"]),
        (["Malachite", "Sapphire", "Ruby", "Diamond"], ["bronze", "silver", "gold", "4"]),
        (["Silver", "Gold"], ["silver", "gold"]),
        (["Argent", " or "], ["silver", "gold"]),
        (["Silver", "Gold", "Platinum"], ["silver", "gold", "6"]),
        ([], []),
    ],
)
def test_a_tier_called_after_a_metal_has_that_metal_s_dot(names, pips):
    assert pips_of(names) == pips
