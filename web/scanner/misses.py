"""Look-ups that found nobody, by cashier: a till mistypes now and then; who tries a list of numbers misses all the time.

Only what is typed is counted and stopped: a scanned card is signed, so nobody finds members by guessing one. With Redis
away nothing is counted, and tills are answered.
"""

from core.errors import DomainError
from core.rate_limits import TooManyTries, count_if_counting, refuse_if_counting
from members.cards import MemberUnknown, Scanned
from web.access import StaffRequest

WHAT = "lookup-missed"
MOST_MISSES, MISSES_SECONDS = 30, 600


def refuse_looking_up(request: StaffRequest, scanned: Scanned) -> None:
    """Raises TooManyTries for a typed code, once this cashier has missed too often."""
    if scanned.serial is None:
        refuse_if_counting(WHAT, request.staff.id, most=MOST_MISSES)


def count_miss(request: StaffRequest, refusal: DomainError) -> DomainError:
    """The refusal to show: this one, or that there were too many of its kind."""
    if not isinstance(refusal, MemberUnknown):
        return refusal
    try:
        count_if_counting(WHAT, request.staff.id, most=MOST_MISSES, seconds=MISSES_SECONDS)
    except TooManyTries as too_many:
        return too_many
    return refusal
