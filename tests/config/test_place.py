"""What a place must have: production by default, long keys, and development nowhere but here."""

import os
import subprocess
import sys

import pytest

from config import place
from config.env import EnvironmentProblem
from tests.servers import ROOT

HERE = "http://127.0.0.1:8000"
LONG = "e6c1-9v0d-w2zq-x8fk-" * 2
OURS = ("HABITUE_ENV", "SECRET_KEY", "CARD_SECRET", "BASE_URL")


@pytest.fixture
def bare(monkeypatch):
    """A shell that says nothing."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_unset_means_production(bare):
    assert place.mode(HERE) == "production"
    assert place.mode("https://habitue.example") == "production"


@pytest.mark.parametrize("address", [HERE, "http://localhost:8000", "http://[::1]:8000"])
def test_development_is_at_home_on_this_machine(bare, address):
    bare.setenv("HABITUE_ENV", "development")
    assert place.mode(address) == "development"


@pytest.mark.parametrize(
    "address",
    ["https://127.0.0.1", "http://habitue.example", "http://192.168.1.5:8000", "http://0.0.0.0:8000"],
)
@pytest.mark.parametrize("mode", ["development", "test"])
def test_development_is_nowhere_else(bare, mode, address):
    bare.setenv("HABITUE_ENV", mode)
    with pytest.raises(EnvironmentProblem, match="set HABITUE_ENV=production"):
        place.mode(address)


@pytest.mark.parametrize("key", ["", "x" * 31])
def test_production_wants_a_long_key(bare, tmp_path, key):
    (tmp_path / "secret_key").write_text(LONG)  # which is development's
    bare.setenv("SECRET_KEY", key)
    with pytest.raises(EnvironmentProblem, match=rf"SECRET_KEY has {len(key)} characters"):
        place.secret_key("production", tmp_path)
    bare.setenv("SECRET_KEY", LONG)
    assert place.secret_key("production", tmp_path) == LONG


def test_production_signs_cards_with_another(bare):
    with pytest.raises(EnvironmentProblem, match="CARD_SECRET has 0 characters"):
        place.card_secret("production", LONG)
    bare.setenv("CARD_SECRET", LONG)
    with pytest.raises(EnvironmentProblem, match="must not be SECRET_KEY"):
        place.card_secret("production", LONG)
    assert place.card_secret("production", LONG[::-1]) == LONG


def test_development_has_the_key_that_was_made_for_it_and_no_other(bare, tmp_path):
    with pytest.raises(EnvironmentProblem, match=r"bin/run makes it"):
        place.secret_key("development", tmp_path)
    (tmp_path / "secret_key").write_text("made\n")
    assert place.secret_key("development", tmp_path) == "made"
    assert place.card_secret("development", "made") == "made"


def test_a_command_without_variables_says_what_it_misses_in_one_line(tmp_path):
    env = {name: value for name, value in os.environ.items() if name not in OURS}
    done = subprocess.run(
        [sys.executable, "manage.py", "prove"],
        cwd=ROOT,
        env=env | {"DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "SECRET_KEY has 0 characters: give production a random text of 32 or more."
    ]
