"""Changes that make a failing design pass. Each was tried: nothing is offered that was not read back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from studio.drawing.checking import GOOD_RATIO, STANDARD_QUIET
from studio.drawing.colours import darkened, ratio
from studio.drawing.conditions import Scene
from studio.drawing.designs import LEAST_SHARE, Design, Error
from studio.drawing.preflight import HARDEST, Result, passes
from studio.drawing.shapes import Mark

MOST = 3  # offered at once: more is a riddle
_DARKER = (6, 12, 18, 25, 35, 50, 70)  # percent of light taken away


@dataclass(frozen=True)
class Fix:
    """`code` never changes; `value` is its figure or word: percent, level, modules, or the name of a shape.

    The codes: "darken", "logo" (0: none), "level", "quiet", "clear", "style", "eyes", "modules".
    """

    code: str
    value: int | str
    design: Design


def fixes(
    result: Result, design: Design, text: str, mark: Mark | None = None, *, also: Sequence[str] = ()
) -> list[Fix]:
    """The smallest change of each kind after which all scenes of `result` and the hardest are read, at most MOST; empty when
    none alone does.

    Where the design passes, there is nothing to mend: empty. `also`: more texts that must be read, as in `preflight.run`.
    """
    if result.passed or not result.trials:
        return []
    tried = {trial.scene: None for trial in result.trials} | dict.fromkeys(HARDEST)
    scenes = sorted(tried, key=lambda scene: scene not in result.failed)
    found: list[Fix] = []
    for kind in (_darken, _logo, _level, _quiet, _style, _eyes, _modules):
        if fix := next((fix for fix in kind(design) if _works(fix, (text, *also), mark, scenes)), None):
            found.append(fix)
        if len(found) == MOST:
            break
    return found


def _works(fix: Fix, texts: Sequence[str], mark: Mark | None, scenes: list[Scene]) -> bool:
    return passes(fix.design, texts[0], mark if fix.design.logo else None, scenes, also=texts[1:])


def _darken(design: Design) -> Iterator[Fix]:
    if all(ratio(ink, design.paper) >= GOOD_RATIO for ink in design.inks):
        return  # colours are not what it fails by
    for percent in _DARKER:
        ink = darkened(design.ink, percent / 100)
        second = darkened(design.second, percent / 100) if design.second else ""
        yield Fix("darken", percent, replace(design, ink=ink, second=second))


def _logo(design: Design) -> Iterator[Fix]:
    if design.logo is None:
        return
    for share in range(design.logo.share - 2, LEAST_SHARE - 1, -2):
        yield Fix("logo", share, replace(design, logo=replace(design.logo, share=share)))
    yield Fix("logo", 0, replace(design, logo=None))


def _level(design: Design) -> Iterator[Fix]:
    levels = get_args(Error)
    for level in levels[levels.index(design.error) + 1 :]:
        yield Fix("level", level, replace(design, error=level))


def _quiet(design: Design) -> Iterator[Fix]:
    for modules in range(design.quiet + 1, STANDARD_QUIET + 1):
        yield Fix("quiet", modules, replace(design, quiet=modules))


def _style(design: Design) -> Iterator[Fix]:
    if design.style != "solid":
        yield Fix("style", "solid", replace(design, style="solid", second=""))


def _eyes(design: Design) -> Iterator[Fix]:
    for eyes in ("rounded", "square"):
        if design.eyes not in {eyes, "square"}:
            yield Fix("eyes", eyes, replace(design, eyes=eyes))


def _modules(design: Design) -> Iterator[Fix]:
    for modules in ("rounded", "square"):
        if design.modules not in {modules, "square"}:
            yield Fix("modules", modules, replace(design, modules=modules))
