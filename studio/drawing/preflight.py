"""Whether a code can be read where it will hang: it is spoilt as a counter spoils it, and read back by zxing-cpp.

Passing is the exact text. What is tried is harder than what is promised, because phones read with other decoders than ours:
with HARD, everything that passes here is read by ZBar at the promised conditions in more than 99 of 100 pictures (`bin/prove
designs`).
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import zxingcpp
from PIL import Image

from studio.drawing import conditions
from studio.drawing.checking import Problem, is_refused, problems_of
from studio.drawing.conditions import FINEST, NAMES, SIDES, Scene
from studio.drawing.designs import Design
from studio.drawing.drawings import draw
from studio.drawing.png import Pixels, View
from studio.drawing.shapes import Mark

HARD = 1.3  # times the promised condition
SHOWN = 128  # pixels: the picture of a trial
UNDRAWABLE = frozenset({"choice_unknown", "colour_unreadable", "text_too_long", "words_unwritable"})

# Six hard days at the counter, for every turn of a knob.
LIVE = (
    Scene("shake", "card"),
    Scene("dim", "card"),
    Scene("glare", "card"),
    Scene("clean", "sticker"),
    Scene("side", "card"),
    Scene("counter", "poster"),
)
# What designs that pass those fail by, when they fail: a change is tried in these, too, before it is offered.
HARDEST = (Scene("low_ink", "screen"), Scene("low_ink", "poster"), Scene("glare", "sticker"))
# Everything that is promised.
FULL = (
    *(Scene(name, size) for size in SIDES for name in NAMES if name != "counter"),
    Scene("counter", "poster"),
)


@dataclass(frozen=True)
class Trial:
    """One condition at one size. `picture`: PNG of what was read, or could not be; at most SHOWN pixels wide."""

    scene: Scene
    passed: bool
    picture: bytes


@dataclass(frozen=True)
class Result:
    """What came of all trials."""

    problems: tuple[Problem, ...]
    trials: tuple[Trial, ...]

    @property
    def score(self) -> int:
        """Percent of the trials that were read; 0 for a design that is refused without any."""
        return (
            round(100 * sum(trial.passed for trial in self.trials) / len(self.trials)) if self.trials else 0
        )

    @property
    def passed(self) -> bool:
        """Whether it may be the default, and printed."""
        return (
            bool(self.trials) and not is_refused(list(self.problems)) and all(t.passed for t in self.trials)
        )

    @property
    def failed(self) -> tuple[Scene, ...]:
        """What it was not read in."""
        return tuple(trial.scene for trial in self.trials if not trial.passed)


def live(design: Design, text: str, mark: Mark | None = None) -> Result:
    """The six that are shown while somebody designs: within 300 milliseconds."""
    return run(design, text, mark, LIVE)


def full(
    design: Design,
    text: str,
    mark: Mark | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    also: Sequence[str] = (),
) -> Result:
    """All that is promised. `progress` is told how many trials of how many are done. `also`: see `run`."""
    return run(design, text, mark, FULL, progress, also=also)


def run(
    design: Design,
    text: str,
    mark: Mark | None,
    scenes: tuple[Scene, ...],
    progress: Callable[[int, int], None] | None = None,
    *,
    also: Sequence[str] = (),
) -> Result:
    """The design's problems, and a trial for each scene. What cannot even be drawn has no trials.

    `also`: more texts, as long, of which each scene must be read as well: a design at the edge is read with some letters alone.
    """
    problems = tuple(problems_of(design, text))
    if not is_drawable(problems):
        return Result(problems, ())
    views = [(View(draw(design, one, mark), FINEST), one) for one in (text, *also)]
    trials = []
    for scene in scenes:
        read_of = (tried(view, scene, one) for view, one in views)
        first = next(read_of)
        trials.append(first if not first.passed else next((it for it in read_of if not it.passed), first))
        if progress:
            progress(len(trials), len(scenes))
    return Result(problems, tuple(trials))


def tried(view: View, scene: Scene, text: str) -> Trial:
    """One condition, and whether what is read is the text and nothing else."""
    picture = conditions.spoilt(view, scene, HARD)
    return Trial(scene, read(picture) == text, _shown(picture))


def passes(
    design: Design, text: str, mark: Mark | None, scenes: Sequence[Scene], *, also: Sequence[str] = ()
) -> bool:
    """Whether it is allowed and read in all of these; ends at the first that fails, and keeps no pictures. `also`: see `run`."""
    if refuses(design, text):
        return False
    for one in (text, *also):
        view = View(draw(design, one, mark), FINEST)
        if not all(read(conditions.spoilt(view, scene, HARD)) == one for scene in scenes):
            return False
    return True


def refuses(design: Design, text: str) -> bool:
    """Whether `checking` forbids it before anything is drawn."""
    return is_refused(problems_of(design, text))


def is_drawable(problems: tuple[Problem, ...]) -> bool:
    """Whether the design's parts are such that there is something to look at."""
    return not any(problem.code in UNDRAWABLE or problem.code.endswith("_outside") for problem in problems)


def read(picture: Pixels) -> str:
    """What is read with as little effort as a cheap phone makes: not turned, not shrunk, not inverted. Empty when nothing."""
    found = zxingcpp.read_barcodes(
        picture,
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
    )
    return found[0].text if found else ""


def _shown(picture: Pixels) -> bytes:
    image = Image.fromarray(np.ascontiguousarray(picture))
    image.thumbnail((SHOWN, SHOWN), Image.Resampling.BILINEAR)
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()
