"""A cashier who tries numbers is stopped; a till that scans cards is not. What is typed stands in no address."""

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisAway

from core.ids import new_id
from members.cards import rotating_code
from tests.web.scanner.conftest import Till, words_of

NOBODY = "+33 6 00 00 00 {:02d}"


@pytest.mark.parametrize(
    "ask",
    [
        lambda till, code: till.look_up(code),
        lambda till, code: till.preview(code, "12"),
        lambda till, code: till.stamp(code, "12"),
    ],
)
def test_thirty_misses_stop_typed_codes_hits_too_but_no_scan(world, till, ask):
    for number in range(30):
        assert ask(till, NOBODY.format(number)).status_code != 429
    assert ask(till, NOBODY.format(30)).status_code == 429
    refused = till.look_up("06 12 34 56 78")
    assert refused.status_code == 429
    assert "Too many wrong codes" in words_of(refused)
    assert till.look_up(rotating_code(world.mia_card, world.aroma)).status_code == 200
    assert Till(world.olivia).look_up("06 12 34 56 78").status_code == 200


def test_numbers_are_not_hunted_by_paying_with_points(world, till):
    def pay(code):
        said = {"code": code, "amount": "5", "key": str(new_id()), "pay_unit": "points", "pay": "most"}
        return till.client.post(f"{till.base}purchases", said, headers=till.headers)

    for number in range(30):
        assert pay(NOBODY.format(number)).status_code == 404
    assert pay(NOBODY.format(30)).status_code == 429
    assert pay("06 12 34 56 78").status_code == 429
    assert till.look_up("06 12 34 56 78").status_code == 429
    assert pay(rotating_code(world.mia_card, world.aroma)).status_code != 429


@pytest.mark.parametrize("code", ["06 12 34 56 78", NOBODY.format(1)])
def test_with_nobody_to_count_a_till_is_answered(world, till, code, monkeypatch):
    def away(*_args, **_more):
        raise RedisAway

    for name in ("add", "incr", "get", "set", "delete"):
        monkeypatch.setattr(cache, name, away)
    found = code != NOBODY.format(1)
    assert till.look_up(code).status_code == (200 if found else 404)
    assert till.stamp(code, "12").status_code == (201 if found else 404)


def test_finding_people_is_never_counted(world, till):
    for _i in range(40):
        assert till.look_up("06 12 34 56 78").status_code == 200


def test_a_look_up_needs_a_form_and_its_token_and_its_address_alone_is_the_till(world, till):
    for page in ("lookup", "preview"):
        opened = till.client.get(f"/scan/aroma/{page}", {"code": "06 12 34 56 78", "amount": "1"})
        assert (opened.status_code, opened.url) == (302, "/scan/aroma/")
        till.client.handler.enforce_csrf_checks = True
        assert till.client.post(f"/scan/aroma/{page}", {"code": "x", "amount": "1"}).status_code == 403
        till.client.handler.enforce_csrf_checks = False
