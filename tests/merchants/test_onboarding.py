"""Opening merchants: whole or not at all, also when two are opened at once."""

import pytest

from core import tenancy
from core.errors import DomainError
from loyalty.models import Tier
from loyalty.programme import tiers
from loyalty.programme.opening import open_for_business
from merchants import locations, onboarding, queries
from merchants.models import Location, Merchant, StaffMember, User
from tests.loyalty.purchases.test_earning_at_once import at_once
from tests.loyalty.ruled import publish
from tests.world import user


def open_one(owner, **more):
    return open_for_business(owner=owner, **({"name": "Le Chat", "location_name": "Rue Cler"} | more))


def test_a_new_merchant_has_an_owner_a_location_and_a_programme(world):
    merchant = open_one(world.sam)
    assert merchant.slug == "le-chat"
    assert merchant in queries.merchants_of(User.objects.get(id=world.sam.id))
    with tenancy.scope(merchant.id):
        assert StaffMember.objects.get().role == "owner"
        assert Location.objects.get().name == "Rue Cler"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"location_name": ""}, "location_name"),
        ({"currency": "XXX"}, "currency"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"name": "a\x00"}, "name"),
    ],
)
def test_a_senseless_merchant_is_refused_at_its_field_and_nothing_is_opened(world, fields, field):
    with pytest.raises(DomainError) as refused:
        open_one(world.sam, **fields)
    assert refused.value.field == field
    assert Merchant.objects.count() == 2


def test_two_of_one_name_get_two_addresses(world):
    assert [open_one(world.sam).slug, open_one(world.olivia).slug] == ["le-chat", "le-chat-2"]


def test_two_opened_at_once_are_both_there_and_both_listed(committed_db):
    owner = user("nadia@example.test", "Nadia")
    results = at_once(4, lambda _index: open_one(User.objects.get(id=owner.id)))
    assert sorted(merchant.slug for merchant in results) == ["le-chat", "le-chat-2", "le-chat-3", "le-chat-4"]
    assert len(queries.merchants_of(User.objects.get(id=owner.id))) == 4


def test_a_second_location_of_one_name_is_refused(world):
    with tenancy.scope(world.aroma.id):
        locations.add_location(name="Vieux Lyon")
        with pytest.raises(onboarding.NameTaken):
            locations.add_location(name="vieux lyon")
        assert Location.objects.count() == 2


def test_two_taps_on_one_arrow_are_two_steps(committed_db, world):
    with tenancy.scope(world.aroma.id):
        bronze = Tier.objects.get(name="Bronze")

    def tap(_index):
        with tenancy.scope(world.aroma.id):
            publish(world.aroma, tiers.moving(tier_id=bronze.id, up=True))

    assert at_once(2, tap) == [None, None]
    with tenancy.scope(world.aroma.id):
        ladder = Tier.objects.order_by("threshold_minor").values_list("name", flat=True)
        assert list(ladder) == ["Silver", "Gold", "Bronze"]
