"""Makes database, messages and static files fit the code: one Django process, run before the web is started.

Everything here can be repeated and is quick when there is nothing to do. It starts no server and keeps nothing running.
"""

import hashlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from config.env import EnvironmentProblem
from config.running.messages import compile_messages
from config.running.preflight import ROOT

STAMP = ".habitue-collected"


def main() -> int:
    """All steps in order; 1 and a line when one fails."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import CommandError, call_command

    compile_messages(ROOT / "locale")
    try:
        django.setup()
    except EnvironmentProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    steps: list[tuple[str, Callable[[], object]]] = [
        ("roles", lambda: call_command("prepare_database", verbosity=0)),
        ("migrations", lambda: call_command("migrate_as_owner", verbosity=0)),
        ("static files", collect_static),
        ("seed", lambda: call_command("seed")),
    ]
    for name, step in steps:
        began = time.monotonic()
        try:
            step()
        except CommandError as problem:
            print(f"{name}: {problem}", file=sys.stderr)
            return 1
        if os.environ.get("HABITUE_TIMES"):
            print(f"  {name}: {time.monotonic() - began:.2f} s", flush=True)
    return 0


def collect_static() -> None:
    """Gather, hash and compress the static files when one of them changed since the last time."""
    from django.conf import settings
    from django.core.management import call_command

    stamp, wanted = (
        Path(settings.STATIC_ROOT) / STAMP,
        fingerprint([Path(each) for each in settings.STATICFILES_DIRS]),
    )
    if stamp.exists() and stamp.read_text() == wanted:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)


def fingerprint(folders: list[Path]) -> str:
    """A digest of names, sizes and moments of change: enough to see an edit, without reading the files."""
    lines = [
        f"{file.relative_to(folder)} {file.stat().st_size} {file.stat().st_mtime_ns}"
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    ]
    return hashlib.sha256("\n".join([*lines, (ROOT / "requirements.lock").read_text()]).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
