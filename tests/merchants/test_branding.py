"""One colour gives a palette in which everything can be read, however hard the colour."""

import colorsys
import random
import re
from pathlib import Path

import pytest

from merchants import onboarding
from merchants.branding import (
    ColourUnreadable,
    Oklch,
    as_hex,
    contrast,
    from_hex,
    grounds,
    palette_of,
)
from merchants.models import Merchant

HARD = [
    "#000000",
    "#ffffff",
    "#ffd400",
    "#ffff00",
    "#777777",
    "#f6c9d0",
    "#1f4d3a",
    "#1d4ed8",
    "#00ff00",
    "#0000ff",
]


def two_hundred() -> list[str]:
    """The hard ones, and colours from everywhere, the same ones every time."""
    dice = random.Random(2026)
    found = list(HARD)
    while len(found) < 200:
        red, green, blue = colorsys.hls_to_rgb(dice.random(), dice.random(), dice.random())
        found.append(f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}")
    return found


def least(shade: str, under: list[str]) -> float:
    return min(contrast(shade, ground) for ground in under)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_two_hundred_colours_can_all_be_read(theme):
    for colour in two_hundred():
        shades = getattr(palette_of(colour), theme)
        under = grounds(theme)
        assert contrast(shades.on, shades.fill) >= 4.5, colour
        assert least(shades.text, [*under.values(), shades.wash]) >= 4.5, colour
        assert least(shades.mark, [under["paper"], under["sheet"], shades.wash]) >= 3, colour


def test_the_palettes_of_the_pictures_come_out_as_drawn():
    aroma, bloom = palette_of("#1f4d3a"), palette_of("#f6c9d0")
    assert contrast(aroma.light.on, aroma.light.fill) == pytest.approx(9.3, abs=0.1)
    assert contrast(bloom.light.on, bloom.light.fill) == pytest.approx(11.8, abs=0.1)
    assert contrast(aroma.light.text, grounds("light")["paper"]) == pytest.approx(9.1, abs=0.3)
    assert contrast(bloom.dark.text, grounds("dark")["paper"]) == pytest.approx(12.3, abs=0.3)


def test_a_colour_that_can_be_written_on_is_left_untouched():
    assert palette_of("#1f4d3a").light.fill == palette_of("#1f4d3a").dark.fill == "#1f4d3a"
    assert palette_of("#F6C9D0").light.fill == "#f6c9d0"


def test_a_grey_stays_grey():
    for shade in (palette_of("#777777").light.text, palette_of("#777777").dark.text):
        assert from_hex(shade).chroma < 0.02


def test_a_colour_survives_the_way_there_and_back():
    for colour in two_hundred():
        assert as_hex(from_hex(colour)) == colour


def test_what_srgb_cannot_show_loses_colour_and_keeps_its_hue():
    shown = from_hex(as_hex(Oklch(0.6, 0.4, 150)))
    assert shown.chroma < 0.25
    assert shown.lightness == pytest.approx(0.6, abs=0.01)
    assert shown.hue == pytest.approx(150, abs=3)


@pytest.mark.parametrize(
    "text", ["", "red", "#fff", "#12345g", "#1234567", "url(x)", "#123456;}", "#12345\n", "１２３４５６"]
)
def test_anything_else_is_refused(text):
    with pytest.raises(ColourUnreadable):
        palette_of(text)


def test_the_grounds_are_those_of_the_style_sheet():
    tokens = Path("static/css/tokens.css").read_text()
    for name in ("paper", "sheet", "well"):
        pairs = re.search(rf"--{name}: light-dark\(oklch\((.*?)\), oklch\((.*?)\)\)", tokens)
        for theme, text in zip(("light", "dark"), pairs.groups(), strict=True):
            lightness, chroma, hue = text.split()
            drawn = as_hex(Oklch(float(lightness.rstrip("%")) / 100, float(chroma), float(hue)))
            assert drawn == grounds(theme)[name]


@pytest.mark.parametrize("colour", ["red", "#12345", "#1f4d3a;}body{display:none", ""])
def test_a_merchant_with_a_colour_that_is_none_is_not_opened(world, colour):
    with pytest.raises(ColourUnreadable):
        onboarding.open_merchant(owner=world.olivia, name="Chez", location_name="Rue", brand_colour=colour)
    assert not Merchant.objects.filter(name="Chez").exists()
