"""bin/bench, for a few seconds: it measures what it says, and its own check of the books passes."""

import json
import subprocess
import sys

import pytest

from tests.house.running import outside_environment
from tests.servers import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
KEYS = {
    "limit_per_s",
    "posting_per_s",
    "bare_view_per_s",
    "api_per_s",
    "api_vs_limit",
    "api_p50_ms",
    "api_p99_ms",
    "statements_per_purchase",
    "home_p95_ms",
    "members_p95_ms",
}


def test_the_bench_loses_no_purchase_and_tells_its_figures():
    command = [
        *(sys.executable, "bin/bench", "--json", "--seconds", "1", "--rounds", "1", "--connections", "4"),
        *("--members", "1000"),
    ]
    done = subprocess.run(
        command, cwd=ROOT, env=outside_environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout[done.stdout.index("{") :])
    assert set(figures) >= KEYS
    assert all(figures[key] > 0 for key in KEYS)
    assert figures["statements_per_purchase"] <= 3
    assert figures["check"]["purchases_in_database"] >= figures["check"]["purchases_answered"] > 0
    assert figures["check"]["books"] == "add up"
    assert figures["pages_books"] == "add up"
    assert figures["pages_members"] == 1000
    assert figures["page_queries_most"] <= 12
