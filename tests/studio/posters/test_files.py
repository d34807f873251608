"""What a printer, a browser and a phone get of a poster is the poster, and its code is read there."""

import io
import re
import subprocess

import pypdfium2
import pytest
from PIL import Image

from studio.drawing import png
from studio.drawing.pdf import pdf
from studio.drawing.presets import PRESETS
from studio.drawing.svg import svg
from studio.posters.composing import poster
from studio.posters.formats import FORMATS
from tests.studio.drawing.samples import drawn as drawn_code
from tests.studio.drawing.samples import read
from tests.studio.posters.samples import GREEN, LINK, LONG, SHORT, code

POINT = 25.4 / 72


def sheet(name, content=SHORT):
    return poster(content, FORMATS[name], code(), ink=GREEN)


def printed(drawing, format_):
    return pdf(drawing, width_mm=drawing.width, title="Aroma", language="fr", bleed_mm=format_.bleed)


@pytest.mark.parametrize("name", ["a5", "table_tent", "strip_58"])
def test_poppler_shows_the_pdf_so_that_it_is_read(name, tmp_path):
    file = tmp_path / "poster.pdf"
    file.write_bytes(printed(sheet(name), FORMATS[name]))
    subprocess.run(["pdftoppm", "-r", "100", "-png", "-singlefile", file, tmp_path / "page"], check=True)
    assert read((tmp_path / "page.png").read_bytes()) == LINK


def test_both_sides_of_a_tent_are_read():
    picture = Image.fromarray(png.pixels(sheet("table_tent"), 800))
    upper, lower = picture.crop((0, 0, 800, 565)), picture.crop((0, 566, 800, 1131))
    assert (read(upper.rotate(180)), read(lower)) == (LINK, LINK)


def test_a_browser_shows_the_svgs_so_that_they_are_read(browser):
    page = browser.new_page(viewport={"width": 600, "height": 1000})
    for name in ("a5", "till_card", "window", "strip_80"):
        drawing = svg(sheet(name)).replace("<svg", '<svg width="600"', 1)
        page.set_content(f'<body style="margin:0">{drawing}</body>')
        assert read(page.screenshot()) == LINK
    page.close()


def test_a_pdf_says_where_it_is_cut_and_what_it_is():
    page = (document := pypdfium2.PdfDocument(printed(sheet("a5"), FORMATS["a5"])))[0]
    assert page.get_size() == pytest.approx((154 / POINT, 216 / POINT), abs=0.1)
    assert page.get_trimbox() == pytest.approx((3 / POINT, 3 / POINT, 151 / POINT, 213 / POINT), abs=0.1)
    assert page.get_bleedbox() == pytest.approx((0, 0, 154 / POINT, 216 / POINT), abs=0.1)
    assert document.get_metadata_dict()["Title"] == "Aroma"
    assert b"/Lang (fr)" in printed(sheet("a5"), FORMATS["a5"])


def test_a_story_is_1080_by_1920_pixels_and_its_code_is_read():
    picture = png.png(sheet("story"), width=1080)
    assert Image.open(io.BytesIO(picture)).size == (1080, 1920)
    assert read(picture) == LINK


def test_no_word_of_the_shops_and_no_picture_is_in_a_file():
    drawing = svg(sheet("a5", LONG))
    assert set(re.findall(r"<(\w+)", drawing)) == {"svg", "rect", "path"}
    assert "Tables" not in drawing
    content = printed(sheet("a5", LONG), FORMATS["a5"])
    assert b"/Subtype /Image" not in content
    assert b"/FontFile" not in content


def test_a_strip_is_black_on_white_whatever_the_design():
    drawing = poster(SHORT, FORMATS["strip_80"], drawn_code(PRESETS["winter"]), ink=GREEN)
    assert {shape.paint for shape in drawing.shapes} | {drawing.paper} == {"#000000", "#ffffff"}
    assert read(Image.fromarray(png.pixels(drawing, 640))) == drawing.said
