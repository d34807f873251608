"""Writes the scores of a whole run into docs/guarantees.md, between two marks, and nothing else of that page."""

import os
import platform
import re
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from config.embedded import EmbeddedPostgres
from config.running.preflight import ROOT
from prove.score import Score

PAGE = ROOT / "docs" / "guarantees.md"
BEGIN, END = "<!-- scores: written by bin/prove -->", "<!-- end of scores -->"


def write(scores: Mapping[str, Score], *, path: Path = PAGE) -> None:
    """Replace what stands between the marks. Raises ValueError when the page has lost them."""
    text = path.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"{path} must hold “{BEGIN}” and “{END}” once each.")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{section(scores)}{END}{after}", encoding="utf-8")


def section(scores: Mapping[str, Score]) -> str:
    """Where and when, then a table with a row for each figure; what is broken stands under it."""
    rows = [
        f"| {cell(part)} | {cell(what)} | {cell(figure)} |"
        for part, score in scores.items()
        for what, figure in score.lines
    ]
    broken = [
        f"- **Broken** ({cell(part)}): {cell(failure)}"
        for part, score in scores.items()
        for failure in score.failures
    ]
    lines = [where_and_when(), "", "| part | what | figure |", "|---|---|---|", *rows]
    return "\n".join([*lines, *(["", *broken] if broken else []), ""])


def cell(text: str) -> str:
    """Text on one line of a table."""
    return re.sub(r"\s+", " ", text).replace("|", "\\|").strip()


def where_and_when() -> str:
    """Date, commit, versions and cores."""
    moment = datetime.now(UTC)
    return (
        f"{moment:%Y-%m-%d %H:%M} UTC, commit {commit()}, PostgreSQL {postgres_version()}, "
        f"Python {platform.python_version()}, {cores()} cores."
    )


def commit() -> str:
    """The short name of the commit, and whether the tree differs from it."""
    name = git("rev-parse", "--short=10", "HEAD") or "unknown"
    return f"{name} with changes" if git("status", "--porcelain", "--untracked-files=no") else name


def git(*arguments: str) -> str:
    """What git says; nothing where there is no git."""
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def postgres_version() -> str:
    """Of the embedded server, which all parts use."""
    postgres = EmbeddedPostgres(Path(tempfile.gettempdir())).binary("postgres")
    return subprocess.check_output([postgres, "--version"], text=True).split()[-1]


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
