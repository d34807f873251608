"""Who tries words until one counts is stopped: the member for whom they are entered, and whoever enters them.

A code of a batch is never guessed. A word is one that people remember, so it is not entered while nobody counts the tries.
"""

from uuid import UUID

from core.rate_limits import count_if_counting, refuse_if_counting
from loyalty.locking import TooBusy

WRONG, WRONG_SECONDS = "code-wrong", 3600
# Who copies from a packet in bad light errs a few times; a list of words that is being tried is longer.
MOST_OF_A_MEMBER = 10
# A cashier copies for many; behind a key is a web shop with all its members.
MOST_BY = {"scanner": 30, "api": 300}


def refuse_guessing(member_id: UUID, actor_id: UUID | None, channel: str, *, is_word: bool) -> None:
    """Raises TooManyTries; for a word TooBusy, where nobody counts."""
    for who, most in _counted(member_id, actor_id, channel).items():
        if not refuse_if_counting(WRONG, who, most=most) and is_word:
            raise TooBusy


def count_wrong(member_id: UUID, actor_id: UUID | None, channel: str) -> None:
    """One more that was none. Raises TooManyTries."""
    for who, most in _counted(member_id, actor_id, channel).items():
        count_if_counting(WRONG, who, most=most, seconds=WRONG_SECONDS)


def _counted(member_id: UUID, actor_id: UUID | None, channel: str) -> dict[UUID, int]:
    """Whose tries, and how many of each."""
    by = {actor_id: MOST_BY.get(channel, MOST_OF_A_MEMBER)} if actor_id else {}
    return by | {member_id: MOST_OF_A_MEMBER}
