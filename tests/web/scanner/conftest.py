"""Sam at Aroma's till, without JavaScript and as htmx asks."""

import re

import pytest

from core.ids import new_id
from loyalty import programme
from tests.fixtures.browsers import PHONE
from tests.world import PASSWORD, make_world, signed_in

HTMX = {"HX-Request": "true"}


class Till:
    """What a cashier does, one word each; answers are HTTP responses."""

    def __init__(self, user, slug="aroma", *, htmx=True):
        self.client = signed_in(user)
        self.base = f"/scan/{slug}/"
        self.headers = HTMX if htmx else {}

    def open(self):
        return self.client.get(self.base)

    def look_up(self, code):
        return self.client.post(f"{self.base}lookup", {"code": code}, headers=self.headers)

    def stamp(self, code, amount, key=None):
        said = {"code": code, "amount": amount, "key": str(key or new_id())}
        return self.client.post(f"{self.base}purchases", said, headers=self.headers)

    def preview(self, code, amount):
        said = {"code": code, "amount": amount}
        return self.client.post(f"{self.base}preview", said, headers=self.headers)

    def enrol(self, **said):
        return self.client.post(f"{self.base}members", said, headers=self.headers)


@pytest.fixture
def till(world):
    return Till(world.sam)


@pytest.fixture
def plain_till(world):
    return Till(world.sam, htmx=False)


def words_of(response):
    """The text of a page or fragment, tags and runs of space taken out."""
    body = re.sub(r"(?s)<(script|style|template|svg)\b.*?</\1>", " ", response.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def note_in(response):
    """The code that a look-up gives the till to send back."""
    return re.search(r'data-code="([^"]+)"', response.content.decode())[1]


@pytest.fixture
def crew(server):
    """The cast, for the server's threads too."""
    programme.forget_versions()
    return make_world()


@pytest.fixture
def till_without_camera(crew, open_page):
    """The same phone with no camera to ask for."""
    return sign_in(open_page(viewport=PHONE))


def sign_in(page):
    page.goto("/scan/aroma/")
    page.fill("input[name=login]", "sam@aroma.test")
    page.fill("input[name=password]", PASSWORD)
    page.locator("form button[type=submit]").last.click()
    page.wait_for_url("**/scan/aroma/")
    return page
