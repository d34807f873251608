"""What we draw can be read: each drawing is decoded for real, by another library than the one that drew it."""

import io
import re

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from core import qr

ADDRESS = "https://habitue.example/q/AEAAAAABAAAAAAAAAAAAAAIBCDEFGHIJKLMNOPQRSTUVWXYZ23"


def decoded(picture: Image.Image) -> str:
    found = zxingcpp.read_barcodes(np.asarray(picture.convert("L")))
    return found[0].text if found else ""


def drawn(svg: str, *, scale: int = 6) -> Image.Image:
    """The path of the SVG on white, pixel by pixel: all that `M x y h w v1 h-w z` can say."""
    side = int(re.findall(r'viewBox="0 0 (\d+) \1"', svg)[0])
    picture = Image.new("L", (side, side), 255)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg):
        picture.paste(0, (int(x), int(y), int(x) + int(width), int(y) + 1))
    return picture.resize((side * scale, side * scale), Image.Resampling.NEAREST)


@pytest.mark.parametrize("error", ["L", "M", "Q", "H"])
def test_a_drawn_svg_says_what_it_was_told(error):
    assert decoded(drawn(qr.svg(ADDRESS, error=error))) == ADDRESS


@pytest.mark.parametrize("error", ["L", "M", "Q", "H"])
def test_a_drawn_png_says_what_it_was_told(error):
    assert decoded(Image.open(io.BytesIO(qr.png(ADDRESS, error=error)))) == ADDRESS


def test_text_that_is_no_latin_survives():
    text = "Encore 3 cafés et le prochain est pour nous ☕"
    assert decoded(Image.open(io.BytesIO(qr.png(text)))) == text


def test_the_svg_carries_no_style_and_one_path():
    svg = qr.svg(ADDRESS)
    assert "style" not in svg
    assert svg.count("<path") == 1
    assert len(svg) < 8_000  # it is in every card page


def test_the_quiet_zone_is_what_was_asked_for():
    bare, quiet = qr.svg(ADDRESS, border=0), qr.svg(ADDRESS, border=4)
    side, wide = (int(re.findall(r'viewBox="0 0 (\d+)', svg)[0]) for svg in (bare, quiet))
    assert wide == side + 8
    assert 'd="M0 0h7v1h-7z' in bare
    assert 'd="M4 4h7v1h-7z' in quiet


def test_a_browser_draws_the_svg_so_that_it_scans(browser):
    page = browser.new_page(viewport={"width": 300, "height": 300})
    page.set_content(f'<body bgcolor="white"><div id="code">{qr.svg(ADDRESS)}</div></body>')
    picture = Image.open(io.BytesIO(page.locator("#code").screenshot()))
    page.close()
    assert decoded(picture) == ADDRESS


def test_round_eyes_scan_too_even_small(browser):
    page = browser.new_page(viewport={"width": 300, "height": 300}, device_scale_factor=2)
    for side in (68, 176):
        drawing = qr.soft_svg(ADDRESS, name="code").replace("<svg ", f'<svg width="{side}" height="{side}" ')
        page.set_content(f'<body bgcolor="white">{drawing}</body>')
        assert decoded(Image.open(io.BytesIO(page.screenshot()))) == ADDRESS
    page.close()
