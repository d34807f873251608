"""What keeps bin/run from starting: one clear line each, exit code 2, and nothing made."""

import ast
import shutil
import socket
import sys

import pytest

from tests.house.running import free_port, refusal
from tests.servers import ROOT

PRETEND = "import runpy, sys; {}; sys.argv = ['bin/run', *sys.argv[1:]]; sys.path.insert(0, 'bin'); " + (
    "runpy.run_path('bin/run', run_name='__main__')"
)


def test_a_taken_port(tmp_path):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert refusal("--data", str(tmp_path), "--port", str(port)) == (
            2,
            [f"Port {port} is taken: choose another with --port."],
        )
    assert not (tmp_path / "postgres").exists()


def test_an_unwritable_folder(tmp_path):
    (tmp_path / "file").write_text("in the way")
    folder = tmp_path / "file" / "data"
    code, lines = refusal("--data", str(folder), "--port", str(free_port()))
    assert (code, lines) == (2, [f"The data folder {folder} is not writable: Not a directory."])


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--port", "web"], "invalid int value: 'web'"),
        (["--port", "70000"], "between 1 and 65535"),
        (["--port"], "expected one argument"),
        (["--speed", "9"], "unrecognized arguments: --speed 9"),
    ],
)
def test_bad_arguments(arguments, word):
    code, lines = refusal(*arguments)
    assert code == 2
    assert len(lines) == 1
    assert word in lines[0]


@pytest.mark.parametrize("command", ["run", "test", "check", "lock"])
def test_a_python_that_is_too_old(command):
    pretend = PRETEND.format("sys.version_info = (3, 10, 4)").replace("bin/run", f"bin/{command}")
    assert refusal(launcher=("-c", pretend)) == (
        2,
        [f"Python 3.11 or newer is needed; this is Python 3.10.4 ({sys.executable})."],
    )


def test_an_old_python_can_read_the_bootstrap():
    """Syntax that Python 3.5 lacks would be a traceback there, instead of the line."""
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef)
    for name in ("bootstrap.py", "run", "test", "check", "lock"):
        tree = ast.parse((ROOT / "bin" / name).read_text(), feature_version=(3, 7))
        nodes = list(ast.walk(tree))
        assert [node for node in nodes if isinstance(node, newer)] == []
        assert [
            node
            for node in nodes
            if isinstance(node, ast.FunctionDef) and (node.returns or node.args.kwonlyargs)
        ] == []


def test_a_python_without_venv(tmp_path):
    """As Debian's is without python3-venv. In a copy of the project, which has no virtual environment yet."""
    for name in ("bin", "config/running"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("config/__init__.py", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    pretend = PRETEND.format("sys.modules['ensurepip'] = None")
    code, lines = refusal("--port", str(free_port()), launcher=("-c", pretend), cwd=tmp_path)
    assert code == 2
    assert lines == [
        f"This Python ({sys.executable}) lacks venv: on Debian or Ubuntu, apt-get install python3-venv."
    ]
    assert not (tmp_path / ".venv").exists()
