"""The team's page: roles changed, people removed and taken back, and who may do none of it."""

import pytest

from core import tenancy
from merchants.models import StaffMember
from tests.web.desk import HOME, desk_of, manager_of, text_of, trips
from tests.world import World, signed_in

PAGE = f"{HOME}team/"


def staff(world: World, someone) -> StaffMember:
    """Their row at Aroma."""
    with tenancy.scope(world.aroma.id):
        return StaffMember.objects.get(user=someone)


def of_sam(world: World, what: str) -> str:
    """An address of something to do with Sam."""
    return f"{PAGE}{staff(world, world.sam).id}/{what}/"


def test_a_role_changes_from_the_next_click_on(world):
    sam = signed_in(world.sam)
    assert sam.get(HOME).status_code == 403
    page = text_of(desk_of(world).post(of_sam(world, "role"), {"role": "manager"}, follow=True))
    assert "Sam Petit: Manager from now on." in page
    assert sam.get(HOME).status_code == 200


def test_who_is_removed_is_out_on_every_device_and_the_toast_takes_it_back(world):
    sam, olivia = signed_in(world.sam), desk_of(world)
    assert sam.get("/scan/aroma/").status_code == 200
    page = text_of(olivia.post(of_sam(world, "removal"), follow=True))
    assert "Sam Petit is out of the team." in page
    assert f'action="{of_sam(world, "return")}"' in page
    assert sam.get("/scan/aroma/").status_code == 404
    page = text_of(olivia.post(of_sam(world, "return"), follow=True))
    assert "Sam Petit is back in the team." in page
    assert sam.get("/scan/aroma/").status_code == 200


@pytest.mark.parametrize(("what", "form"), [("role", {"role": "cashier"}), ("removal", {})])
def test_the_last_owner_is_told_why_not(world, what, form):
    own = staff(world, world.olivia).id
    response = desk_of(world).post(f"{PAGE}{own}/{what}/", form, follow=True)
    assert "A shop keeps at least one owner." in text_of(response)
    assert staff(world, world.olivia).role == "owner"
    assert staff(world, world.olivia).removed_at is None


def test_an_owner_who_leaves_lands_at_the_door_and_may_not_come_back_alone(world):
    client = desk_of(world)
    client.post(of_sam(world, "role"), {"role": "owner"})
    own = staff(world, world.olivia).id
    response = client.post(f"{PAGE}{own}/removal/", follow=True)
    assert response.redirect_chain[0][0] == "/dashboard/"
    assert client.post(f"{PAGE}{own}/return/").status_code == 404


@pytest.mark.parametrize("what", ["role", "removal", "return"])
def test_nobody_but_an_owner_of_this_shop_touches_the_team(world, what):
    before = staff(world, world.sam)
    for client, status in (
        (signed_in(world.petra), 404),
        (signed_in(world.sam), 403),
        (signed_in(manager_of(world.aroma)), 403),
    ):
        assert client.post(of_sam(world, what), {"role": "owner"}).status_code == status
    after = staff(world, world.sam)
    assert (after.role, after.removed_at) == (before.role, before.removed_at)


@pytest.mark.parametrize("what", ["role", "removal", "return"])
def test_staff_of_another_shop_is_not_there(world, what):
    with tenancy.scope(world.bloom.id):
        petra = StaffMember.objects.get(user=world.petra)
    assert desk_of(world).post(f"{PAGE}{petra.id}/{what}/", {"role": "cashier"}).status_code == 404
    with tenancy.scope(world.bloom.id):
        assert StaffMember.objects.get(user=world.petra).role == "owner"


def test_a_role_that_is_none_changes_nothing(world):
    page = text_of(desk_of(world).post(of_sam(world, "role"), {"role": "admin"}, follow=True))
    assert "Choose a role from the list." in page
    assert staff(world, world.sam).role == "cashier"


def test_the_page_needs_few_trips(world):
    assert trips(desk_of(world), PAGE) == 7
