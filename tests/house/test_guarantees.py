"""docs/guarantees.md promises what is tested: every suite it names is there, and every suite of proofs is named."""

import re

from prove import run
from tests.servers import ROOT

PAGE = (ROOT / "docs/guarantees.md").read_text()
PROMISES = PAGE.split("## What is not promised")[0]
PROOFS = ("tests/isolation", "tests/faults", "tests/loyalty/books")


def named() -> set[str]:
    """Paths of the project that the page names."""
    return set(re.findall(r"`((?:tests|docs|prove)/[\w/.-]+)`", PAGE))


def test_every_path_it_names_is_there():
    assert {path for path in named() if not (ROOT / path).exists()} == set()


def test_every_promise_names_its_suite():
    rows = [
        line
        for line in PROMISES.splitlines()
        if re.match(r"\| (?!promise|---)", line.replace("|---", "| ---"))
    ]
    assert len(rows) > 20
    for row in rows:
        assert re.search(r"`tests/[\w/]+(\.py)?`", row.split("|")[2]), row


def test_every_suite_of_proofs_is_named():
    suites = {str(file.relative_to(ROOT)) for folder in PROOFS for file in (ROOT / folder).glob("test_*.py")}
    unnamed = {
        suite for suite in suites if suite not in named() and f"{suite.rpartition('/')[0]}/" not in named()
    }
    assert unnamed == set()


def test_every_part_of_the_long_run_is_named():
    for part in run.PARTS:
        assert f"`{part}`" in PROMISES, part
