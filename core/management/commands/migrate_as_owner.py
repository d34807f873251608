"""Runs the migrations as the role that owns all tables. The app's own role can change no table."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from core import rls

# Before the first release migrations were edited in place: where the tables are there without this, no purchase works.
OUTDATED = """
SELECT to_regclass('public.ledger_lot') IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.ledger_lot') AND attname = 'entry_id' AND NOT attisdropped)
"""


class Command(BaseCommand):
    """Points the default connection at DATABASE_OWNER_URL, as the owner role, and migrates."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        owner = settings.OWNER_DATABASE
        connection = connections["default"]
        connection.close()
        before = dict(connection.settings_dict)
        connection.settings_dict.update(owner)
        try:
            _refuse_outdated(connection)
            call_command("migrate", interactive=False, verbosity=options["verbosity"])
            with connection.cursor() as cursor:
                cursor.execute(rls.QUICK_POLICIES)
        finally:
            connection.close()
            connection.settings_dict.clear()
            connection.settings_dict.update(before)


def _refuse_outdated(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute(OUTDATED)
        if cursor.fetchone()[0]:
            raise CommandError(
                "This database was made by an earlier, unreleased version and cannot be brought up to date: "
                "choose another folder with --data, or move the old one away."
            )
