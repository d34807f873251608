"""SQL that lives in files, for migrations."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def sql_file(path: str) -> str:
    """The text of a file, by its path from the project's root."""
    return (ROOT / path).read_text(encoding="utf-8")
