"""Opening a merchant: what cannot be one is refused before anything is written."""

import pytest

from merchants import onboarding
from merchants.branding import ColourUnreadable
from merchants.models import Merchant


@pytest.mark.parametrize("colour", ["red", "#12345", "#1f4d3a;}body{display:none", ""])
def test_a_colour_that_is_none_opens_nothing(world, colour):
    before = Merchant.objects.count()
    with pytest.raises(ColourUnreadable):
        onboarding.open_merchant(owner=world.olivia, name="Chez", location_name="Rue", brand_colour=colour)
    assert Merchant.objects.count() == before
