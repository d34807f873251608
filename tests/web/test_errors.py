"""Pages of refusal and trouble: warm, in the reader's language, and without what may be broken."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from tests.web.desk import text_of
from tests.world import signed_in
from web.errors import server_error

FRENCH = {"accept-language": "fr"}


@pytest.fixture
def closed():
    """The house, closed until the test is over."""
    flag = settings.DATA_DIR / "maintenance"
    flag.parent.mkdir(parents=True, exist_ok=True)
    flag.write_text("")
    yield flag
    flag.unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nothing/here", 404, "Rien ici"),
        ("/dev/errors/403", 403, "Accès refusé"),
        ("/dev/errors/429", 429, "Un instant"),
        ("/dev/errors/500", 500, "notre faute"),
        ("/dev/errors/maintenance", 503, "De retour"),
    ],
)
def test_trouble_speaks_the_readers_language(db, path, status, words):
    response = Client(headers=FRENCH).get(path)
    assert response.status_code == status
    assert '<html lang="fr"' in text_of(response)
    assert words in text_of(response).replace("&#x27;", "’")


def test_the_page_of_500_asks_no_database(world):
    client = signed_in(world.olivia)
    request = RequestFactory().get("/dashboard/aroma/", headers=FRENCH)
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    with CaptureQueriesContext(connection) as seen:
        response = server_error(request)
    assert len(seen) == 0
    assert response.status_code == 500
    assert "<form" not in text_of(response)


def test_too_often_says_when_to_come_back(db):
    assert Client().get("/dev/errors/429")["Retry-After"] == "60"


def test_a_closed_house_says_so_and_asks_nobody(closed, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = Client(headers=FRENCH).get("/dashboard/")
    assert (response.status_code, response["Retry-After"]) == (503, "120")
    assert '<html lang="fr"' in text_of(response)
    closed.write_text("600\n")
    assert Client().get("/")["Retry-After"] == "600"


def test_the_page_of_a_closed_house_is_guarded_as_every_page(closed, db):
    response = Client().get("/", secure=True)
    assert response.status_code == 503
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"]
    assert response["Permissions-Policy"].startswith("camera=(self)")


def test_programs_hear_it_as_a_problem(closed, db):
    response = Client().post("/api/v1/purchases", content_type="application/json")
    assert response.status_code == 503
    assert response.json()["code"] == "unavailable"


def test_health_checks_answer_while_the_house_is_closed(closed, db):
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/readyz").status_code == 200


def test_the_house_opens_at_once(closed, db):
    assert Client().get("/").status_code == 503
    closed.unlink()
    assert Client().get("/").status_code == 200
