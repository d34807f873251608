"""What a backup says of itself, taken in the very snapshot that is dumped: so a restore can be compared row by row.

A table's digest is the sum of a digest of each of its rows as text: it depends on no order and on no server's version.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from psycopg import sql

from config import env
from config.backup.database import Connection
from config.running.processes import HouseProblem

FORMAT = 1
DUMP, MANIFEST, SUMS = "database.dump", "manifest.json", "SHA256SUMS"
BLOCK_BYTES = 1024 * 1024

# How values read as text, and no policy that hides a row: with row_security off PostgreSQL refuses instead.
SETTINGS = (
    "SET row_security = off",
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO, YMD'",
    "SET IntervalStyle = 'postgres'",
    "SET bytea_output = 'hex'",
    "SET extra_float_digits = 1",
    "SET statement_timeout = 0",
    "SET idle_in_transaction_session_timeout = 0",
)
TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
ORDER BY 1, 2
"""
DIGEST = """
SELECT count(*), coalesce(sum(('x' || left(encode(sha256(convert_to(t::text, 'UTF8')), 'hex'), 16))::bit(64)::bigint), 0)
FROM {} t
"""


@dataclass(frozen=True)
class Manifest:
    """One backup. `tables` maps "schema.table" to its rows and their digest, `migrations` a label to its names."""

    format: int
    made_at: str
    database: str
    server_version: int  # PostgreSQL's number: 180001 is 18.1
    migrations: dict[str, list[str]]
    tables: dict[str, dict[str, Any]]
    card_secret: str  # a digest of it; empty where it was not known

    @property
    def rows(self) -> int:
        """Of all tables together."""
        return sum(table["rows"] for table in self.tables.values())

    @property
    def every_migration(self) -> set[tuple[str, str]]:
        """App and name of each."""
        return {(app, name) for app, names in self.migrations.items() for name in names}


def settle(connection: Connection) -> None:
    """Make the session read rows as every other does."""
    for setting in SETTINGS:
        connection.execute(setting)


def tables(connection: Connection) -> dict[str, dict[str, Any]]:
    """Rows and digest of every table, as this session's transaction sees them."""
    found = {}
    for schema, table in connection.execute(TABLES).fetchall():
        statement = sql.SQL(DIGEST).format(sql.Identifier(schema, table))
        rows, total = connection.execute(statement).fetchone() or (0, 0)
        found[f"{schema}.{table}"] = {"rows": rows, "digest": f"{int(total) % 2**64:016x}"}
    return found


def migrations(connection: Connection) -> dict[str, list[str]]:
    """What was migrated. Raises HouseProblem in a database that is not ours."""
    if not connection.execute("SELECT to_regclass('public.django_migrations')").fetchone()[0]:  # type: ignore[index]
        raise HouseProblem(f"The database {connection.info.dbname} is not Habitué's: it has no migrations.")
    found: dict[str, list[str]] = {}
    for app, name in connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name"):
        found.setdefault(app, []).append(name)
    return found


def differences(expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """Tables that are not what the manifest says, each in a few words."""
    return [
        f"{table} has {found[table]['rows']} rows instead of {expected[table]['rows']}"
        if table in expected and table in found and found[table]["rows"] != expected[table]["rows"]
        else f"{table} {'differs' if table in expected and table in found else 'is missing or one too many'}"
        for table in sorted(set(expected) | set(found))
        if expected.get(table) != found.get(table)
    ]


def card_secret(data_dir: Path) -> str:
    """A digest of the secret that cards are signed with, or nothing where we do not know it. It leads nobody back."""
    secret = env.text("CARD_SECRET")
    if not secret and env.text("HABITUE_ENV") != "production":
        made = data_dir / "secret_key"
        secret = env.text("SECRET_KEY") or (made.read_text().strip() if made.exists() else "")
    return hashlib.sha256(f"habitue card secret: {secret}".encode()).hexdigest()[:32] if secret else ""


def write(manifest: Manifest, folder: Path) -> None:
    """The manifest beside the dump, and the sums of both, as `sha256sum --check` reads them."""
    text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    sums = [f"{sha256(folder / name)}  {name}\n" for name in (DUMP, MANIFEST)]
    (folder / SUMS).write_text("".join(sums), encoding="utf-8")


def read(folder: Path) -> Manifest:
    """The manifest of a whole, unbroken backup. Raises HouseProblem naming the file that is missing or broken."""
    if not (folder / SUMS).is_file():
        raise HouseProblem(f"{folder} is no backup, or not a whole one: {SUMS} is missing.")
    lines = (folder / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()
    sums = {name: expected for expected, _gap, name in (line.partition("  ") for line in lines)}
    if set(sums) != {DUMP, MANIFEST}:  # one fewer would go unchecked, and one more may lie outside the folder
        raise HouseProblem(
            f"{folder} is no backup, or not a whole one: {SUMS} is not of {DUMP} and {MANIFEST}."
        )
    for name, expected in sums.items():
        if not (folder / name).is_file() or sha256(folder / name) != expected:
            raise HouseProblem(f"{folder / name} is broken: its checksum is not the one in {SUMS}.")
    found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if found.get("format") != FORMAT:
        raise HouseProblem(
            f"{folder} has format {found.get('format')}, and this version reads {FORMAT}: use the version that made it."
        )
    return Manifest(**found)


def sha256(file: Path) -> str:
    """A file's checksum."""
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
