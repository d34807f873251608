"""A card whose figure is money: what arrives is said as money, to the eye and to the ear."""

import dataclasses
import re

from core import tenancy
from core.ids import new_id
from loyalty.programme.unit_kinds import new_unit
from loyalty.rules.types import Rule
from tests.loyalty.ruled import publish
from tests.web.card.conftest import phone_of
from tests.web.desk import text_of
from tests.world import buy


def credit_alone(version):
    """A tenth of what is spent comes back as credit."""
    credit = new_unit("credit", str(new_id()), version)
    back = Rule(str(new_id()), "purchase", credit.id, gives="share", basis_points=1000)
    return dataclasses.replace(version, units=(credit,), rules=(back,), tiers=())


def test_credit_that_arrives_is_said_as_money(world):
    with tenancy.scope(world.aroma.id):
        publish(world.aroma, credit_alone)
    phone = phone_of(world.aroma, world.mia)
    seen = re.search(r'data-seen="([^"]+)', text_of(phone.get("/c/aroma/")))[1]
    buy(world.aroma, world.mia, 12_00)
    said = text_of(phone.get("/c/aroma/live", {"seen": seen}, headers={"HX-Request": "true"}))
    assert 'data-said="+€1.20 of credit. You have €1.20 of credit."' in said
    assert "Every credit, and why" in said
