"""The days on which seasons of tiers begin, and are over. Pure."""

import datetime as dt
from functools import lru_cache

from loyalty.rules.tiers import Season, Tier
from loyalty.rules.types import Version

DAY = dt.timedelta(days=1)
YEAR = 366  # days, at most


def season_over(tier: Tier, since: dt.date) -> dt.date | None:
    """The first day after its season; None where it is there all year round."""
    days = (since + many * DAY for many in range(1, YEAR + 1))
    return next((day for day in days if not tier.is_there(day)), None)


def season_begun(tier: Tier, day: dt.date) -> dt.date | None:
    """The first day of the season of it in which this day lies; None where it is there all year round."""
    days = (day - many * DAY for many in range(YEAR))
    return next((on for on in days if tier.is_there(on) and not tier.is_there(on - DAY)), None)


def season_begins(version: Version, day: dt.date) -> dt.date | None:
    """The next day after this one on which the season of a tier begins; None where no tier has one.

    The same day a year later, at the latest: it is asked again.
    """
    seasons = tuple(tier.season for tier in version.tiers if tier.season)
    return _begins(seasons, day) if seasons else None


@lru_cache(maxsize=2048)
def _begins(seasons: tuple[Season, ...], day: dt.date) -> dt.date:
    """A rehearsal asks it before each purchase."""
    days = (day + many * DAY for many in range(1, YEAR))
    begins = (on for on in days for season in seasons if season.has(on) and not season.has(on - DAY))
    return next(begins, day + YEAR * DAY)
