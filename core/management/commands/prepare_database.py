"""Makes the roles and gives the schema to its owner. Run once, and again at will, through DATABASE_OWNER_URL."""

from contextlib import suppress
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from psycopg import sql

Connection = psycopg.Connection[Any]


class Command(BaseCommand):
    """Roles: owner (of all tables; nobody logs in as it), app, jobs (outbox only), audit (reads only)."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with psycopg.connect(settings.DATABASE_OWNER_URL, autocommit=True) as connection:
                prepare(connection)
        except psycopg.errors.InsufficientPrivilege as problem:
            raise CommandError(
                f"DATABASE_OWNER_URL may not make roles ({problem.diag.message_primary}). Give it a login with "
                "CREATEROLE that owns the database, or make the roles by hand: see docs/runbook.md."
            ) from None
        except psycopg.OperationalError as problem:
            raise CommandError(f"The database does not answer: {problem}") from None


def prepare(connection: Connection) -> None:
    """Make what is missing in the cluster and in this database; `connection` is a privileged login's, autocommit."""
    logins = {
        settings.OWNER_ROLE: connection.info.user,
        settings.APP_ROLE: connections["default"].settings_dict["USER"],
        settings.JOBS_ROLE: settings.JOBS_DATABASE["USER"],
        settings.AUDIT_ROLE: connection.info.user,
    }
    passwords = {
        settings.APP_ROLE: connections["default"].settings_dict["PASSWORD"],
        settings.JOBS_ROLE: settings.JOBS_DATABASE["PASSWORD"],
    }
    for role, login in logins.items():
        _make_role(connection, role, may_log_in=role == login, password=passwords.get(role, ""))
        if login != role:
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(login)))
    owner, database = sql.Identifier(settings.OWNER_ROLE), sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("GRANT ALL ON DATABASE {} TO {}").format(database, owner))
    connection.execute(sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(owner))
    for role in logins:
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(role)))


def _make_role(connection: Connection, role: str, *, may_log_in: bool, password: str) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        return
    statement = sql.SQL("CREATE ROLE {} {} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE").format(
        sql.Identifier(role), sql.SQL("LOGIN" if may_log_in else "NOLOGIN")
    )
    if may_log_in and password:
        statement += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
    with suppress(psycopg.errors.DuplicateObject):  # another process prepared the same cluster just now
        connection.execute(statement)
        # A worker that lost its network must not keep a row for ever, nor whoever waits for it a thread.
        for setting in ("lock_timeout = '10s'", "idle_in_transaction_session_timeout = '60s'"):
            connection.execute(sql.SQL("ALTER ROLE {} SET " + setting).format(sql.Identifier(role)))
