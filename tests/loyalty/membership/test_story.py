"""A member's story through every kind of entry: each balance follows from the line below, and each line says why."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from core import tenancy
from core.ids import new_id
from loyalty import queries
from loyalty.ledger import postings, statements
from loyalty.membership.story import story_of
from loyalty.units.adjusting import adjust_units
from loyalty.wording import say_entry
from tests.api.conftest import Till, public
from tests.loyalty.purchases.test_cancelling import bought, cancel, problems, use
from tests.loyalty.purchases.test_refunding import refund
from tests.web.card.conftest import phone_of
from tests.web.dashboard.test_member_story import story
from tests.web.dashboard.test_undoing import words
from tests.web.desk import desk_of

KINDS = {
    *("award", "vest", "hold", "capture", "release", "spend"),
    *("return", "take_back", "expire", "adjust", "merge"),
}


@pytest.fixture
def eventful(world):
    """Noah's books hold an entry of every kind; some of it while he owes."""
    now = timezone.now()
    with tenancy.scope(world.aroma.id):
        noahs = statements.balances(world.noah.id)[0].account_id
        zero = {"reasons": {}, "actor_id": None}
        promised, dying = new_id(), new_id()
        given = {"account_id": noahs, "cause_id": None, "occurred_at": now} | zero
        postings.award(amount=30, key=promised, on_confirmation=True, **given)
        postings.vest(account_id=noahs, award_id=promised, key=new_id(), now=now, **zero)
        postings.award(amount=5, key=dying, expires_at=now + dt.timedelta(hours=1), **given)
        for ends in (postings.capture, postings.release):
            held, until = new_id(), now + dt.timedelta(minutes=5)
            postings.hold(account_id=noahs, amount=10, key=held, cause_id=None, until=until, now=now, **zero)
            ends(account_id=noahs, hold_id=held, key=new_id(), now=now, **zero)
    purchase_id = bought(world, world.noah, 2_000)
    use(world, world.noah, 20, cause_id=purchase_id)
    refund(world, purchase_id, 1_000, reason="A cold latte")
    slip = bought(world, world.noah, 3_000)
    use(world, world.noah, points_now(world))
    cancel(world, slip)
    refund(world, purchase_id, 500)
    with tenancy.scope(world.aroma.id):
        adjust_units(
            member_id=world.noah.id, unit="points", amount=12, reason="Sorry", key=new_id(), actor_id=None
        )
        noahs, mias = (statements.balances(each.id)[0].account_id for each in (world.noah, world.mia))
        postings.merge(
            from_account_id=mias, into_account_id=noahs, key=new_id(), now=timezone.now(),
            reasons={"code": "merged"}, actor_id=None,
        )  # fmt: skip
    return world


def points_now(world) -> int:
    with tenancy.scope(world.aroma.id):
        return queries.standing_of(world.noah.id).points


def lines_of(world):
    with tenancy.scope(world.aroma.id):
        return story_of(world.noah.id, limit=100)


def test_each_balance_follows_from_the_line_below_it(eventful):
    lines = lines_of(eventful)
    assert {line.kind for line in lines} == KINDS - {"expire"}
    for line, below in zip(lines, [*lines[1:], None], strict=True):
        assert line.balance == line.amount + (below.balance if below else 0)
    assert min(line.balance for line in lines) < 0
    assert problems(eventful) == []


def test_what_has_died_is_a_line_too(world):
    with tenancy.scope(world.aroma.id):
        noahs = statements.balances(world.noah.id)[0].account_id
        postings.award(
            account_id=noahs, amount=5, key=new_id(), reasons={}, cause_id=None, actor_id=None,
            occurred_at=timezone.now() - dt.timedelta(days=2), expires_at=timezone.now() - dt.timedelta(days=1),
        )  # fmt: skip
        postings.settle(account_id=noahs, now=timezone.now())
    line = lines_of(world)[0]
    assert (line.kind, line.amount, line.balance) == ("expire", -5, 50)
    assert "Expired" in words(desk_of(world).get(story(world.noah)))


def test_pages_of_one_line_show_each_line_once_though_some_share_a_place(eventful):
    whole, before, found = lines_of(eventful), (), []
    with tenancy.scope(eventful.aroma.id):
        while page := story_of(eventful.noah.id, limit=1, before=before):
            found += page
            before = page[-1].place
    assert [line.entry_id for line in found] == [line.entry_id for line in whole]
    assert [line.balance for line in found] == [line.balance for line in whole]


def test_the_statement_tells_every_kind_with_its_reason(eventful):
    till, path = Till(eventful.aroma_key), f"/members/{public('mem', eventful.noah.id)}/statement"
    items, cursor = [], {}
    while True:
        page = till.get(path, limit="3", **cursor).json()
        items += page["items"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(items) == len(lines_of(eventful))
    assert all(item["reason"] for item in items)
    for item, below in zip(items, [*items[1:], {"balance": 0}], strict=True):
        assert item["balance"] == item["amount"] + below["balance"]
    assert [item["note"] for item in items if item["note"]] == ["Sorry", "A cold latte", "A cold latte"]


def said_of(world, language):
    """The words of every line."""
    return {
        " ".join(say_entry(line.kind, line.reasons, "EUR", language).split())
        for line in lines_of(world)
        if line.kind not in {"award", "spend", "capture"}
    }


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_desk_tells_every_kind_in_both_languages(eventful, language):
    page = words(desk_of(eventful).get(story(eventful.noah), headers={"Accept-Language": language}))
    assert [said for said in said_of(eventful, language) if said not in page] == []


def test_the_card_tells_every_kind_and_what_was_written(eventful):
    page = words(phone_of(eventful.aroma, eventful.noah).get("/c/aroma/history"))
    assert [said for said in said_of(eventful, "en") if said not in page] == []
    assert "Sorry" in page
    assert "30 to repay" in page


def test_days_go_by_and_no_sweep_comes_but_the_balance_is_right(world):
    with tenancy.scope(world.aroma.id):
        noahs = statements.balances(world.noah.id)[0].account_id
        postings.award(
            account_id=noahs, amount=5, key=new_id(), reasons={}, cause_id=None, actor_id=None,
            occurred_at=timezone.now(), expires_at=timezone.now() + dt.timedelta(days=1),
        )  # fmt: skip
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        assert points_now(world) == 50
