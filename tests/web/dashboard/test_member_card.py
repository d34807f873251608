"""Erasing a member from the desk, when it asks at the counter: the owner may, nobody else."""

from core import tenancy
from members.models import Member
from tests.web.desk import desk_of
from tests.world import signed_in


def path_of(member):
    return f"/dashboard/aroma/members/{member.id}/erasure/"


def test_the_owner_erases_after_one_question(world):
    desk = desk_of(world)
    assert "Erase Mia?" in desk.get(path_of(world.mia)).content.decode()
    response = desk.post(path_of(world.mia), follow=True)
    assert "nobody’s name" in response.content.decode()
    with tenancy.scope(world.aroma.id):
        assert Member.objects.get(id=world.mia.id).erased_at
    assert desk.get(f"/dashboard/aroma/members/{world.mia.id}/").status_code == 404


def test_a_cashier_and_another_merchant_erase_nobody(world):
    assert signed_in(world.sam).post(path_of(world.mia)).status_code == 403
    assert signed_in(world.petra).post(path_of(world.mia)).status_code == 404
    assert desk_of(world).post(path_of(world.zoe)).status_code == 404
    with tenancy.scope(world.aroma.id):
        assert Member.objects.get(id=world.mia.id).erased_at is None
