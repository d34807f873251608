"""Sam at Aroma's till, without JavaScript and as htmx asks."""

import re

import pytest
from django.conf import settings

from core.ids import new_id
from tests.fixtures.browsers import PHONE
from tests.world import PASSWORD, signed_in

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
def crew(server, world):
    """The cast, for the server's threads too."""
    return world


@pytest.fixture
def till_without_camera(crew, server, open_page):
    """The same phone with no camera to ask for."""
    return open_till(open_page(viewport=PHONE), crew, server)


def open_till(page, crew, server):
    """The till in a browser that Sam signed in to before."""
    as_staff(page, crew.sam, server).goto("/scan/aroma/")
    return page


def as_staff(page, user, server):
    """The page in a browser that somebody signed in to before."""
    session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}])
    return page


def sign_in(page):
    """By the form, as on the first day."""
    page.goto("/scan/aroma/")
    page.fill("input[name=login]", "sam@aroma.test")
    page.fill("input[name=password]", PASSWORD)
    page.locator("form button[type=submit]").last.click()
    page.wait_for_url("**/scan/aroma/")
    return page
