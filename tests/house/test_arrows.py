"""Arrows that import-linter cannot draw, because they end inside Django."""

import ast
from pathlib import Path

import pytest

from tests.servers import ROOT

DOMAIN = ("core", "merchants", "members", "loyalty", "rewards", "analytics", "studio")
HTTP = (
    "django.forms",
    "django.shortcuts",
    "django.template",
    "django.urls",
    "django.views",
    "rest_framework",
    "allauth",
)


def imported_names(file: Path) -> set[str]:
    """Every module and name that `file` imports."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def source_files(*apps: str) -> list[Path]:
    """Python files of these apps."""
    return [file for app in apps for file in sorted((ROOT / app).rglob("*.py"))]


@pytest.mark.parametrize("app", DOMAIN)
def test_the_domain_speaks_no_http(app):
    forbidden = (*HTTP, "django.http")
    broken = {
        f"{file.relative_to(ROOT)} imports {name}"
        for file in source_files(app)
        for name in imported_names(file)
        if name.startswith(forbidden)
    }
    assert broken == set()


def test_only_the_api_speaks_rest_framework():
    rest = ("rest_framework", "drf_spectacular")
    others = source_files(*DOMAIN, "integrations", "web", "config")
    assert {str(file) for file in others for name in imported_names(file) if name.startswith(rest)} == set()


def test_the_bootstrap_needs_nothing_installed():
    """bin/run looks at the machine before the packages are there."""
    before_install = ["config/__init__.py", "config/running/__init__.py"]
    before_install += ["config/running/preflight.py", "config/running/processes.py"]
    outside = ("django", "psycopg", "redis", "celery", "babel", "granian")
    names = {name for file in before_install for name in imported_names(ROOT / file)}
    assert {name for name in names if name.startswith(outside)} == set()
