"""A reward's picture: refused as a logo is, drawn anew, named by its digest, one a reward."""

import pytest

from core import tenancy
from core.errors import DomainError
from core.ids import new_id
from core.models import Event
from loyalty.models import Unit
from merchants.logos import LARGE, MEDIUM, SMALL, Crop, LogoIsDrawing, LogoUnreadable
from rewards import pictures
from rewards.catalogue import RewardUnknown
from rewards.models import Picture, Reward
from tests.merchants.test_logos import SVG, drawn, picture
from tests.rewards.offering import offered


@pytest.fixture
def cake(world):
    """At Aroma."""
    with tenancy.scope(world.aroma.id):
        return offered(name="Cake", unit_id=Unit.objects.get(code="points").id, cost=40)


def keep(world, reward, content):
    return pictures.set_picture(
        merchant=world.aroma, reward_id=reward.id, content=content, crop=Crop(), actor=None
    )


def name_of(world, reward, size=SMALL):
    reward.refresh_from_db()
    return pictures.picture_path(world.aroma, reward, size).rpartition("/")[2]


def test_a_picture_is_there_in_three_sizes_under_a_name_of_its_own(world, cake):
    keep(world, cake, picture(kind="JPEG"))
    with tenancy.scope(world.aroma.id):
        read = [pictures.read_picture(name_of(world, cake, size)) for size in (LARGE, MEDIUM, SMALL)]
        assert [(drawn(content).size, kind) for content, kind in read] == [
            ((512, 512), "image/png"),
            ((192, 192), "image/png"),
            ((128, 128), "image/webp"),
        ]
        assert Event.objects.get(name="reward.changed").payload["changed"] == ["picture"]


def test_another_takes_its_place_and_the_old_name_leads_nowhere(world, cake):
    keep(world, cake, picture())
    with tenancy.scope(world.aroma.id):
        old = name_of(world, cake)
    keep(world, cake, picture(colour=(200, 0, 0)))
    with tenancy.scope(world.aroma.id):
        assert pictures.read_picture(old) is None
        assert pictures.read_picture(name_of(world, cake)) is not None
        assert Picture.objects.count() == 1


def test_without_one_there_is_no_address_and_removing_twice_changes_nothing(world, cake):
    keep(world, cake, picture())
    with tenancy.scope(world.aroma.id):
        for _again in range(2):
            pictures.remove_picture(reward_id=cake.id, actor=None)
        assert name_of(world, cake) == ""
        assert Picture.objects.count() == 0
        assert Event.objects.filter(name="reward.changed").count() == 2


@pytest.mark.parametrize(("content", "refusal"), [(SVG, LogoIsDrawing), (b"GIF89a", LogoUnreadable)])
def test_what_is_refused_as_a_logo_is_refused_here_and_nothing_changes(world, cake, content, refusal):
    keep(world, cake, picture())
    with pytest.raises(refusal) as refused:
        keep(world, cake, content)
    assert refused.value.field == "picture"
    with tenancy.scope(world.aroma.id):
        assert Reward.objects.get().picture == Picture.objects.get().digest


def test_no_reward_no_picture(world):
    with pytest.raises(RewardUnknown):
        pictures.set_picture(
            merchant=world.aroma, reward_id=new_id(), content=picture(), crop=Crop(), actor=None
        )
    with tenancy.scope(world.aroma.id):
        assert Picture.objects.count() == 0


def test_another_merchants_picture_is_not_found(world, cake):
    keep(world, cake, picture())
    with tenancy.scope(world.aroma.id):
        name = name_of(world, cake)
    with tenancy.scope(world.bloom.id):
        assert pictures.read_picture(name) is None
        with pytest.raises(DomainError):
            pictures.remove_picture(reward_id=cake.id, actor=None)
