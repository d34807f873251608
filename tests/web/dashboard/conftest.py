"""A shop that has just been opened, for the wizard."""

import pytest

from loyalty.programme.opening import open_for_business
from merchants.models import Merchant
from tests.world import signed_in, user


@pytest.fixture
def fournil(db) -> Merchant:
    """A bakery that has just been opened."""
    lea = user("lea@fournil.test", "Léa")
    return open_for_business(owner=lea, name="Le Fournil", location_name="Rue Mercière", trade="bakery")


@pytest.fixture
def lea(fournil):
    """Its owner at her desk."""
    from merchants.models import User

    return signed_in(User.objects.get(email="lea@fournil.test"))
