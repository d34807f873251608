"""bin/restore: a backup into a database of its own, compared with the manifest, then put in its place in one moment.

Until that moment nothing that exists is touched; whatever fails before it leaves everything as it was.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from config.backup import loading, manifest
from config.backup.database import Connection, Database, embedded, for_restore, one_line, running
from config.embedded import EmbeddedPostgres
from config.running.preflight import ROOT, OneLineParser
from config.running.processes import HouseProblem

LOCALE = """
SELECT to_jsonb(d) ->> 'datlocprovider', datcollate, datctype, coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'),
       pg_get_userbyid(datdba)
FROM pg_database d WHERE datname = %s
"""
RELATIONS = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
"""
NAME_BYTES = (
    40  # PostgreSQL cuts a name at 63, and "_before_" with a moment takes 23: a cut one may be another's
)
DROP = sql.SQL("DROP DATABASE IF EXISTS {}")
SESSIONS = """
SELECT usename, coalesce(nullif(application_name, ''), 'a program'), count(*) FROM pg_stat_activity
WHERE datname = %s AND usename IS NOT NULL AND application_name IS DISTINCT FROM 'habitue backup'
  AND coalesce(backend_type, 'client backend') = 'client backend' -- a login that may not see what others do sees NULL
GROUP BY 1, 2 ORDER BY 3 DESC
"""


def restore(database: Database, backup: Path, said: manifest.Manifest, *, replace: bool) -> str:
    """Put the backup in the place of `database` and return the name that the former one has now, or nothing.

    Raises HouseProblem, and has changed nothing then.
    """
    refuse_long_name(database.name)
    with administrator(database) as connection:
        refuse_older_server(connection, said)
        before = state_of(connection, database)
        if before == "full" and not replace:
            raise HouseProblem(
                f"The database {database.name} is not empty: --replace keeps it under another name and takes its place."
            )
        refuse_company(connection, database.name)
        set_up_django()  # only now, for it takes longer than all questions before
        refuse_newer(said)
        draft = database.named(f"{database.name}_restoring")
        drop_leftover(connection, draft.name)
        try:
            create_like(connection, draft.name, like=database.name)
            prepare(draft)
            loading.load(draft, backup, said)
            refuse_missing_locks(draft, said)
            return swap(connection, draft.name, database.name, before)
        finally:
            with suppress(psycopg.Error):  # a server that is gone: the next restore drops it
                connection.execute(DROP.format(sql.Identifier(draft.name)))


@contextmanager
def administrator(database: Database) -> Iterator[Connection]:
    """A session beside the database, for what cannot be done from within."""
    beside = database.named("template1" if database.name == "postgres" else "postgres")
    with beside.connect(autocommit=True) as connection:
        yield connection


def refuse_long_name(name: str) -> None:
    """The draft's name begins with it: cut short, it could be the name of the database in use."""
    if len(name.encode()) > NAME_BYTES:
        raise HouseProblem(f"The name {name} is too long for a restore: {NAME_BYTES} bytes at most.")


def refuse_newer(said: manifest.Manifest) -> None:
    """A backup with migrations that this code does not have belongs to a newer version."""
    unknown = sorted(said.every_migration - known_migrations())
    if unknown:
        raise HouseProblem(
            f"The backup is of a newer version: this one does not know the migration {'.'.join(unknown[0])}."
        )


def refuse_missing_locks(draft: Database, said: manifest.Manifest) -> None:
    """What `manage.py check` says of the catalogue. An older version's was another: it is asked once it is migrated."""
    from django.conf import settings

    from core.checks import missing_locks

    if said.every_migration < known_migrations():
        return
    with draft.connect() as connection, connection.cursor() as cursor:
        found = [fault.msg for fault in missing_locks(cursor, settings.APP_ROLE)]
    if found:
        raise HouseProblem(f"What was restored is not locked as ours is: {' '.join(found[:3])}")


def known_migrations() -> set[tuple[str, str]]:
    """App and name of every migration of this code."""
    from django.db.migrations.loader import MigrationLoader

    return set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations or ())


def refuse_older_server(connection: Connection, said: manifest.Manifest) -> None:
    """PostgreSQL reads what older ones wrote, and not the other way round."""
    ours, theirs = connection.info.server_version // 10000, said.server_version // 10000
    if ours < theirs:
        raise HouseProblem(
            f"The backup is of PostgreSQL {theirs} and this server is {ours}: it must not be older."
        )


def state_of(connection: Connection, database: Database) -> str:
    """absent, empty or full."""
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database.name]).fetchone():
        return "absent"
    with database.connect() as inside:
        return "full" if (inside.execute(RELATIONS).fetchone() or (1,))[0] else "empty"


def refuse_company(connection: Connection, name: str) -> None:
    """Who is connected would go on writing into a database that is about to be another's."""
    there = connection.execute(SESSIONS, [name]).fetchall()
    if there:
        role, program, count = there[0]
        raise HouseProblem(
            f"The service still runs: {sum(row[2] for row in there)} sessions on {name}, {count} of them {role}’s "
            f"({program}). Stop web, worker and beat first."
        )


def drop_leftover(connection: Connection, draft: str) -> None:
    """What a restore that was killed left behind; one that still works holds a lock, until its session ends."""
    free = connection.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [draft]).fetchone()
    if not (free and free[0]):
        raise HouseProblem(f"Another restore is at work in the database {draft}.")
    connection.execute(DROP.format(sql.Identifier(draft)))


def create_like(connection: Connection, draft: str, *, like: str) -> None:
    """The draft, with owner and sorting of the database it will replace, or of the server where there is none."""
    options = [sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(draft))]
    if row := connection.execute(LOCALE, [like]).fetchone():
        provider, collate, ctype, locale, owner = row
        options.append(sql.SQL("LC_COLLATE {} LC_CTYPE {}").format(sql.Literal(collate), sql.Literal(ctype)))
        if provider == "i":
            options.append(sql.SQL("LOCALE_PROVIDER icu ICU_LOCALE {}").format(sql.Literal(locale)))
        elif provider == "b":
            options.append(sql.SQL("LOCALE_PROVIDER builtin BUILTIN_LOCALE {}").format(sql.Literal(locale)))
        options.append(sql.SQL("OWNER {}").format(sql.Identifier(owner)))
    try:
        connection.execute(sql.SQL(" ").join(options))
    except psycopg.errors.InsufficientPrivilege as problem:
        raise HouseProblem(
            f"DATABASE_OWNER_URL may not make a database ({problem.diag.message_primary}): give it CREATEDB."
        ) from None


def prepare(draft: Database) -> None:
    """The roles, which are the server's and in no dump, and what they may do with a database."""
    from core.management.commands.prepare_database import prepare as prepare_database

    with draft.connect(autocommit=True) as connection:
        try:
            prepare_database(connection)
        except psycopg.errors.InsufficientPrivilege as problem:
            raise HouseProblem(
                f"DATABASE_OWNER_URL may not make the roles ({problem.diag.message_primary}): make them by hand, see "
                "docs/runbook.md, “Roles by hand”."
            ) from None


def swap(connection: Connection, draft: str, name: str, before: str) -> str:
    """The draft takes the place, in one transaction. Returns the former one's new name, unless it was empty."""
    former = f"{name}_before_{datetime.now(UTC):%Y%m%dt%H%M%S}"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    try:
        with connection.transaction():
            if before != "absent":
                connection.execute(rename.format(sql.Identifier(name), sql.Identifier(former)))
            connection.execute(rename.format(sql.Identifier(draft), sql.Identifier(name)))
    except psycopg.errors.ObjectInUse:
        refuse_company(connection, name)
        raise HouseProblem(f"Somebody connected to {name} meanwhile: nothing was changed.") from None
    if before == "empty":
        connection.execute(DROP.format(sql.Identifier(former)))
    return former if before == "full" else ""


def rehearse(backup: Path, said: manifest.Manifest) -> bool:
    """Restore into a server made for it and gone after, and prove the books there. True when they balance."""
    folder = Path(tempfile.mkdtemp(prefix="habitue-rehearsal-"))
    postgres = EmbeddedPostgres(folder, durable=False)
    try:
        with running(postgres):
            restore(embedded(postgres), backup, said, replace=False)
            return books_balance()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(postgres.run_folder, ignore_errors=True)


def books_balance() -> bool:
    """What `manage.py prove` says of the restored database, once it is as new as the code: as after a restore."""
    from django.core.management import call_command
    from django.db import connections

    try:
        call_command("migrate_as_owner", verbosity=0)
        call_command("prove")
    except SystemExit:
        return False
    finally:
        connections.close_all()
    return True


def set_up_django() -> None:
    """For the list of migrations, the roles and the laws of the books."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """The backup, and what to do with it."""
    parser = OneLineParser(prog="bin/restore", description="Bring a backup back, or try whether it would.")
    parser.add_argument("backup", type=Path, metavar="BACKUP", help="a folder that bin/backup made")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument(
        "--rehearse",
        action="store_true",
        help="restore into a server made for it and gone after; prove the books",
    )
    chosen.add_argument(
        "--replace",
        action="store_true",
        help="where a database is: keep it under another name, take its place",
    )
    parser.add_argument(
        "--data", type=Path, default=ROOT / ".data", metavar="DIR", help="of the embedded server (.data)"
    )
    options = parser.parse_args(arguments)
    options.data, options.backup = options.data.expanduser().resolve(), options.backup.expanduser().resolve()
    return options


def main(arguments: list[str]) -> int:
    """0, or 1 and one line."""
    options = read_arguments(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing half-made stays
    here = manifest.card_secret(options.data)
    try:
        said = manifest.read(options.backup)
        known = f"{len(said.tables)} tables and {said.rows:,} rows of {said.made_at}"
        if options.rehearse:
            balance = rehearse(options.backup, said)
            print(
                f"{options.backup} restores: {known}. The books {'balance' if balance else 'DO NOT BALANCE'}."
            )
            return 0 if balance else 1
        with for_restore(options.data) as database:
            former = restore(database, options.backup, said, replace=options.replace)
            print(f"Restored into {database.name}: {known}.")
    except HouseProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except psycopg.Error as problem:
        print(f"PostgreSQL refused: {one_line(problem)}", file=sys.stderr)
        return 1
    if former:
        print(f"The former database is kept as {former}: drop it when it is not needed any more.")
    if said.card_secret and said.card_secret != here:
        print(
            "The cards of this backup were signed with another CARD_SECRET: set that one, or none of them is read."
        )
    print("Then run migrate_as_owner, prove, and start the service (bin/run does all three but the second).")
    return 0


if __name__ == "__main__":  # in a container, which has no bin/
    sys.exit(main(sys.argv[1:]))
