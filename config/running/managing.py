"""bin/manage: Django's commands on the database of a house, which may run meanwhile; one that does not is started for the time."""

import os
import sys
from pathlib import Path

from config import env
from config.running.preflight import ROOT
from config.running.processes import HouseProblem


def main(arguments: list[str]) -> int:
    """Run one of Django's commands. What the environment says goes before the house."""
    data_dir = Path(env.text("DATA_DIR") or ROOT / ".data").resolve()
    try:
        if env.text("DATABASE_URL"):
            return _run(arguments)
        return _run_in(data_dir, arguments)
    except (HouseProblem, env.EnvironmentProblem) as problem:
        print(problem, file=sys.stderr)
        return 2


def _run_in(data_dir: Path, arguments: list[str]) -> int:
    from config.backup.database import embedded, for_backup
    from config.embedded import EmbeddedPostgres

    with for_backup(data_dir):
        embedded(EmbeddedPostgres(data_dir))
        os.environ["SECRET_KEY"] = (data_dir / "secret_key").read_text().strip()
        os.environ["DATA_DIR"] = str(data_dir)
        return _run(arguments)


def _run(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(["bin/manage", *arguments])
    return 0
