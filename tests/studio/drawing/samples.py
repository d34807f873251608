"""Designs and texts that the tests of drawing share, and a reader."""

import io
import random
from typing import Any

import numpy as np
import zxingcpp
from PIL import Image

from studio.drawing import marks, png
from studio.drawing.colours import darkened_until, mixed
from studio.drawing.designs import Design, Frame, Logo
from studio.drawing.drawings import draw
from studio.drawing.shapes import Drawing, Mark

LINK = "https://habitue.example/q/AAAB7Kf3mPzQ2c9XvLr"
GREEN, CREAM = "#1f4d3a", "#fbf7ef"
POSTER = Design(ink=GREEN, paper=CREAM, modules="rounded", eyes="rounded", logo=Logo(share=20), error="Q")
MODULES: tuple[Any, ...]
EYES: tuple[Any, ...]
STYLES: tuple[Any, ...]
FRAMES: tuple[Any, ...]
ERRORS: tuple[Any, ...] = ("L", "M", "Q", "H")
MODULES, EYES = ("square", "rounded", "dots", "bars"), ("square", "rounded", "round")
STYLES, FRAMES = ("solid", "outline", "linear", "radial"), ("none", "line", "band", "seal")


def cup(design: Design = POSTER) -> Mark:
    """The mark of Aroma."""
    return marks.silhouette("cafe", ink=design.ink, paper=design.paper)


def read(picture: Image.Image | np.ndarray | bytes) -> str:
    """What a code in a picture says; empty when nothing is found."""
    if isinstance(picture, bytes):
        picture = Image.open(io.BytesIO(picture)).convert("RGB")
    found = zxingcpp.read_barcodes(np.asarray(picture))
    return found[0].text if found else ""


def seen(drawing: Drawing, width: int = 500) -> str:
    """What a clean picture of the whole paper says."""
    return read(png.pixels(drawing, width))


def drawn(design: Design = POSTER, text: str = LINK) -> Drawing:
    """The design with Aroma's mark where it has room for one."""
    return draw(design, text, cup(design) if design.logo else None)


def anything(dice: random.Random) -> Design:
    """A design as somebody might turn it who tries every knob; good ones and bad ones."""
    paper = mixed(f"#{dice.randrange(1 << 24):06x}", "#ffffff", dice.uniform(0.6, 1))
    colours = [f"#{dice.randrange(1 << 24):06x}" for _ in range(2)]
    wanted = dice.uniform(2.5, 14)
    ink, second = (darkened_until(colour, paper, wanted) for colour in colours)
    style = dice.choice(STYLES)
    logo = Logo(dice.randint(10, 34), dice.choice((0, 0.5, 1, 2)), dice.choice(("round", "square")))
    words = dice.choice(("", "Scannez, gagnez", "Comme d’habitude ?"))
    return Design(
        ink=ink,
        paper=paper,
        style=style,
        second="" if style == "solid" else second,
        angle=dice.randrange(360),
        modules=dice.choice(MODULES),
        eyes=dice.choice(EYES),
        logo=logo if dice.random() < 0.6 else None,
        frame=Frame(dice.choice(FRAMES), words, dice.choice(("", "Et c’est tout"))),
        quiet=dice.choice((1, 2, 3, 4, 4, 4, 6)),
        error=dice.choice(ERRORS + ERRORS[2:]),
    )
