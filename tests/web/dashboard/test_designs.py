"""Saved designs at the desk: saved, proven, made the default, restored, removed, and each of it undone; and taken as files."""

import html
import io
import json
import re
from dataclasses import replace

import zxingcpp
from PIL import Image

from core import tenancy
from core.ids import new_id
from studio import designing, proving
from studio.drawing.designs import Logo
from studio.models import Design, DesignVersion
from tests.studio.designs import FAILS, GOOD, proven, put_default, save
from tests.web.card.conftest import words_of
from tests.web.desk import HOME, desk_of, text_of
from tests.world import signed_in

STUDIO = f"{HOME}studio/"
LIST, SAVE, FILE = f"{STUDIO}designs/", f"{STUDIO}designer/save/", f"{STUDIO}designer/file/"
HX = {"HX-Request": "true"}


def versions_of(world):
    with tenancy.scope(world.aroma.id):
        return list(DesignVersion.objects.order_by("design_id", "number"))


def default_of(world):
    with tenancy.scope(world.aroma.id):
        return designing.default_version()


def of_version(version, what):
    return f"{LIST}versions/{version.id}/{what}/"


def undo_in(page):
    """Where the toast's undo leads."""
    return re.search(r'data-toast.*?<form method="post" action="([^"]+)"', text_of(page), re.DOTALL)[1]


def test_a_shop_that_has_none_is_told_what_they_are_for(world):
    page = desk_of(world).get(LIST)
    assert "Your codes wear your colour" in words_of(page)
    assert LIST in text_of(desk_of(world).get(STUDIO))


def test_saving_keeps_what_the_knobs_say_and_asks_for_its_proof(world):
    desk = desk_of(world)
    page = desk.post(SAVE, {"name": " Window ", "logo_share": "18", "modules": "bars"}, follow=True)
    (version,) = versions_of(world)
    assert version.look.logo == Logo(share=18)
    assert version.look.modules == "bars"
    assert "Saved as version 1." in words_of(page)
    assert "Being read back" in words_of(page)
    again = desk.post(SAVE, {"name": "Window", "logo_share": "30", "design": version.design_id}, follow=True)
    assert "Saved as version 2." in words_of(again)
    assert [each.number for each in versions_of(world)] == [1, 2]


def test_a_press_twice_saves_one(world):
    desk, key = desk_of(world), "01a20549-1f70-72da-b29b-a2774d38116c"
    for _press in range(2):
        desk.post(SAVE, {"name": "Window", "key": key})
    assert len(versions_of(world)) == 1


def test_a_press_after_its_design_was_removed_saves_nothing(world):
    desk, key = desk_of(world), str(new_id())
    desk.post(SAVE, {"name": "Window", "key": key})
    desk.post(f"{LIST}{key}/removal/")
    assert desk.post(SAVE, {"name": "Window", "key": key, "logo_share": "18"}).status_code == 404
    assert len(versions_of(world)) == 1


def test_saving_is_counted(world, monkeypatch):
    monkeypatch.setattr("web.dashboard.studio.designer_saved.MOST_SAVES", 1)
    desk = desk_of(world)
    assert desk.post(SAVE, {"name": "Window"}).status_code == 302
    (version,) = versions_of(world)
    assert desk.post(SAVE, {"name": "Door"}).status_code == 429
    assert desk.post(of_version(version, "restoration")).status_code == 429
    assert versions_of(world) == [version]


def test_without_a_name_or_what_cannot_be_drawn_nothing_is_saved(world):
    desk = desk_of(world)
    for said, wrong in (
        ({"name": ""}, "Give it a name."),
        ({"name": "x", "modules": "stars"}, "This cannot be drawn."),
        ({"name": "x", "quiet": "wide"}, "Enter a whole number."),
    ):
        page = desk.post(SAVE, said)
        assert page.status_code == 422
        assert wrong in words_of(page)
    assert versions_of(world) == []


def test_the_page_shows_how_far_the_proof_is_and_then_offers_the_default(world):
    version, desk = save(world.aroma), desk_of(world)
    at = of_version(version, "proof")
    assert 'hx-trigger="every 1s' in text_of(desk.get(at, headers=HX))
    proving.prove(merchant=world.aroma, version_id=version.id)
    page = text_of(desk.get(at, headers=HX))
    assert "hx-trigger" not in page
    assert of_version(version, "default") in page
    assert desk.get(at).headers["Location"] == f"{LIST}{version.design_id}/"


def test_the_default_is_made_undone_and_dropped(world):
    first, second, desk = proven(world.aroma), proven(world.aroma, name="Counter"), desk_of(world)
    page = desk.post(of_version(first, "default"), follow=True)
    assert default_of(world) == first
    assert "Your codes look so" in words_of(page)
    desk.post(undo_in(page), follow=True)
    assert default_of(world) is None
    desk.post(of_version(first, "default"), follow=True)
    page = desk.post(of_version(second, "default"), follow=True)
    assert default_of(world) == second
    desk.post(undo_in(page), follow=True)
    assert default_of(world) == first
    page = desk.post(f"{LIST}default/removal/", follow=True)
    assert default_of(world) is None
    desk.post(undo_in(page), follow=True)
    assert default_of(world) == first


def test_what_is_not_read_is_never_the_default(world):
    bad, unproven, desk = (
        proven(world.aroma, FAILS),
        save(world.aroma, name="New", design=GOOD),
        desk_of(world),
    )
    page = desk.get(f"{LIST}{bad.design_id}/")
    assert "Not read in" in words_of(page)
    assert of_version(bad, "default") not in text_of(page)
    assert "trials of this design were not read" in words_of(
        desk.post(of_version(bad, "default"), follow=True)
    )
    assert "still reading" in words_of(desk.post(of_version(unproven, "default"), follow=True))
    assert default_of(world) is None


def test_a_failed_proof_is_shown_with_what_would_mend_it(world):
    half = replace(GOOD, error="M", logo=None)  # read on the six hard days, and not where the ink runs out
    version = proven(world.aroma, half)
    assert version.failures == [["low_ink", "screen"]]
    page = desk_of(world).get(f"{LIST}{version.design_id}/")
    assert "Ink that runs out" in words_of(page)
    assert "6 of 7 pass" in words_of(page)
    (fix,) = {
        json.loads(html.unescape(each))["error"]
        for each in re.findall(r'name="take" value="([^"]+)"', text_of(page))
    }
    assert proven(world.aroma, replace(half, error=fix), "Mended").passed


def test_an_older_version_comes_back_and_that_is_undone(world):
    first, desk = proven(world.aroma), desk_of(world)
    second = save(world.aroma, FAILS, design_id=first.design_id)
    page = desk.post(of_version(first, "restoration"), follow=True)
    assert "Version 1 is back, as version 3." in words_of(page)
    assert versions_of(world)[-1].look == first.look
    desk.post(undo_in(page))
    assert versions_of(world)[-1].look == second.look


def test_a_design_is_removed_and_brought_back(world):
    version, desk = proven(world.aroma, name="Counter"), desk_of(world)
    put_default(world.aroma, version)
    assert "default" in words_of(desk.get(LIST))
    page = desk.post(f"{LIST}{version.design_id}/removal/", follow=True)
    assert "“Counter” is removed." in words_of(page)
    assert desk.get(f"{LIST}{version.design_id}/").status_code == 404
    desk.post(undo_in(page))
    assert "Counter" in words_of(desk.get(LIST))
    assert default_of(world) == version


def test_saved_designs_are_their_shops_and_of_those_who_print(world):
    version = save(world.aroma)
    assert signed_in(world.sam).get(LIST).status_code == 403
    assert signed_in(world.petra).get(LIST).status_code == 404
    with tenancy.scope(world.bloom.id):
        assert not Design.objects.exists()
    theirs = of_version(version, "default").replace("/aroma/", "/bloom/")
    assert signed_in(world.petra).post(theirs).status_code == 404


def test_files_are_as_wide_as_asked_and_say_what_the_poster_says(world):
    desk = desk_of(world)
    png = desk.post(FILE, {"format": "png", "dpi": "exact", "pixels": "700", "frame_kind": "band"})
    picture = Image.open(io.BytesIO(png.content))
    assert picture.width == 700
    assert "/q/" in zxingcpp.read_barcodes(picture)[0].text
    assert desk.post(FILE, {"format": "pdf"}).content.startswith(b"%PDF")
    svg = desk.post(FILE, {"format": "svg", "width_mm": "60"})
    assert 'width="60mm"' in text_of(svg)
    assert svg.headers["Content-Disposition"] == 'attachment; filename="habitue-aroma-code.svg"'


def test_a_design_that_fails_is_no_file_and_what_is_not_read_is_shown(world):
    desk = desk_of(world)
    for bad in (
        {"logo_share": "38"},
        {"ink": "free", "ink_free": "#d8d8d8"},
        {"modules": "stars"},
        {"width_mm": "9"},
    ):
        page = desk.post(FILE, {"format": "png", **bad})
        assert page.status_code == 422
        assert "This is not given out" in words_of(page)
    assert "All that is promised" in words_of(desk.post(FILE, {"format": "svg", "logo_share": "38"}))


def test_more_pixels_than_a_printer_asks_for_are_refused(world):
    page = desk_of(world).post(FILE, {"format": "png", "width_mm": "300", "dpi": "600"})
    assert page.status_code == 422
    assert "more than 6000 pixels" in words_of(page)
