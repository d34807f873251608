"""The container's health check: asks the web beside it, by the name that it answers to. Exit code 0 when it lives."""

import os
import sys
import urllib.request
from urllib.parse import urlsplit

ADDRESS = "http://127.0.0.1:8000/healthz"


def main() -> int:
    """One question. Any failure is a traceback and exit code 1."""
    host = urlsplit(os.environ.get("BASE_URL", "")).netloc or "127.0.0.1"
    asked = urllib.request.Request(ADDRESS, headers={"Host": host})
    with urllib.request.urlopen(asked, timeout=2) as answer:  # noqa: S310 - our own loopback address
        return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
