"""Colours as #rrggbb, and how far apart two of them are for eyes and for scanners.

Eyes are measured by WCAG 2.2's contrast ratio, scanners by the difference of what two colours reflect (ISO/IEC 15415,
symbol contrast).
"""

import colorsys
import re
from functools import lru_cache

_HEX = re.compile(r"#[0-9a-f]{6}")
_HUELESS, _GREY = (
    16,
    0.1,
)  # channels nearer to each other are a grey, and no more than so much is made of its hue
WHITE, BLACK = "#ffffff", "#000000"


def is_colour(text: str) -> bool:
    """Whether it is # and six hexadecimal digits in lower case."""
    return bool(_HEX.fullmatch(text))


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0–255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@lru_cache(maxsize=1024)
def reflectance(colour: str) -> float:
    """The share of white light that comes back, 0–1: WCAG's relative luminance."""
    red, green, blue = (_linear(channel / 255) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """WCAG's contrast ratio, 1–21."""
    high, low = sorted((reflectance(one), reflectance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def darkened(colour: str, share: float) -> str:
    """The colour with `share` (0–1) of its light taken away, of the same hue."""
    return _from_linear(*(_linear(channel / 255) * (1 - share) for channel in channels(colour)))


def darkened_until(colour: str, ground: str, wanted: float) -> str:
    """The colour itself where it stands on `ground` with that ratio, else the lightest darker one that does.

    As bright as it was: a pale pink becomes a rose, and not the brown that less light makes of it. Black where none does.
    """
    hue, light, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in channels(colour)))
    if max(channels(colour)) - min(channels(colour)) < _HUELESS:
        saturation = min(saturation, _GREY)
    for step in range(100):
        shade = colorsys.hls_to_rgb(hue, light * (1 - step / 100), saturation)
        found = "#" + "".join(f"{round(255 * part):02x}" for part in shade) if step else colour
        if ratio(found, ground) >= wanted:
            return found
    return BLACK


def mixed(one: str, other: str, share: float) -> str:
    """`share` (0–1) of the other in the one, as screens mix."""
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _from_linear(*parts: float) -> str:
    coded = (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in parts)
    return "#" + "".join(f"{round(255 * part):02x}" for part in coded)
