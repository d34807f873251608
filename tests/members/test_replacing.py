"""A card that is replaced, and an address that is proven: what a wrong contact opened, it opens no longer."""

import pytest

from core import tenancy
from core.models import Event
from members import profiles, queries
from members.models import Member


@pytest.fixture
def aroma(world):
    with tenancy.scope(world.aroma.id):
        yield world


def generation_of(member):
    return queries.card_of(member).generation


def change(world, member, **changes):
    profiles.change_profile(member=member, merchant=world.aroma, changes=changes, actor="staff")


@pytest.mark.parametrize("changes", [{"email": "mja@example.org"}, {"email": ""}, {"phone": "+33612345679"}])
def test_a_corrected_contact_replaces_the_card(aroma, changes):
    change(aroma, aroma.mia, **changes)
    assert generation_of(aroma.mia) == 2
    assert Event.objects.get(name="card.replaced").payload == {"member": str(aroma.mia.id), "actor": "staff"}


@pytest.mark.parametrize("changes", [{"name": "Mia L."}, {"locale": "fr"}, {"email": "MIA@example.org"}])
def test_what_opens_nothing_may_change_without(aroma, changes):
    change(aroma, aroma.mia, **changes)
    assert generation_of(aroma.mia) == 1
    assert Member.objects.get(id=aroma.mia.id).email_verified_at


def test_a_first_address_takes_nothing_from_who_has_the_card(aroma):
    change(aroma, aroma.noah, email="noah@example.org")
    assert generation_of(aroma.noah) == 1


def test_a_changed_address_is_unproven_again(aroma):
    change(aroma, aroma.mia, email="mia.l@example.org")
    assert Member.objects.get(id=aroma.mia.id).email_verified_at is None


def test_the_first_proof_in_another_browser_replaces_the_card_and_a_later_one_does_not(aroma):
    change(aroma, aroma.noah, email="noah@example.org")
    for _time in range(2):
        card = profiles.verify_email(member=aroma.noah, email="noah@example.org", is_own_browser=False)
        assert card.generation == generation_of(aroma.noah) == 2


def test_the_first_proof_where_the_card_is_leaves_it(aroma):
    change(aroma, aroma.noah, email="noah@example.org")
    card = profiles.verify_email(member=aroma.noah, email="noah@example.org", is_own_browser=True)
    assert card.generation == 1
    assert Member.objects.get(id=aroma.noah.id).email_verified_at


def test_an_address_that_is_not_the_members_proves_nothing(aroma):
    change(aroma, aroma.noah, email="noah@example.org")
    profiles.verify_email(member=aroma.noah, email="eve@example.org", is_own_browser=False)
    assert Member.objects.get(id=aroma.noah.id).email_verified_at is None
