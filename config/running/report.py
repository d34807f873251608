"""What bin/run prints once the house stands: addresses and logins from demo.json. It starts and checks nothing."""

import json
from typing import Any

from config.running.preflight import HOST, Options


def show(options: Options) -> None:
    """Print the block. A house without a seeded cast (no demo.json) shows the address alone."""
    base = f"http://{HOST}:{options.port}"
    lines = ["", f"  Habitué is running on {base}", "", *rows(base, read_demo(options)), ""]
    lines += [
        f"  Data in {options.data_dir}, logs in {options.data_dir / 'logs'}. Ctrl-C stops everything.",
        "",
    ]
    print("\n".join(lines), flush=True)


def read_demo(options: Options) -> dict[str, Any]:
    """The cast's logins, as the seed wrote them."""
    try:
        return dict(json.loads((options.data_dir / "demo.json").read_text()))
    except (OSError, ValueError):
        return {}


def rows(base: str, demo: dict[str, Any]) -> list[str]:
    """One aligned line for each door of the house."""
    doors = [("Front page", f"{base}/", "")]
    if demo:
        merchant = str(demo["merchant"])
        doors += [
            ("Dashboard", f"{base}/dashboard/", login(demo["owner"])),
            ("Scanner", f"{base}/scan/{merchant}/", login(demo["cashier"])),
            ("Join", f"{base}/c/{merchant}/join", "what the poster's QR opens"),
            ("API", f"{base}/api/v1/", f"key {demo['api_key']}"),
        ]
    doors += [
        ("API reference", f"{base}/openapi.json", ""),
        ("Mail", f"{base}/dev/mail", "every e-mail it sends"),
    ]
    widths = [max(len(door[column]) for door in doors) for column in (0, 1)]
    return [f"  {name:<{widths[0]}}  {url:<{widths[1]}}  {note}".rstrip() for name, url, note in doors]


def login(person: dict[str, Any]) -> str:
    """An e-mail address and its password."""
    return f"{person['email']}   {person['password']}"
