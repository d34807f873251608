"""The limit: what pgbench does with the least that a durable purchase needs, on the same server.

One prepared statement, no function: it inserts one row with a purchase's key columns (its primary key, as ours, is
merchant and a time-ordered id) and adds to one balance row, found by its primary key, of 5,000 at random. No row-level
security, no idempotency key, no ledger, no standing, no event; nothing could be recorded with less.
"""

import re
import subprocess
from pathlib import Path

import psycopg

from bench.town import MEMBERS

TABLES = f"""
CREATE TABLE bench_balance (
    merchant_id uuid, member_id uuid, available bigint NOT NULL, PRIMARY KEY (merchant_id, member_id)
) WITH (fillfactor = 70);
CREATE TABLE bench_purchase (
    merchant_id uuid, id uuid, member_id uuid NOT NULL, amount_minor bigint NOT NULL,
    occurred_at timestamptz NOT NULL, PRIMARY KEY (merchant_id, id)
);
INSERT INTO bench_balance
SELECT '00000000-0000-7000-8000-000000000000', lpad(to_hex(n), 32, '0')::uuid, 0 FROM generate_series(1, {MEMBERS}) n;
"""
SCRIPT = f"""
\\set member random(1, {MEMBERS})
\\set amount random(400, 2400)
WITH bought AS (
    INSERT INTO bench_purchase
    VALUES ('00000000-0000-7000-8000-000000000000', uuidv7(), lpad(to_hex(:member::bigint), 32, '0')::uuid, :amount::bigint, now())
    RETURNING member_id, amount_minor
)
UPDATE bench_balance b SET available = available + bought.amount_minor / 100 FROM bought
WHERE b.merchant_id = '00000000-0000-7000-8000-000000000000' AND b.member_id = bought.member_id;
"""


def prepare(dsn: str, folder: Path) -> Path:
    """Make the tables; the script for pgbench."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(TABLES)
        connection.execute("VACUUM ANALYZE bench_balance")
    script = folder / "limit.pgbench"
    script.write_text(SCRIPT)
    return script


def measure(pgbench: Path, dsn: str, script: Path, *, connections: int, seconds: int) -> float:
    """Statements a second, each durable when it is counted."""
    command = [pgbench, "-n", "-M", "prepared", "-c", connections, "-j", min(2, connections), "-T", seconds]
    done = subprocess.run(
        [*map(str, command), "-f", str(script), dsn], capture_output=True, text=True, check=False
    )
    found = re.search(r"tps = ([0-9.]+) \(without initial", done.stdout)
    if found is None or "number of failed transactions: 0 " not in done.stdout:
        raise RuntimeError(done.stdout + done.stderr)
    return float(found[1])
