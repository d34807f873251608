"""Runs the migrations as the role that owns all tables. The app's own role can change no table."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections


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
            call_command("migrate", interactive=False, verbosity=options["verbosity"])
        finally:
            connection.close()
            connection.settings_dict.clear()
            connection.settings_dict.update(before)
