"""Lines of words: broken where it looks best, and made smaller until they fit."""

import re
from dataclasses import dataclass
from itertools import combinations, pairwise

from studio.drawing import lettering

_TOGETHER = re.compile(r" (?=[?!:;%€»])|(?<=«) ")
MOST_WORDS = 14  # more are set as they come: every way to break them would take too long to try


@dataclass(frozen=True)
class Lines:
    """Broken lines and the size they are set in; `width` of the longest."""

    lines: tuple[str, ...]
    size: float
    width: float


def fitted(
    text: str,
    *,
    width: float,
    size: float,
    font: str = "strong",
    least: int = 1,
    most: int = 1,
    tracking: float = 0.0,
    height: float = 0.0,
    leading: float = 1.0,
) -> Lines:
    """The text in `least` to `most` lines, if it has as many words, as large as it can be: `size` at most, and inside `width` and `height` (0: any).

    Of two ways with letters as large, the one with fewer lines. What the font lacks is left out.
    """
    words = _words(lettering.writable(text, font))
    if not words:
        return Lines((), size, 0.0)
    best = Lines((), 0.0, 0.0)
    for count in range(min(least, len(words)), min(most, len(words)) + 1):
        lines = _broken(words, count, font, tracking)
        longest = max(lettering.width_of(line, 1.0, font, tracking) for line in lines)
        room = height / (count * leading) if height else size
        fitting = min(size, width / longest, room)
        if fitting > best.size * 1.001:
            best = Lines(lines, fitting, longest * fitting)
    return best


def _words(text: str) -> list[str]:
    """What stays together: a word with its blank, or a part of one up to a hyphen. A no-break space breaks nothing, nor does
    a blank beside the marks that French sets apart.
    """
    return [
        part
        for word in _TOGETHER.sub("\u00a0", text).split(" ")
        if word
        for part in (word.replace("-", "-\n") + " ").split("\n")
        if part != " "
    ]


def _broken(words: list[str], count: int, font: str, tracking: float) -> tuple[str, ...]:
    """In exactly so many lines, the longest as short as can be."""
    if len(words) > MOST_WORDS:
        words = ["".join(words[at : at + 3]) for at in range(0, len(words), 3)]
        count = min(count, len(words))

    def lines(breaks: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(
            "".join(words[begin:end]).rstrip(" ") for begin, end in pairwise((0, *breaks, len(words)))
        )

    def longest(tried: tuple[str, ...]) -> float:
        return max(lettering.width_of(line, 1.0, font, tracking) for line in tried)

    return min((lines(breaks) for breaks in combinations(range(1, len(words)), count - 1)), key=longest)
