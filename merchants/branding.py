"""A merchant's palette from one colour: what to fill, what to write, what to draw, in both themes. Pure arithmetic.

Conversions are Björn Ottosson's OKLab (2020); contrast is WCAG 2.2's relative luminance. Every promise is checked on
the eight-bit colours that a screen will show, not on the figures before rounding.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

Theme = Literal["light", "dark"]
READABLE, VISIBLE = 4.5, 3.0  # WCAG 2.2: text (1.4.3) and graphics (1.4.11)
_STEP = 0.01
_GREY = 0.02  # less chroma than this is no hue worth strengthening
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class ColourUnreadable(DomainError):
    """Not six hexadecimal digits."""

    code = "colour_unreadable"
    message = _("Write the colour as # and six digits, such as #1f4d3a.")
    field = "brand_colour"


@dataclass(frozen=True)
class Oklch:
    """Lightness 0–1, chroma, hue in degrees."""

    lightness: float
    chroma: float
    hue: float


@dataclass(frozen=True)
class Shades:
    """One theme's five colours, as #rrggbb."""

    fill: str
    on: str
    wash: str
    text: str
    mark: str


@dataclass(frozen=True)
class Palette:
    """Both themes'. `fill` and `on` are the same in both: the merchant's colour is the merchant's colour."""

    light: Shades
    dark: Shades


def read_colour(text: str) -> str:
    """The colour in lower case. Raises ColourUnreadable."""
    if not _HEX.fullmatch(text):
        raise ColourUnreadable
    return text.lower()


@lru_cache(maxsize=1024)
def palette_of(colour: str) -> Palette:
    """The palette of a brand colour such as "#1f4d3a". Raises ColourUnreadable."""
    brand = from_hex(read_colour(colour))
    fill, on = _fill_and_on(brand)
    return Palette(light=_shades(brand, fill, on, "light"), dark=_shades(brand, fill, on, "dark"))


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def grounds(theme: Theme) -> dict[str, str]:
    """What text of a member's page may lie on: paper, sheet and well, as in `static/css/tokens.css`."""
    return _GROUNDS[theme]


def _fill_and_on(brand: Oklch) -> tuple[str, str]:
    pale = as_hex(Oklch(0.985, min(brand.chroma, 0.012), brand.hue))
    deep = as_hex(Oklch(0.22, _clamp(brand.chroma, 0.01, 0.035), brand.hue))
    fill = as_hex(brand)
    on = max(pale, deep, key=lambda label: contrast(label, fill))
    away = -_STEP if on == pale else _STEP
    lightness = brand.lightness
    while contrast(on, fill) < READABLE:
        lightness += away
        fill = as_hex(Oklch(lightness, brand.chroma, brand.hue))
    return fill, on


def _shades(brand: Oklch, fill: str, on: str, theme: Theme) -> Shades:
    if theme == "light":
        wash = as_hex(Oklch(0.955, min(brand.chroma, 0.028), brand.hue))
    else:
        wash = as_hex(Oklch(0.275, min(brand.chroma, 0.045), brand.hue))
    under = {**grounds(theme), "wash": wash}
    chroma = brand.chroma if brand.chroma < _GREY else _clamp(brand.chroma, 0.09, 0.17)
    start = Oklch(brand.lightness, chroma, brand.hue)
    text = _walk(start, theme, lambda shade: _stands_on(shade, under.values(), READABLE))
    drawn_on = [under["paper"], under["sheet"], wash]
    mark = _walk(start, theme, lambda shade: _stands_on(shade, drawn_on, VISIBLE))
    return Shades(fill=fill, on=on, wash=wash, text=text, mark=mark)


def _walk(start: Oklch, theme: Theme, is_enough: Callable[[str], bool]) -> str:
    """The first shade that is enough, from `start` towards ink: darker in the light, lighter in the dark."""
    lightness = start.lightness
    shade = as_hex(start)
    while not is_enough(shade):
        lightness += -_STEP if theme == "light" else _STEP
        shade = as_hex(Oklch(lightness, start.chroma, start.hue))
    return shade


def _stands_on(shade: str, under: Iterable[str], ratio: float) -> bool:
    return all(contrast(shade, ground) >= ratio for ground in under)


def _clamp(value: float, least: float, most: float) -> float:
    return max(least, min(value, most))


def from_hex(colour: str) -> Oklch:
    """#rrggbb as OKLCH."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return Oklch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def as_hex(colour: Oklch) -> str:
    """The colour as #rrggbb; what sRGB cannot show loses chroma in steps of .002 until it can."""
    chroma = colour.chroma
    channels = _to_linear(colour.lightness, chroma, colour.hue)
    while chroma > 0 and not all(-1e-4 <= channel <= 1 + 1e-4 for channel in channels):
        chroma = max(0.0, chroma - 0.002)
        channels = _to_linear(colour.lightness, chroma, colour.hue)
    return "#" + "".join(f"{round(_gamma(_clamp(channel, 0, 1)) * 255):02x}" for channel in channels)


def _to_linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _gamma(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else float(1.055 * channel ** (1 / 2.4) - 0.055)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_GROUNDS: dict[Theme, dict[str, str]] = {
    "light": {
        "paper": as_hex(Oklch(0.985, 0.006, 85)),
        "sheet": as_hex(Oklch(0.997, 0.003, 85)),
        "well": as_hex(Oklch(0.962, 0.009, 83)),
    },
    "dark": {
        "paper": as_hex(Oklch(0.195, 0.012, 60)),
        "sheet": as_hex(Oklch(0.235, 0.013, 60)),
        "well": as_hex(Oklch(0.165, 0.011, 60)),
    },
}
