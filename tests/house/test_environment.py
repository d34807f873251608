"""`.env.example` names every variable that the project reads, and no other."""

import ast
import re
from pathlib import Path

from tests.servers import APPS, ROOT

READERS = {"text", "flag", "number", "words", "folder", "read", "get", "getenv"}
NOT_SETTINGS = {
    "DJANGO_SETTINGS_MODULE",
    "PATH",
    "HABITUE_TIMES",
}  # the last: a stopwatch for work on bin/run
NAME = re.compile(r"[A-Z][A-Z_]{2,}")


def variables_read(file: Path) -> set[str]:
    """Names passed to `env.text("NAME")`, `os.environ.get("NAME")`, `os.environ["NAME"]` and their like."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        key: ast.AST | None = None
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in READERS
            and node.args
        ):
            source = ast.unparse(node.func.value)
            key = node.args[0] if source in {"env", "os", "os.environ"} else None
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            key = node.slice
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and NAME.fullmatch(key.value):
            found.add(key.value)
    return found


def test_every_variable_stands_in_env_example():
    example = (ROOT / ".env.example").read_text()
    listed = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    for_compose = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    read = {name for app in APPS for file in (ROOT / app).rglob("*.py") for name in variables_read(file)}
    assert read - NOT_SETTINGS - listed == set(), "read, and not explained in .env.example"
    assert listed - read - for_compose == set(), "explained in .env.example, and read by nobody"
    assert for_compose - listed == set(), "used by docker-compose.yml, and not explained in .env.example"
