"""The poster as it is seen: drawn by a browser it is read by ZBar, and a camera before it tells the till what it is."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from core import tenancy
from studio.links import link_address, poster_link
from tests.fixtures.browsers import DESKTOP
from tests.studio.drawing.second_reader import zbar
from tests.web.desk import HOME
from tests.web.scanner.conftest import sign_in
from tests.world import signed_in

pytestmark = pytest.mark.slow


@pytest.fixture
def poster(server, world, open_page, settings):
    """A photograph of the poster on the desk's page, and what its code says."""
    page = open_page(viewport=DESKTOP, device_scale_factor=2)
    session = signed_in(world.olivia).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}])
    page.goto(f"{HOME}poster/", wait_until="networkidle")
    photograph = Image.open(io.BytesIO(page.locator(".sheet__paper").screenshot())).convert("RGB")
    with tenancy.scope(world.aroma.id):
        says = link_address(poster_link(world.croix_rousse), world.aroma)
    return photograph, says


def test_a_camera_before_the_poster_tells_the_till_that_it_is_no_card(poster, phone_with_camera):
    photograph, says = poster
    assert zbar(np.asarray(photograph)) == says
    width, height = photograph.size
    before_it = photograph.crop(
        (0, (height - width) // 2, width, (height + width) // 2)
    )  # the cup, as one aims at it
    till = phone_with_camera(before_it, permissions=["camera"])
    sign_in(till)
    expect(till.locator(".problem__title")).to_have_text("Not a card")
    expect(till.locator(".problem")).to_contain_text("This is your shop’s link, not a card")
