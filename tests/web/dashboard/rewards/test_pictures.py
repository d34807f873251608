"""The picture of a reward at the desk: kept as a logo is, refused when it is none, shown on the ticket, removed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from merchants.logos import SMALL
from rewards.pictures import picture_path
from tests.web.dashboard.rewards.desk import REWARDS, a_reward, now
from tests.web.dashboard.test_logo import png
from tests.web.desk import desk_of, text_of
from tests.world import signed_in


@pytest.fixture
def reward(world):
    return a_reward(world.aroma)


def upload(client, reward, content):
    file = SimpleUploadedFile("cake.png", content)
    return client.post(f"{REWARDS}{reward.id}/picture/", {"logo": file}, follow=True)


def test_a_picture_is_kept_shown_on_the_ticket_and_removed(world, reward):
    client = desk_of(world)
    assert "The picture is in its place" in text_of(upload(client, reward, png()))
    address = picture_path(world.aroma, now(reward), SMALL)
    assert address
    for page in ("", f"{reward.id}/"):
        assert address in text_of(client.get(REWARDS + page))
    client.post(f"{REWARDS}{reward.id}/picture/removal/")
    assert now(reward).picture == ""
    assert address not in text_of(client.get(REWARDS))


@pytest.mark.parametrize("content", [b"no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b""])
def test_what_is_no_picture_is_refused_at_its_field(world, reward, content):
    response = upload(desk_of(world), reward, content)
    assert response.status_code == 422
    assert 'id="picture_logo_error"' in text_of(response)
    assert now(reward).picture == ""


def test_a_cashier_gives_a_reward_no_picture_and_takes_none_away(world, reward):
    upload(desk_of(world), reward, png())
    kept = now(reward).picture
    sam = signed_in(world.sam)
    assert upload(sam, reward, png(colour="red")).status_code == 403
    assert sam.post(f"{REWARDS}{reward.id}/picture/removal/").status_code == 403
    assert now(reward).picture == kept != ""
