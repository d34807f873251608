"""How long the pages that list and count members take, with a city's worth of them at one merchant: asked one after the
other over one connection, as one person would, of the web server that bin/run starts."""

import http.client
import statistics
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bench.city import City

ROUNDS = 40  # of all addresses; each page has hundreds of answers behind its p95
FEWEST_ROUNDS = 2  # no p95 is told of one
WARM_UP_ROUNDS = 3
BOOKKEEPING = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")  # no question


class PageProblem(Exception):
    """A page was not answered with 200."""


def addresses(tier_id: str) -> Mapping[str, list[str]]:
    """What is asked for, by page: every kind of filter, sort and search, cheap and dear, first pages and the last."""
    return {
        "home": ["", "?days=28"],
        "members": [
            "members/",
            "members/?page=400",
            "members/?sort=name",
            "members/?sort=-points",
            "members/?sort=-points&page=400",
            "members/?sort=last&page=7",
            "members/?sort=-tier",
            "members/?q=martin",
            "members/?q=helene+roux",
            "members/?q=99999",
            "members/?q=nobody+of+this+name",
            "members/?activity=missing",
            "members/?activity=never&sort=name",
            f"members/?tier={tier_id}&activity=missing&sort=-points",
            "members/?q=mia&activity=recent&sort=-last",
        ],
    }


def measure(url: str, city: City, *, rounds: int) -> dict[str, Any]:
    """`home_p95_ms`, `members_p95_ms` and what they are made of. Raises PageProblem."""
    asked = addresses(city.top_tier)
    base, session = f"/dashboard/{city.slug}/", sign_in(city)
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    times: dict[str, list[float]] = {path: [] for paths in asked.values() for path in paths}
    warm_up = min(WARM_UP_ROUNDS, rounds - 1)
    for number in range(warm_up + rounds):
        for path, taken in times.items():
            milliseconds = _ask(connection, base + path, session)
            if number >= warm_up:
                taken.append(milliseconds)
    connection.close()
    result: dict[str, Any] = {"pages_members": city.members}
    for page, paths in asked.items():
        result[f"{page}_p95_ms"] = p95([taken for path in paths for taken in times[path]])
        result[f"{page}_slowest_p95_ms"] = max(p95(times[path]) for path in paths)
    result["page_queries_most"] = most_queries([base + path for path in times], city)
    result["pages"] = {
        path or "home": {"p50_ms": round(statistics.median(taken), 1), "p95_ms": p95(taken)}
        for path, taken in times.items()
    }
    return result


def sign_in(city: City) -> str:
    """The cookie of a browser in which the owner is signed in."""
    from django.conf import settings

    name = settings.SESSION_COOKIE_NAME
    return f"{name}={_client(city).cookies[name].value}"


def most_queries(paths: list[str], city: City) -> int:
    """The most SQL statements that one of these pages sends, once this process knows the programme."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = _client(city), []
    client.get(paths[0])
    for path in paths:
        with CaptureQueriesContext(connection) as sent:
            client.get(path)
        counts.append(sum(not query["sql"].startswith(BOOKKEEPING) for query in sent.captured_queries))
    return max(counts)


def _client(city: City) -> Any:
    from django.test import Client

    from merchants.models import User

    client = Client()
    client.force_login(
        User.objects.get(id=city.owner_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def _ask(connection: http.client.HTTPConnection, path: str, session: str) -> float:
    began = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": session})
    answer = connection.getresponse()
    answer.read()
    taken = (time.perf_counter() - began) * 1000
    if answer.status != 200:
        raise PageProblem(f"{answer.status} for {path}")
    return taken


def show(result: dict[str, Any]) -> None:
    """The table of the pages."""
    print(f"\n{'page':58}  p50 ms  p95 ms")
    for path, row in result["pages"].items():
        print(f"{path[:58]:58}  {row['p50_ms']:6}  {row['p95_ms']:6}")
    print(
        f"With {result['pages_members']:,} members: home p95 {result['home_p95_ms']} ms, list p95 "
        f"{result['members_p95_ms']} ms, at most {result['page_queries_most']} statements a page. "
        f"Books: {result['pages_books']}."
    )
    print(
        f"Rehearsing a draft of ten rules: {result['rehearsal_s']} s for each 100,000 of its "
        f"{result['rehearsal_purchases']:,} purchases (goal ≤ 30), {result['rehearsal_work_s']} s of them work in Python."
    )


def p95(values: list[float]) -> float:
    """The time that nineteen of twenty do not exceed."""
    return round(statistics.quantiles(values, n=20)[-1], 1)
