"""bin/bench, for a few seconds: it measures what it says, and its own check of the books passes."""

import json
import subprocess
import sys

import psycopg
import pytest
from django.db import connection

from bench import row_security
from bench.run import is_sound
from bench.turns import Turns
from tests.house.running import outside_environment
from tests.servers import ROOT

KEYS = {
    "limit_per_s",
    "posting_per_s",
    "bare_view_per_s",
    "api_per_s",
    "api_vs_limit",
    "api_vs_posting",
    "api_vs_bare_view",
    "api_p50_ms",
    "api_p99_ms",
    "spread_accounts_per_s",
    "hot_account_per_s",
    "growth_10m_vs_10k",
    "rls_on_vs_off",
    "statements_per_purchase",
    "judging_us",
    "rehearsal_s",
    "home_p95_ms",
    "members_p95_ms",
}
TINY = (
    "--brief",
    "--seconds",
    "1",
    "--rounds",
    "1",
    "--connections",
    "4",
    "--members",
    "1000",
    "--movements",
    "30000",
)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_bench_loses_no_purchase_and_tells_its_figures():
    done = subprocess.run(
        [sys.executable, "bin/bench", "--json", *TINY],
        cwd=ROOT,
        env=outside_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout[done.stdout.index("{") :])
    assert set(figures) >= KEYS
    assert all(figures[key] > 0 for key in KEYS)
    assert figures["statements_per_purchase"] <= 3
    assert figures["check"]["purchases_in_database"] >= figures["check"]["purchases_answered"] > 0
    assert figures["check"]["books"] == figures["growth"]["books"] == figures["pages_books"] == "add up"
    assert figures["pages_members"] == 1000
    assert figures["page_queries_most"] <= 12
    made = figures["growth"]["made"]
    assert (made["few"]["movements"], made["few"]["merchants"]) == (10_000, 1)
    assert (made["many"]["movements"], made["many"]["merchants"]) == (29_000, 2)


def test_a_pair_of_measurements_begins_with_each_in_turn():
    turns, asked = Turns(), []

    def measured(name, rate):
        asked.append(name)
        return rate

    for number in range(3):
        turns.take(number, lambda: measured("one", 9.0), lambda rate=10.0 + number: measured("other", rate))
    assert asked == ["one", "other", "other", "one", "one", "other"]
    assert turns.ratio == 9 / 11
    assert turns.told("on", "off") == {
        "on_per_s": 9,
        "off_per_s": 11,
        "ratio": 0.818,
        "pairs": [0.9, 0.818, 0.75],
    }


def test_policies_are_off_for_one_measurement_and_on_again_after_it_even_if_it_breaks(
    committed_db, servers_of_this_run
):
    dsn = servers_of_this_run.postgres.dsn(database=connection.settings_dict["NAME"])
    locked = "SELECT count(*) FROM pg_class WHERE relrowsecurity"
    with psycopg.connect(dsn, autocommit=True) as session:
        before = session.execute(locked).fetchone()
        assert before[0] > 20
        with row_security.switched_off(dsn):
            assert session.execute(locked).fetchone() == (0,)
        assert session.execute(locked).fetchone() == before
        with pytest.raises(ZeroDivisionError), row_security.switched_off(dsn):
            _ = 1 / 0
        assert session.execute(locked).fetchone() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"check": {"ok": False}},
        {"growth": {"books": ["an account is the sum of its lots"]}},
        {"pages_books": ["an account is the sum of its lots"]},
    ],
)
def test_books_that_do_not_add_up_anywhere_fail_the_bench(wrong):
    fine = {"check": {"ok": True}, "growth": {"books": "add up"}, "pages_books": "add up"}
    assert is_sound(fine)
    assert not is_sound(fine | wrong)
