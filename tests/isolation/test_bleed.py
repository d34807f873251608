"""One process, one connection, two shops after each other: nothing of the first is there for the second.

Tasks as a worker runs them, requests as a server answers them: on one database connection that stays open.
"""

import ast
import re
from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction

from config import tasks
from config.subscriptions import SUBSCRIPTIONS
from core import events, tenancy
from core.models import AuditRow, Event
from members.models import Member
from tests.isolation.cases import purchase
from tests.isolation.hand import Hand
from tests.isolation.knocking import Knocker, fingerprint, leaks, session_of
from tests.scopeless import NO_SCOPE
from tests.servers import ROOT
from web.card.session import COOKIE

OPENS = re.compile(r"set_config\(\s*'app\.merchant_id'\s*,(.*?)\)\s*;?\s*(?:\"|$|\n)", re.DOTALL)


@pytest.fixture
def one_connection(stage, settings):
    """A connection that outlives requests and tasks, as in production: the tests below ask that it is the same."""
    connection.close()
    connection.settings_dict["CONN_MAX_AGE"] = None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    yield pid
    assert lasting_scope() == (pid, "")


def lasting_scope():
    """This connection's backend, and what a transaction would begin with."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), coalesce(current_setting('app.merchant_id', true), '')")
        return cursor.fetchone()


def recorded(shop, name):
    """An event of this shop's, waiting."""
    with tenancy.scope(shop.merchant.id):
        return events.record(name, {"who": shop.merchant.slug})


def deliver(*events_of_one_shop):
    """As the worker does it: one task after the other, in this process."""
    first = events_of_one_shop[0]
    ids = [str(event.id) for event in events_of_one_shop]
    tasks.deliver_events.apply(args=[str(first.merchant_id), ids], throw=True)


def test_tasks_of_two_shops_take_turns_on_one_worker(stage, one_connection, administrator):
    waiting = [
        (recorded(stage.aroma, "card.printed"), recorded(stage.bloom, "card.printed")) for _turn in range(3)
    ]
    for aromas, blooms in waiting:
        before = fingerprint(administrator, stage.bloom)
        deliver(aromas)
        assert fingerprint(administrator, stage.bloom) == before
        deliver(blooms)
        assert lasting_scope() == (one_connection, "")
    for shop in (stage.aroma, stage.bloom):
        with tenancy.scope(shop.merchant.id):
            written = AuditRow.objects.filter(name="card.printed").values_list("payload", flat=True)
            assert [row["who"] for row in written if "who" in row] == [shop.merchant.slug] * 3


def test_a_worker_that_really_runs_keeps_two_shops_apart(stage, worker):
    """Its threads and their connections serve whoever is next."""
    for _turn in range(5):
        for shop in (stage.aroma, stage.bloom):
            recorded(shop, "card.printed")
    worker.deliver()
    for shop in (stage.aroma, stage.bloom):
        with tenancy.scope(shop.merchant.id):
            written = AuditRow.objects.filter(name="card.printed").values_list("payload", flat=True)
            assert [row["who"] for row in written if "who" in row] == [shop.merchant.slug] * 5


def test_a_task_that_is_told_the_wrong_shop_finds_nothing(stage, one_connection, administrator):
    event = recorded(stage.bloom, "card.printed")
    before = fingerprint(administrator, stage.bloom)
    tasks.deliver_events.apply(args=[str(stage.aroma.merchant.id), [str(event.id)]], throw=True)
    assert fingerprint(administrator, stage.bloom) == before


@pytest.mark.parametrize(
    "breakage", ["an exception", "an error of the database", "a transaction that is lost"]
)
def test_a_task_that_breaks_leaves_nothing_to_the_next(stage, one_connection, monkeypatch, breakage):
    def break_off(event):
        Member.objects.count()
        if breakage == "an exception":
            raise RuntimeError(breakage)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0" if breakage == "an error of the database" else "ROLLBACK")

    monkeypatch.setitem(SUBSCRIPTIONS, "test.breaks", {"breaks": break_off})
    deliver(recorded(stage.aroma, "test.breaks"))
    assert lasting_scope()[1] == ""
    blooms = recorded(stage.bloom, "card.printed")
    deliver(blooms)
    with tenancy.scope(stage.bloom.merchant.id):
        assert not Event.objects.filter(id=blooms.id).exists()
        assert set(Member.objects.values_list("merchant_id", flat=True)) == {stage.bloom.merchant.id}


def test_a_scope_that_was_left_open_closes_every_other_door(stage, one_connection):
    """A bug that never leaves a scope must not lend it to whoever comes next."""
    left = tenancy.scope(stage.aroma.merchant.id)
    left.__enter__()
    with pytest.raises(tenancy.ScopeMismatch):
        recorded(stage.bloom, "card.printed")
    petra = Knocker("Petra", stage.bloom, "owner", session_of_no_query(stage.bloom))
    answer = petra.knock("GET", "/dashboard/bloom/members/", b"", "text/plain")
    assert answer.status_code == 500
    assert leaks(answer, stage.aroma) == []
    left.__exit__(None, None, None)


def session_of_no_query(shop):
    """A card's session: it is signed and needs no row."""
    return {COOKIE: shop.session} | session_of(shop.owner)


def visits(shop):
    """Pages of the desk, the till, the card and the API, as this shop's own people open them."""
    slug = shop.merchant.slug
    owner = Knocker("owner", shop, "owner", session_of(shop.owner))
    member = Knocker("member", shop, "member", {COOKIE: shop.session})
    program = Knocker("key", shop, "all", key=shop.keys["all"])
    return [
        *((owner, f"/dashboard/{slug}/{page}") for page in ("", "members/", "team/", "keys/")),
        (owner, f"/scan/{slug}/"),
        (member, f"/c/{slug}/"),
        (member, f"/c/{slug}/history"),
        (program, "/api/v1/members"),
        (program, "/api/v1/purchases"),
    ]


def test_requests_of_two_shops_take_turns_on_one_connection(stage, one_connection):
    pairs = zip(visits(stage.aroma), visits(stage.bloom), strict=True)
    for (aromas, page), (blooms, other) in pairs:
        for who, path in ((aromas, page), (blooms, other), (aromas, page)):
            answer = who.knock("GET", path, b"", "text/plain")
            assert answer.status_code == 200, path
            assert leaks(answer, stage.other(who.home)) == []
            assert lasting_scope() == (one_connection, "")


def test_a_statement_that_was_prepared_for_one_shop_answers_the_other_with_its_own(stage, one_connection):
    """From its sixth run on, a statement's plan is kept on the connection."""
    hands = [Hand(stage, shop) for shop in (stage.aroma, stage.bloom)]
    for _turn in range(8):
        for hand in hands:
            listed = hand.api("GET", "/members").json()["items"]
            assert {member["id"] for member in listed} >= {hand.own("mem", "member_id")}
            assert hand.their("mem", "member_id") not in {member["id"] for member in listed}
            foreseen = hand.api("POST", "/purchases", purchase(hand), dry_run="true")
            assert foreseen.json()["member"]["id"] == hand.own("mem", "member_id")
            assert hand.learns(foreseen) == []
    assert lasting_scope() == (one_connection, "")


def test_a_request_that_breaks_leaves_nothing_to_the_next(stage, one_connection, administrator):
    """The table is gone in the middle of Aroma's page; then it is Bloom's turn."""
    tried = zip(visits(stage.aroma), visits(stage.bloom), strict=True)
    for (aromas, page), (blooms, other) in tried:
        administrator.execute(
            "REVOKE SELECT ON loyalty_standing, members_member, loyalty_purchase FROM habitue_app"
        )
        broken = aromas.knock("GET", page, b"", "text/plain")
        administrator.execute(
            "GRANT SELECT ON loyalty_standing, members_member, loyalty_purchase TO habitue_app"
        )
        assert broken.status_code in (200, 500)  # a page may do without these tables
        assert leaks(broken, stage.bloom) == []
        assert lasting_scope() == (one_connection, "")
        answer = blooms.knock("GET", other, b"", "text/plain")
        assert answer.status_code == 200
        assert leaks(answer, stage.aroma) == []


def test_a_transaction_that_is_rolled_back_takes_its_scope_along(stage, one_connection):
    with suppress(RuntimeError), tenancy.scope(stage.aroma.merchant.id):
        raise RuntimeError
    assert lasting_scope() == (one_connection, "")
    with (
        pytest.raises(DatabaseError, match=NO_SCOPE),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT count(*) FROM members_member")
    with suppress(DatabaseError), tenancy.scope(stage.aroma.merchant.id), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    with tenancy.scope(stage.bloom.merchant.id):
        assert set(Member.objects.values_list("merchant_id", flat=True)) == {stage.bloom.merchant.id}


def files_of_ours(*kinds):
    """Of the product; its packages are where an `apps.py` or the wiring is."""
    folders = [file.parent for file in ROOT.glob("*/apps.py")] + [ROOT / "config", ROOT / "integrations"]
    assert len(folders) > 8
    return [file for folder in folders for kind in kinds for file in folder.rglob(f"*.{kind}")]


def test_a_scope_is_never_set_for_longer_than_its_transaction():
    """In no file of ours: a pooled connection would carry it to the next merchant."""
    said = {file: OPENS.findall(file.read_text()) for file in files_of_ours("py", "sql")}
    assert sum(map(len, said.values())) > 10
    for file, values in said.items():
        assert all(value.strip().endswith("true") for value in values), file
        assert not re.search(r"(?i)\bSET\s+(SESSION\s+|LOCAL\s+)?app\.", file.read_text()), file


def test_no_generator_waits_inside_a_scope():
    """Between two of its values the scope would be its caller's, who may never ask for the next."""
    waiting = []
    for file in files_of_ours("py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.With) and any("scope(" in ast.unparse(item) for item in node.items):
                inside = {type(each) for statement in node.body for each in ast.walk(statement)}
                waiting += [f"{file}:{node.lineno}"] if inside & {ast.Yield, ast.YieldFrom} else []
    assert waiting == []
