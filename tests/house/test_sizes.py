"""Budgets that keep files readable. A growing file is split by noun, not excused here."""

import ast
from pathlib import Path

from tests.servers import ROOT

FILE_LINES, FUNCTION_LINES, VIEW_LINES = 300, 40, 25
OURS = (
    "config",
    "core",
    "merchants",
    "members",
    "loyalty",
    "rewards",
    "integrations",
    "analytics",
    "studio",
    "web",
    "api",
    "tests",
    "bench",
    "prove",
    "bin",
)
TEXT = {".py", ".sql", ".html", ".js", ".css", ""}


def our_files(*suffixes: str) -> list[Path]:
    """Files that people write; migrations are Django's, vendored code is others'."""
    folders = [ROOT / name for name in (*OURS, "templates", "static/js", "static/css")]
    return [
        file
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.suffix in suffixes and not {"migrations", "__pycache__"} & set(file.parts)
    ]


def functions(file: Path) -> list[tuple[str, int]]:
    """Each function's name and its lines, without decorators and docstring."""
    found = []
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            found.append((f"{file.relative_to(ROOT)}:{node.lineno} {node.name}", lines))
    return found


def test_no_file_is_longer_than_300_lines():
    long = {
        str(file.relative_to(ROOT)): lines for file in our_files(*TEXT) if (lines := count(file)) > FILE_LINES
    }
    assert long == {}


def test_no_function_is_longer_than_40_lines():
    assert over_budget(our_files(".py"), FUNCTION_LINES) == {}


def test_no_view_is_longer_than_25_lines():
    views = [file for file in our_files(".py") if file.relative_to(ROOT).parts[0] in {"web", "api"}]
    assert over_budget(views, VIEW_LINES) == {}


def count(file: Path) -> int:
    """Lines of a text file."""
    return len(file.read_text().splitlines())


def over_budget(files: list[Path], budget: int) -> dict[str, int]:
    """Functions that are longer."""
    return {name: lines for file in files for name, lines in functions(file) if lines > budget}
