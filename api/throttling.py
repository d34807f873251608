"""The rate limit: so many requests a minute under one key, counted in Redis for all processes together.

A process takes tokens in leases, so that a busy key costs one trip to Redis for many requests. When Redis is away
requests pass: this limit keeps neighbours polite, and what guards points stands in the database.
"""

import logging
import time
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import redis
from django.conf import settings

from api.refusals import RateExceeded

log = logging.getLogger(__name__)

WINDOW = 60  # seconds
LEASES = 100  # of a limit: what one process may hold back from the others is a hundredth of it
_PATIENCE = 0.5  # seconds: a slow Redis must not make a till wait
_SULK = 5.0  # seconds without trying again after Redis failed
_MOST_KEYS = 10_000  # made-up keys must not fill the memory


@dataclass(slots=True)
class _Lease:
    window: int
    left: int
    spent: bool  # Redis said so: no need to ask again in this window


_leases: dict[bytes, _Lease] = {}
_lock = Lock()
_away_until = 0.0


def take(key: bytes) -> None:
    """Use one request of this key's minute. Raises RateExceeded."""
    limit: int = settings.API_RATE_PER_MINUTE
    if limit <= 0:
        return
    now = time.time()
    window = int(now) // WINDOW
    with _lock:
        lease = _leases.get(key)
        spent = False
        if lease is not None and lease.window == window:
            spent = lease.spent
            if lease.left > 0:
                lease.left -= 1
                return
    granted = 0 if spent else _lease(key, window, limit)
    with _lock:
        if len(_leases) >= _MOST_KEYS:
            _leases.clear()
        lease = _leases.get(key)
        if lease is None or lease.window != window:
            lease = _leases[key] = _Lease(window, 0, spent=False)
        lease.left += max(0, granted - 1)
        lease.spent = granted <= 0
    if granted <= 0:
        raise RateExceeded(seconds=int((window + 1) * WINDOW - now) + 1)


def _lease(key: bytes, window: int, limit: int) -> int:
    """How many of this window's requests this process may let through now; 0 when none are left."""
    global _away_until  # noqa: PLW0603
    size = max(1, limit // LEASES)
    if time.monotonic() < _away_until:
        return size
    name = f"habitue:rate:{key.hex()}:{window}"
    try:
        with _client().pipeline(transaction=True) as pipe:
            pipe.incrby(name, size)
            pipe.expire(name, 2 * WINDOW)
            used, _set = pipe.execute()
    except redis.RedisError:
        log.warning("Redis is away: requests pass uncounted")
        _away_until = time.monotonic() + _SULK
        return size
    return min(size, limit - (int(used) - size))


def forget() -> None:
    """Begin anew, with the Redis of the settings: for tests."""
    global _away_until  # noqa: PLW0603
    _away_until = 0.0
    _leases.clear()
    _client.cache_clear()


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
    )
