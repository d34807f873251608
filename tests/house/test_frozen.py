"""What a shop's database has been through already never changes: published migrations, and the SQL that they read.

`frozen.txt` has the SHA-256 of each. Add what is published with a version, and never renew a line:

    python -m tests.house.test_frozen
"""

import hashlib
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("frozen.txt")
ASKED_LATER = {"laws.sql", "prove.sql"}  # no migration reads them


def published() -> dict[str, str]:
    """Path and SHA-256 of what is frozen."""
    lines = (line.split("  ") for line in LIST.read_text().splitlines())
    return {path: digest for digest, path in lines}


def present() -> dict[str, str]:
    """Path and SHA-256 of each migration, and of the SQL that migrations read."""
    found = chain(
        ROOT.glob("*/migrations/0*.py"), ROOT.glob("*/*/migrations/0*.py"), ROOT.glob("*/**/sql/*.sql")
    )
    paths = (
        path
        for path in found
        if not path.relative_to(ROOT).parts[0].startswith(".") and path.name not in ASKED_LATER
    )
    return {str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_what_databases_have_been_through_is_as_it_was():
    now = present()

    assert [path for path, digest in published().items() if now.get(path) != digest] == []


if __name__ == "__main__":
    kept = present() | published()
    LIST.write_text("".join(f"{digest}  {path}\n" for path, digest in sorted(kept.items())))
