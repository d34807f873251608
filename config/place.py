"""What a place must have before anything starts: a mode that fits its address, and keys long enough. It makes none."""

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

from config import env
from config.env import EnvironmentProblem

SHORTEST_KEY = 32
TEST_KEY = "not-secret-" * 5


def mode(base_url: str) -> str:
    """HABITUE_ENV: production unless it says otherwise, and nothing else at an address that others reach.

    Development shows every e-mail to everyone.
    """
    found = env.text("HABITUE_ENV", "production")
    if found not in {"development", "production", "test"}:
        raise EnvironmentProblem("HABITUE_ENV must be development, production or test.")
    if found != "production" and not _only_here(base_url):
        raise EnvironmentProblem(
            f"HABITUE_ENV={found} is for this machine alone, and BASE_URL is {base_url}: set HABITUE_ENV=production."
        )
    return found


def secret_key(environment: str, data_dir: Path) -> str:
    """SECRET_KEY; in development the one that bin/run made, and none that is written here outside of tests."""
    if environment == "production":
        return _long("SECRET_KEY")
    if environment == "test":
        return env.text("SECRET_KEY", TEST_KEY)
    made = data_dir / "secret_key"
    found = env.text("SECRET_KEY") or (made.read_text().strip() if made.exists() else "")
    if not found:
        raise EnvironmentProblem(f"SECRET_KEY is empty and {made} is not there: bin/run makes it.")
    return found


def card_secret(environment: str, key: str) -> str:
    """CARD_SECRET: printed cards are signed with it, so that changing SECRET_KEY does not turn them into paper."""
    if environment != "production":
        return env.text("CARD_SECRET", key)
    found = _long("CARD_SECRET")
    if found == key:
        raise EnvironmentProblem("CARD_SECRET must not be SECRET_KEY: one may change, the other never.")
    return found


def _long(name: str) -> str:
    value = env.text(name)
    if len(value) < SHORTEST_KEY:
        raise EnvironmentProblem(
            f"{name} has {len(value)} characters: give production a random text of {SHORTEST_KEY} or more."
        )
    return value


def _only_here(base_url: str) -> bool:
    """Whether an address is plain HTTP on this very machine."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        return parts.scheme == "http" and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return False
