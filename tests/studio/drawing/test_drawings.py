"""Whatever the shapes, a good design says in all three formats what it was told."""

import io
import re
import tracemalloc
from dataclasses import replace

import pypdfium2
import pytest
from PIL import Image

from studio.drawing import marks, png
from studio.drawing.codes import code_of
from studio.drawing.designs import Design, Frame, Logo
from studio.drawing.drawings import draw
from studio.drawing.pdf import pdf
from studio.drawing.presets import PRESETS, from_brand
from studio.drawing.svg import svg
from tests.studio.drawing.samples import (
    EYES,
    FRAMES,
    GREEN,
    LINK,
    MODULES,
    POSTER,
    STYLES,
    drawn,
    read,
    seen,
)  # fmt: skip


@pytest.mark.parametrize("modules", MODULES)
@pytest.mark.parametrize("eyes", EYES)
def test_every_shape_reads_back(modules, eyes):
    assert seen(drawn(replace(POSTER, modules=modules, eyes=eyes))) == LINK


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("frame", FRAMES)
def test_every_style_reads_back_in_every_frame(style, frame):
    design = replace(POSTER, style=style, second="" if style == "solid" else "#6b2a12")
    framed = replace(design, frame=Frame(frame, "Scannez, gagnez", "Et c’est tout"))
    assert seen(drawn(framed), 700) == LINK


@pytest.mark.parametrize("trade", ["cafe", "bakery", "florist", "hairdresser", "restaurant", "shop"])
def test_every_trade_has_a_mark_in_two_colours(trade):
    mark = marks.silhouette(trade, ink=GREEN, paper="#ffffff")
    assert {shape.paint for shape in mark.shapes} == {GREEN, "#ffffff"}
    assert seen(draw(POSTER, LINK, mark)) == LINK


def test_a_letter_that_no_font_has_leaves_the_mark_empty():
    mark = marks.initial("茶", ink=GREEN, paper="#ffffff")
    assert seen(draw(POSTER, LINK, mark)) == LINK


@pytest.mark.parametrize("name", PRESETS)
def test_the_presets_are_drawn_in_all_formats(name):
    drawing = drawn(PRESETS[name])
    assert seen(drawing) == LINK
    assert read(rasterised(pdf(drawing, width_mm=50))) == LINK


def rasterised(content: bytes) -> Image.Image:
    """The first page as pdfium shows it."""
    page = pypdfium2.PdfDocument(content)[0]
    return page.render(scale=4).to_pil().convert("RGB")


def test_the_svg_is_paths_and_gradients_alone():
    for preset in PRESETS.values():
        drawing = svg(drawn(preset))
        assert set(re.findall(r"<(\w+)", drawing)) <= {
            "svg",
            "defs",
            "linearGradient",
            "radialGradient",
            "stop",
            "rect",
            "path",
        }
        assert not re.search(r"href|style|script|data:|<text|<image", drawing)


def test_an_svg_carries_no_word_of_the_design():
    words = '"><a href="https://elsewhere.example">'
    drawing = svg(drawn(replace(POSTER, frame=Frame("band", "Gagnez", words))))
    assert "elsewhere" not in drawing
    assert "Gagnez" not in drawing


def test_an_svg_has_the_width_that_it_prints_at():
    assert 'width="43mm" height="43mm"' in svg(drawn(), width_mm=43)


def test_a_pdf_has_no_picture_and_no_font_in_it():
    content = pdf(drawn(PRESETS["autumn"]), width_mm=60)
    assert b"/Subtype /Image" not in content
    assert b"/FontFile" not in content


def test_a_browser_draws_the_svgs_so_that_they_scan(browser):
    page = browser.new_page(viewport={"width": 420, "height": 420})
    for design in (
        POSTER,
        PRESETS["winter"],
        PRESETS["spring"],
        replace(POSTER, frame=Frame("seal", "Scannez")),
    ):
        page.set_content(f'<body style="margin:0">{svg(drawn(design))}</body>')
        assert read(page.screenshot()) == LINK
    page.close()


def test_a_png_has_exactly_the_pixels_that_were_asked_for():
    picture = Image.open(io.BytesIO(png.png(drawn(), width=777, dpi=300)))
    assert picture.size == (777, 777)
    assert round(picture.info["dpi"][0]) == 300
    assert png.width_in_pixels(25.4, 300) == 300
    with pytest.raises(png.PictureTooLarge):
        png.png(drawn(), width=6001)


def test_a_png_is_the_same_every_time():
    assert png.png(drawn(), width=300) == png.png(drawn(), width=300)


def test_plain_squares_cover_exactly_their_modules():
    code = code_of(LINK, "M")
    picture = png.pixels(draw(Design(ink="#000000"), LINK), (code.side + 8) * 3)
    middles = picture[13::3, 13::3, 0][: code.side, : code.side]
    assert [[bool(pixel == 0) for pixel in row] for row in middles] == [list(row) for row in code.rows]
    assert set(picture.flatten().tolist()) == {0, 255}


def test_the_mark_clears_whole_modules_and_its_paper_shows_around_it():
    design = replace(POSTER, modules="square", logo=Logo(20, 1.0))
    code = code_of(LINK, design.error)
    scale = 8
    picture = png.pixels(draw(design, LINK), (code.side + 8) * scale)  # no mark: its room stays empty
    middle = (code.side // 2 + 4) * scale + scale // 2
    room = picture[middle - 3 * scale : middle + 3 * scale, middle - 3 * scale : middle + 3 * scale]
    assert (room == picture[0, 0]).all()


def test_a_brand_colour_too_pale_for_scanners_is_darkened():
    assert from_brand(GREEN).ink == GREEN
    assert from_brand("#f6c9d0").ink != "#f6c9d0"
    assert seen(drawn(from_brand("#ffd400"))) == LINK


def test_a_large_picture_takes_little_more_than_its_own_room():
    drawing = drawn(replace(POSTER, style="linear", second="#6b2a12"))
    tracemalloc.start()
    picture = png.pixels(drawing, 3000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * picture.nbytes
