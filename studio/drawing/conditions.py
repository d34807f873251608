"""What happens to a printed code between the wall and a phone's camera. Each is a function of pixels alone.

Pixels are what a camera sees of the code and its quiet zone: height × width × 3, 0–255. The size says how many pixels wide
that is; a condition may set it into a larger scene. Chance is drawn from fixed seeds, so that a design that passes today
passes tomorrow.
"""

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from studio.drawing.png import Pixels, View

Size = Literal["screen", "sticker", "card", "poster"]
Name = Literal[
    "clean", "shake", "noise", "dim", "glare", "tilt", "side", "jpeg", "low_ink", "grey", "counter",
]  # fmt: skip
# How wide the code lies in a camera's picture, 1920 pixels across 65 degrees.
SIDES: dict[Size, int] = {
    "screen": 320,  # a phone's screen, at 20 cm
    "sticker": 130,  # 2 cm, at 15 cm: any nearer and no lens is sharp
    "card": 190,  # 3 cm in the hand
    "poster": 260,  # 43 mm of an A5, at an arm's length
}
FINEST = max(SIDES.values())
ACROSS = 104  # pixels of a poster's code at one metre, in a photograph of 12 megapixels
PROMISED = 1.0
FRAMES = (
    1.0,
    0.955,
    1.05,
)  # a phone takes thirty pictures a second, and no hand holds still: three of them, nearer and farther
_SEED = 20261122
_LENS = 0.6  # pixels
_SPECKS = 120  # the code's width in specks of missing ink
_GLASS = 0.1  # half the width of the glare, of the code's


@dataclass(frozen=True)
class Scene:
    """A condition at a size: what a trial is."""

    name: Name
    size: Size


def spoilt(view: View, scene: Scene, hard: float = PROMISED, nearer: float = 1.0) -> Pixels:
    """What the camera sees of the code, `hard` times as bad as promised and `nearer` times as wide."""
    side = ACROSS if scene.name == "counter" else SIDES[scene.size]
    return _DOES[scene.name](view.at(round(side * nearer / math.sqrt(hard))), hard)


def _clean(picture: Pixels, hard: float) -> Pixels:
    """As it is printed."""
    return _through_lens(picture)


def _shake(picture: Pixels, hard: float) -> Pixels:
    """A hand that is not still: a two-hundredth of the width either way."""
    return _blurred(picture, picture.shape[1] / 200 * hard)


def _noise(picture: Pixels, hard: float) -> Pixels:
    """A small sensor in the evening."""
    return _bytes(_through_lens(picture) + _grain(picture.shape, 12.0 * hard))


def _dim(picture: Pixels, hard: float) -> Pixels:
    """Three tenths of the contrast, in little light, and the noise that comes with it."""
    return _bytes(16 + _through_lens(picture) * (0.3 / hard) + _grain(picture.shape, 2.0))


def _glare(picture: Pixels, hard: float) -> Pixels:
    """A lamp in the glass, over the middle and a little to the right: there is no ink where it is."""
    height, width, _rgb = picture.shape
    y, x = np.mgrid[0:height, 0:width]
    away = np.hypot(x / width - 0.56, (y / height - 0.46) / 0.8) / (_GLASS * math.sqrt(hard))
    light = np.clip(1.35 * np.exp(-(away**2)), 0, 1)[..., None]
    return _through_lens(_bytes(picture + (255 - picture) * light))


def _tilt(picture: Pixels, hard: float) -> Pixels:
    """Seen from 15 degrees beside."""
    return _seen_from(picture, 15 * hard, 0)


def _side(picture: Pixels, hard: float) -> Pixels:
    """Seen from 35 degrees beside, and turned."""
    return _seen_from(picture, 35 * hard, 8)


def _jpeg(picture: Pixels, hard: float) -> Pixels:
    """Sent as a picture by a messenger that saves bytes."""
    file = io.BytesIO()
    Image.fromarray(_through_lens(picture)).save(file, "JPEG", quality=round(30 / hard))
    return np.asarray(Image.open(file).convert("RGB"))


def _low_ink(picture: Pixels, hard: float) -> Pixels:
    """A cartridge that runs out: paler, in streaks across the paper, with specks where nothing came."""
    height, width, _rgb = picture.shape
    chance = np.random.Generator(np.random.PCG64(_SEED))
    streaks = np.interp(np.arange(height), np.linspace(0, height, 40), chance.uniform(0.1, 0.4, 40))
    rows, columns = np.arange(height) * _SPECKS // height, np.arange(width) * _SPECKS // width
    specks = (chance.uniform(0, 1, (_SPECKS, _SPECKS)) < 0.01)[rows][:, columns]
    gone = np.clip((streaks[:, None] + specks * 0.3) * hard, 0, 0.9)[..., None]
    paper = picture.max(axis=(0, 1)).astype(np.float32)
    return _through_lens(_bytes(picture + (paper - picture) * gone))


def _grey(picture: Pixels, hard: float) -> Pixels:
    """Printed by the office machine: grey, in a raster of dots."""
    height, width, _rgb = picture.shape
    grey = picture @ np.array([0.299, 0.587, 0.114])
    raster = np.tile(_RASTER, (height // 2 + 1, width // 2 + 1))[:height, :width]
    share = 0.2 * hard
    dots = np.where(grey > raster, 255.0, 20.0) * share + grey * (1 - share)
    return _through_lens(_bytes(np.repeat(dots[..., None], 3, axis=2)))


def _counter(picture: Pixels, hard: float) -> Pixels:
    """Small, in a wide picture: a poster at one metre."""
    side = picture.shape[1]
    scene = np.empty((2 * side, 3 * side, 3), np.uint8)
    scene[:] = View.ground
    scene[side // 2 : side // 2 + side, side : 2 * side] = picture
    return _bytes(_through_lens(scene) + _grain(scene.shape, 4.0 * hard))


def _seen_from(picture: Pixels, degrees: float, turned: float) -> Pixels:
    """The paper on the counter, the camera beside it: what is far is smaller."""
    height, width, _rgb = picture.shape
    size = (int(width * 1.3), int(height * 1.3))
    angle, turn = math.radians(degrees), math.radians(turned)
    far = 3.0  # how far the camera is, in widths of the code
    corners = []
    for u, v in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)):
        x, y = u * math.cos(turn) - v * math.sin(turn), u * math.sin(turn) + v * math.cos(turn)
        depth = far / (far + x * math.sin(angle))
        corners.append((size[0] / 2 + x * math.cos(angle) * depth * width, size[1] / 2 + y * depth * height))
    flat = [(0, 0), (width, 0), (width, height), (0, height)]
    scene = (
        Image.fromarray(picture)
        .convert("RGBA")
        .transform(size, Image.Transform.PERSPECTIVE, _mapping(corners, flat), Image.Resampling.BICUBIC)
    )
    ground = Image.new("RGBA", size, (*View.ground, 255))
    return _through_lens(np.asarray(Image.alpha_composite(ground, scene).convert("RGB")))


def _mapping(seen: list[tuple[float, float]], flat: list[tuple[int, int]]) -> list[float]:
    """The eight numbers by which Pillow finds, for each point that is seen, the one of the paper."""
    rows, wanted = [], []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return [float(number) for number in np.linalg.solve(np.array(rows), np.array(wanted, np.float64))]


def _through_lens(picture: Pixels) -> Pixels:
    """No lens is sharper than this."""
    return _blurred(picture, _LENS)


def _blurred(picture: Pixels, radius: float) -> Pixels:
    return np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(radius)))


def _grain(shape: tuple[int, ...], strength: float) -> NDArray[np.float32]:
    chance = np.random.Generator(np.random.PCG64(_SEED))
    return chance.standard_normal(shape, np.float32) * strength


def _bytes(picture: NDArray[np.floating]) -> Pixels:
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


_RASTER = np.array(
    [[32, 160], [224, 96]], np.float32
)  # from which grey on each of four neighbours stays paper
_DOES: dict[Name, Callable[[Pixels, float], Pixels]] = {
    "clean": _clean,
    "shake": _shake,
    "noise": _noise,
    "dim": _dim,
    "glare": _glare,
    "tilt": _tilt,
    "side": _side,
    "jpeg": _jpeg,
    "low_ink": _low_ink,
    "grey": _grey,
    "counter": _counter,
}
NAMES: tuple[Name, ...] = tuple(_DOES)
