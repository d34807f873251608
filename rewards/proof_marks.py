"""Which request an e-mailed code served: noted in Redis in one atomic step, shared by a request that comes twice, and taken
back only by the call that noted it alone."""

from contextlib import suppress
from uuid import UUID

from django.core.cache import cache
from redis.exceptions import RedisError


def mark_of(key: UUID | None, call: UUID | None) -> str:
    """ "key call"; "" where it is only foretold, and nothing is noted."""
    return f"{key} {call or ''}" if key else ""


def serves(mark: str, used: str, seconds: int) -> bool:
    """Whether a right code serves this request; `used`: where that is noted, for `seconds`. Raises RedisError."""
    key = mark.partition(" ")[0]
    while not (mark and cache.add(used, mark, seconds)):
        by = str(cache.get(used) or "")
        if by and by.partition(" ")[0] == key:
            cache.set(used, key, seconds)  # two calls share it from now on, and neither gives it back
            return True
        if by or not mark:
            return not by
    return True


def give_back(mark: str, used: str) -> None:
    """Another request may be served. Not where this one came twice at once: its twin may have been served."""
    with suppress(RedisError):
        if mark and cache.get(used) == mark:
            cache.delete(used)
