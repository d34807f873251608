"""The jobs role's own connection: it may see what is due, across merchants, and nothing of what is in it."""

from typing import Any

import psycopg
from django.conf import settings
from django.db import connection


def jobs_connection() -> "psycopg.Connection[tuple[Any, ...]]":
    """A new connection to the database in use, as the jobs role. Its rows begin with merchant, and what is due of it."""
    address = settings.JOBS_DATABASE
    return psycopg.connect(
        dbname=connection.settings_dict["NAME"],
        user=address["USER"],
        password=address["PASSWORD"],
        host=address["HOST"],
        port=address["PORT"] or None,
        options=address["OPTIONS"].get("options"),
    )
