"""Lines of words: broken where it looks best, and made smaller until they fit."""

import re
from dataclasses import dataclass
from itertools import combinations, pairwise

from studio.drawing import lettering

_TOGETHER = re.compile(r" (?=[?!:;%€»])|(?<=«) ")
BREATH = 0.9  # of the size may be given up to end lines with a comma or a full stop
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
        room = height / (count * leading) if height else size
        ways = [
            (longest, min(size, width / longest, room), lines)
            for longest, lines in _broken(words, count, font, tracking)
        ]
        largest = max(fitting for _longest, fitting, _lines in ways)
        longest, fitting, lines = next(way for way in ways if way[1] >= largest * BREATH)
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


def _broken(words: list[str], count: int, font: str, tracking: float) -> list[tuple[float, tuple[str, ...]]]:
    """In exactly so many lines: where one takes breath, if anywhere; then with the longest as short as can be. Each with that length."""
    if len(words) > MOST_WORDS:
        words = ["".join(words[at : at + 3]) for at in range(0, len(words), 3)]
        count = min(count, len(words))
    ways = [
        tuple("".join(words[begin:end]).rstrip(" ") for begin, end in pairwise((0, *breaks, len(words))))
        for breaks in combinations(range(1, len(words)), count - 1)
    ]
    known = [(max(lettering.width_of(line, 1.0, font, tracking) for line in way), way) for way in ways]
    breathing = [one for one in known if all(line.endswith((".", ",")) for line in one[1][:-1])]
    return [min(some) for some in (breathing, known) if some]
