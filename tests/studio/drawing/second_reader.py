"""A second reader, of other people's making: what ours passes is put before it, as a phone's camera would."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from pyzbar import pyzbar

from studio.drawing import conditions, preflight
from studio.drawing.conditions import FINEST, FRAMES, Scene
from studio.drawing.designs import Design
from studio.drawing.drawings import draw
from studio.drawing.png import Pixels, View
from studio.drawing.shapes import Mark
from tests.studio.drawing.samples import LINK, anything, cup

_LUMA = np.array([0.299, 0.587, 0.114])


def zbar(picture: Pixels) -> str:
    """What ZBar reads; empty when nothing."""
    grey = np.rint(picture @ _LUMA).astype(np.uint8)
    found = pyzbar.decode(grey, symbols=[pyzbar.ZBarSymbol.QRCODE])
    return found[0].data.decode() if found else ""


def looks_needed(view: View, scene: Scene, text: str = LINK) -> int:
    """How many of the pictures that a hand takes ZBar needs, as bad as promised and no worse; 0 when it reads none."""
    for number, nearer in enumerate(FRAMES, start=1):
        if zbar(conditions.spoilt(view, scene, nearer=nearer)) == text:
            return number
    return 0


@dataclass
class Tally:
    """How many designs became what, and how many pictures the second reader was shown and read."""

    refused: int = 0
    failed: int = 0
    passed: int = 0
    shown: int = 0
    read: int = 0
    at_once: int = 0
    missed: Counter[str] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """The share that the second reader read, 0–1."""
        return self.read / self.shown if self.shown else 1.0


def corpus(seed: int, count: int) -> Iterator[tuple[Design, Mark | None]]:
    """Random designs, each with the mark that belongs in it."""
    dice = random.Random(seed)
    for _ in range(count):
        design = anything(dice)
        yield design, cup(design) if design.logo else None


def tally(
    designs: Iterator[tuple[Design, Mark | None]],
    scenes: Callable[[int], Sequence[Scene]],
    progress: Callable[[int], None] = lambda _number: None,
) -> Tally:
    """Preflight each in `scenes` (of its number), then show the second reader every picture of what passed."""
    counted = Tally()
    for number, (design, mark) in enumerate(designs):
        progress(number)
        chosen = tuple(scenes(number))
        if preflight.refuses(design, LINK):
            counted.refused += 1
        elif not preflight.passes(design, LINK, mark, chosen):
            counted.failed += 1
        else:
            counted.passed += 1
            view = View(draw(design, LINK, mark), FINEST)
            for scene in chosen:
                counted.shown += 1
                looks = looks_needed(view, scene)
                counted.read += looks > 0
                counted.at_once += looks == 1
                if not looks:
                    counted.missed[f"{scene.name} at {scene.size}"] += 1
    return counted
