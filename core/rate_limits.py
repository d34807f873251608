"""How often something may be tried: counters in Redis that expire by themselves.

A hint against guessing and flooding, never the guard of points: Redis may lose everything, and then counting starts
anew. Who is counted is kept as a digest.
"""

import hashlib
import logging
from contextlib import suppress

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from core.errors import DomainError

logger = logging.getLogger(__name__)


class TooManyTries(DomainError):
    """Asked more often than people do."""

    code = "too_many_tries"
    message = _("That was too often. Wait a few minutes, then try again.")


def count_try(what: str, *who: object, most: int, seconds: int) -> None:
    """Count one try of `what` by `who`. Raises TooManyTries from the (`most` + 1)th within `seconds` of the first."""
    if tries_of(what, *who, seconds=seconds) > most:
        raise TooManyTries


def count_if_counting(what: str, *who: object, most: int, seconds: int) -> None:
    """As `count_try`, where a flood is a nuisance and not a danger: with Redis away, all may pass."""
    try:
        count_try(what, *who, most=most, seconds=seconds)
    except RedisError:
        logger.warning("Redis is away: %s is not limited", what)


def tries_of(what: str, *who: object, seconds: int) -> int:
    """Count one try and tell how many that makes within `seconds` of the first: one atomic increment."""
    key = _key(what, who)
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it expired between the two
        return 1


def refuse_after(what: str, *who: object, most: int) -> None:
    """Raises TooManyTries once `count_try` has: for what is counted only when it fails, and stopped altogether then."""
    if int(cache.get(_key(what, who)) or 0) > most:
        raise TooManyTries


def refuse_if_counting(what: str, *who: object, most: int) -> bool:
    """As `refuse_after`, but with Redis away all may pass. Returns whether it is there: who can be guessed asks."""
    try:
        refuse_after(what, *who, most=most)
    except RedisError:
        logger.warning("Redis is away: %s is not limited", what)
        return False
    return True


def forget_tries(what: str, *who: object) -> None:
    """Start counting anew."""
    cache.delete(_key(what, who))


def give_try_back(what: str, *who: object) -> None:
    """One try less: for what is counted before it is compared, and was no wrong one."""
    with suppress(ValueError):  # it expired in between
        cache.decr(_key(what, who))


def _key(what: str, who: tuple[object, ...]) -> str:
    digest = hashlib.blake2b(repr([str(part) for part in who]).encode(), digest_size=16).hexdigest()
    return f"tries:{what}:{digest}"
