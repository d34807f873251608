"""Nobody opens a card with the logs."""

import logging
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from config.logs import CutSecrets, cut
from tests.servers import ROOT


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("Not Found: /c/aroma/link/abc.DEF-123", "Not Found: /c/aroma/link/…"),
        ("GET /c/aroma/link/abc:def?next=/ 302", "GET /c/aroma/link/…?… 302"),
        ("POST /c/aroma/stop/abc.points_email:def 200", "POST /c/aroma/stop/… 200"),
        ("Gone: /q/HB1ABCDEF", "Gone: /q/…"),
        ("GET /api/v1/vouchers/K7QX-3MPD-9WEA-22RT 404", "GET /api/v1/vouchers/… 404"),
        ("POST /api/v1/vouchers/K7QX3MPD/redemption HTTP/1.1", "POST /api/v1/vouchers/…/redemption HTTP/1.1"),
        ("GET /api/v1/members/mem_1/vouchers 200", "GET /api/v1/members/mem_1/vouchers 200"),
        ("GET '/dashboard/aroma/members/?q=mia@example.org' 200", "GET '/dashboard/aroma/members/?…' 200"),
        ("/accounts/password/reset/key/1-abc-def/", "/accounts/password/reset/key/…/"),
        ("/accounts/confirm-email/MQ:1abc:xyz/", "/accounts/confirm-email/…/"),
        ("Not Found: /c/aroma/join", "Not Found: /c/aroma/join"),
        ("is it there? yes", "is it there? yes"),
    ],
)
def test_secrets_are_cut(line, left):
    assert cut(line) == left


def test_arguments_of_a_line_are_cut_too():
    record = logging.LogRecord("x", 30, "x", 1, "%s: %s", ("Not Found", "/c/aroma/link/secret"), None)
    assert CutSecrets().filter(record)
    assert record.getMessage() == "Not Found: /c/aroma/link/…"


def test_every_handler_cuts():
    for handler in settings.LOGGING["handlers"].values():
        assert handler["filters"] == ["secrets"]


def test_a_worker_cuts_too():
    says = (
        "import django; django.setup()\n"
        "import logging; from config.celery import app\n"
        "app.log.setup('INFO')\n"  # as each worker and beat do when they start
        "logging.getLogger('a.task').warning('Gone: /q/HB1ABCDEF')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", says],
        check=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.stderr.endswith("WARNING a.task Gone: /q/…\n")


def test_a_refused_link_leaves_no_token_in_the_log(world, monkeypatch):
    (console,) = [
        each for each in logging.getLogger().handlers if any(isinstance(f, CutSecrets) for f in each.filters)
    ]
    lines = []
    monkeypatch.setattr(console, "emit", lambda record: lines.append(console.format(record)))
    Client().get("/c/nobody/link/very-secret?who=mia@example.org")
    assert lines
    assert not [line for line in lines if "very-secret" in line or "mia" in line]
