"""A logo that was uploaded as pixels is drawn as shapes: its own colours, its own outlines, nothing of its file."""

import re

import numpy as np
import pytest
from PIL import Image, ImageDraw

from studio.drawing import png, preflight
from studio.drawing.designs import Logo
from studio.drawing.drawings import draw
from studio.drawing.shapes import Drawing
from studio.drawing.svg import svg
from studio.drawing.tracing import traced
from tests.studio.drawing.samples import CREAM, LINK, POSTER, seen

BLUE, ORANGE = "#1d4ed8", "#f59e0b"


def logo(side: int = 512) -> Image.Image:
    """A blue square beside an orange disc, with nothing behind them."""
    picture = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((side * 0.2, side * 0.3, side * 0.5, side * 0.7), fill=BLUE)
    pen.ellipse((side * 0.5, side * 0.3, side * 0.9, side * 0.7), fill=ORANGE)
    return picture


def shown(mark, width: int = 400) -> np.ndarray:
    """The mark alone, as pixels."""
    return png.pixels(Drawing(1, 1, CREAM, mark.shapes, (0, 0, 1), ""), width)


def test_a_logo_comes_out_in_its_own_colours_and_places():
    mark = traced(logo(), paper=CREAM)
    assert {shape.paint for shape in mark.shapes} == {CREAM, BLUE, ORANGE}
    pixels = shown(mark)
    at = {
        name: tuple(pixels[y, x])
        for name, (y, x) in {"blue": (200, 140), "orange": (200, 280), "paper": (60, 200)}.items()
    }
    assert at == {"blue": (29, 78, 216), "orange": (245, 158, 11), "paper": (251, 247, 239)}


def test_a_traced_logo_lies_on_the_original_to_a_pixel_or_two():
    original = Image.new("RGBA", (400, 400), CREAM)
    original.alpha_composite(logo(400))
    away = np.abs(
        shown(traced(logo(), paper=CREAM, shape="square")).astype(int) - np.asarray(original.convert("RGB"))
    )
    assert (away.max(axis=2) > 60).mean() < 0.006


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "LA"])
@pytest.mark.parametrize("size", [(512, 512), (900, 200), (64, 128), (1, 1)])
def test_any_picture_becomes_a_mark(mode, size):
    picture = logo().convert("RGB").convert(mode).resize(size)
    assert traced(picture, paper=CREAM).shapes


def test_noise_becomes_a_mark_too():
    noise = Image.fromarray(np.random.Generator(np.random.PCG64(3)).integers(0, 255, (300, 300, 3), np.uint8))
    assert traced(noise, paper=CREAM).shapes


@pytest.mark.parametrize("shape", ["round", "square"])
def test_nothing_of_it_leaves_its_room(shape):
    full = Image.new("RGB", (300, 300), BLUE)
    corner = tuple(shown(traced(full, paper=CREAM, shape=shape))[2, 2])
    assert corner == (251, 247, 239)


def test_a_code_with_a_traced_logo_scans_and_holds_no_picture():
    mark = traced(logo(), paper=CREAM)
    drawing = draw(POSTER, LINK, mark)
    assert seen(drawing) == LINK
    assert preflight.live(POSTER, LINK, mark).passed
    assert set(re.findall(r"<(\w+)", svg(drawing))) == {"svg", "rect", "path"}


def test_the_same_picture_gives_the_same_mark():
    assert traced(logo(), paper=CREAM) == traced(logo(), paper=CREAM)


def test_a_large_logo_is_told_of_by_preflight_and_not_by_luck():
    wide = POSTER.__class__(**{**POSTER.__dict__, "logo": Logo(34, 1.0), "error": "L"})
    assert not preflight.live(wide, LINK, traced(logo(), paper=CREAM)).passed
