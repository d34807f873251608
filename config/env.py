"""Reads the environment, once and typed. Every variable named here stands in `.env.example`."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


class EnvironmentProblem(Exception):
    """A variable is missing or unreadable; the message says which and what to write."""


def text(name: str, default: str = "") -> str:
    """The variable's text, or `default` when it is unset or empty."""
    return os.environ.get(name, "") or default


def flag(name: str, *, default: bool) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise EnvironmentProblem(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    """A whole number."""
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise EnvironmentProblem(f"{name} must be a whole number, not {value!r}.") from None


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


@dataclass(frozen=True)
class DatabaseAddress:
    """One PostgreSQL address, read from a URL such as postgresql://app:secret@host:5432/habitue.

    A socket folder is given as `?host=/path`.
    """

    user: str
    password: str
    host: str
    port: str
    name: str
    options: dict[str, str]

    @classmethod
    def read(cls, variable: str, url: str) -> "DatabaseAddress":
        parts = urlsplit(url)
        if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
            raise EnvironmentProblem(f"{variable} must look like postgresql://user:password@host:5432/name.")
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        return cls(
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            host=query.pop("host", parts.hostname or ""),
            port=query.pop("port", str(parts.port or "")),
            name=unquote(parts.path.lstrip("/")),
            options=query,
        )

    def as_role(self, role: str) -> dict[str, str]:
        """Driver options that make every session act as `role`, and never as the login's own self.

        A login that *is* the role needs nothing, so that a pooler which forbids start-up options can be used.
        """
        options = dict(self.options)
        if self.user != role:
            options["options"] = f"{options.get('options', '')} -c role={role}".strip()
        return options

    def settings(self, role: str, **extra: Any) -> dict[str, Any]:
        """The address as an entry of Django's DATABASES."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": self.port,
            "OPTIONS": {**self.as_role(role), **extra},
        }


def folder(name: str, default: Path) -> Path:
    """An absolute path."""
    value = text(name)
    return Path(value).expanduser().resolve() if value else default
