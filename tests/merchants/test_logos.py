"""A logo from outside: what is refused, and that nothing of the upload survives but its pixels."""

import io
import random
import time
import zlib
from contextlib import suppress

import pytest
from django.db import connection
from PIL import Image, PngImagePlugin

from core import tenancy
from core.models import Event
from merchants import logos
from merchants.logos import Crop
from merchants.models import Logo, Merchant
from tests.loyalty.purchases.test_earning_at_once import at_once
from tests.web.dashboard.test_logo import upload
from tests.web.desk import desk_of
from tests.world import make_world

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(size=(300, 200), colour=(31, 77, 58), kind="PNG", **options) -> bytes:
    """A picture of one colour."""
    kept = io.BytesIO()
    Image.new("RGB", size, colour).save(kept, kind, **options)
    return kept.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is huge and holds next to nothing."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100_000)), (b"IEND", b"")]
    body = b"".join(
        len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def drawn(content: bytes | memoryview) -> Image.Image:
    return Image.open(io.BytesIO(bytes(content)))


def keep(world, content: bytes, crop: Crop = Crop()) -> Logo:  # noqa: B008  a value that never changes
    with tenancy.scope(world.aroma.id):
        return logos.set_logo(merchant=world.aroma, content=content, crop=crop, actor=None)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_three_squares(world, kind):
    logo = keep(world, picture(kind=kind))
    large, medium, small = drawn(logo.large), drawn(logo.medium), drawn(logo.small)
    assert [(one.format, one.size) for one in (large, medium, small)] == [
        ("PNG", (512, 512)),
        ("PNG", (192, 192)),
        ("WEBP", (128, 128)),
    ]
    assert Merchant.objects.get(id=world.aroma.id).logo_digest == logo.digest
    assert logos.logo_path(world.aroma, logos.LARGE) == f"/c/aroma/logo/{logo.digest}.png"


REFUSED = [
    (SVG, logos.LogoIsDrawing),
    (b"\xef\xbb\xbf\n <?xml version='1.0'?>" + SVG, logos.LogoIsDrawing),
    (b"<!-- x -->" + SVG, logos.LogoIsDrawing),
    ("\ufeff<svg/>".encode("utf-16"), logos.LogoIsDrawing),
    (bomb(30_000, 30_000), logos.LogoTooManyPixels),
    (bomb(5_001, 5_000), logos.LogoTooManyPixels),
    (bomb(2**31 - 1, 2**31 - 1), logos.LogoTooManyPixels),
    (bomb(1_000, 1_000), logos.LogoUnreadable),  # fewer pixels than it says
    (picture((63, 200)), logos.LogoTooManyPixels),
    (picture()[:-40], logos.LogoUnreadable),
    (picture(kind="JPEG")[:200], logos.LogoUnreadable),
    (picture(kind="GIF"), logos.LogoUnreadable),
    (picture(kind="TIFF"), logos.LogoUnreadable),
    (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n", logos.LogoUnreadable),
    (b"", logos.LogoUnreadable),
    (b"MZ" + b"\0" * 1000, logos.LogoUnreadable),
    (b"\x89PNG\r\n\x1a\n" + b"\0" * (10 * 1024 * 1024), logos.LogoTooLarge),
]


@pytest.mark.parametrize(("content", "refusal"), REFUSED)
def test_what_is_no_small_picture_is_refused_and_nothing_is_kept(world, content, refusal):
    with pytest.raises(refusal):
        keep(world, content)
    with tenancy.scope(world.aroma.id):
        assert not Logo.objects.exists()
        assert not Event.objects.filter(name="logo.set").exists()


def test_nothing_that_came_with_the_picture_survives(world):
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "SECRET PLACE", 6
    comment = PngImagePlugin.PngInfo()
    comment.add_text("Comment", "SECRET <script>alert(1)</script>")
    uploads = [
        picture(kind="JPEG", exif=exif.tobytes(), comment=b"SECRET"),
        picture(pnginfo=comment),
        picture(kind="WEBP", exif=exif.tobytes()),
        picture() + b"PK\x03\x04 SECRET " + SVG,  # a second file at its end
        picture(kind="JPEG") + b"<?php SECRET ?>",
    ]
    for content in uploads:
        assert b"SECRET" in content
        logo = keep(world, content)
        for kept in (logo.large, logo.medium, logo.small):
            assert b"SECRET" not in bytes(kept)
            assert not drawn(kept).getexif()
            assert set(drawn(kept).info) <= {"loop", "background", "timestamp", "duration"}


def test_a_photograph_taken_sideways_stands_upright(world):
    sideways = Image.new("RGB", (200, 200), "white")
    sideways.paste("red", (0, 0, 200, 60))  # the top, as the sensor saw it
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise to see it
    kept = io.BytesIO()
    sideways.save(kept, "PNG", exif=exif)
    large = drawn(keep(world, kept.getvalue()).large).convert("RGB")
    assert large.getpixel((500, 256))[1] < 60
    assert large.getpixel((12, 256))[1] > 200


BROKEN_NOTES = {
    "a number that is text": "020012010300010000000600000000010c000200000000000000",
    "a fraction out of range": "02001201030001000000060000001a010600020000009566820a000000",
    "a text that is a fraction": "02001201030001000000060000000e010500010000000000000000",
    "a fraction that is bytes": "02001201030001000000060000001a01010004000000ffffffff00",
}


@pytest.mark.parametrize("what", BROKEN_NOTES)
def test_a_good_picture_with_broken_notes_of_its_camera_is_taken_and_turned(world, what):
    notes = b"Exif\0\0II*\0\x08\0\0\0" + bytes.fromhex(BROKEN_NOTES[what])
    halves = Image.new("RGB", (200, 200), "white")
    halves.paste("red", (0, 0, 200, 60))
    kept = io.BytesIO()
    halves.save(kept, "PNG", exif=notes)
    assert drawn(keep(world, kept.getvalue()).large).convert("RGB").getpixel((500, 256))[1] < 60


@pytest.mark.parametrize("noise", range(20))
def test_a_picture_with_holes_in_it_is_a_logo_or_refused_and_never_a_bug(world, noise):
    chance = random.Random(noise)
    for kind in ("PNG", "JPEG", "WEBP"):
        content = bytearray(picture((70, 70), kind=kind))
        for _hole in range(4):
            content[chance.randrange(8, len(content))] = chance.randrange(256)
        with suppress(logos.LogoUnreadable, logos.LogoTooManyPixels):
            logos.read_picture(bytes(content))


@pytest.mark.parametrize("name", ["\x00" * 16, "\x00" + "a" * 15, "A" * 16, "a" * 15, "ａ" * 16])
def test_an_address_that_is_no_digest_leads_nowhere(world, name):
    keep(world, picture())
    with tenancy.scope(world.aroma.id):
        assert logos.read_logo(f"{name}.png") is None


def test_pictures_are_decoded_one_at_a_time_and_no_transaction_waits_for_it(committed_db, monkeypatch):
    world, seen, opened = make_world(), [], Image.open
    content = picture((600, 600))

    def watched(*args, **kwargs):
        seen.append(connection.in_atomic_block)
        try:
            seen.append(logos._drawing.locked())
            return opened(*args, **kwargs)
        finally:
            time.sleep(0.05)

    monkeypatch.setattr(Image, "open", watched)
    results = at_once(2, lambda _index: upload(desk_of(world), content).status_code)
    assert results == [200, 200]
    assert seen == [False, True, False, True]


def test_the_crop_takes_the_chosen_part(world):
    halves = Image.new("RGB", (400, 200), "red")
    halves.paste("blue", (200, 0, 400, 200))
    kept = io.BytesIO()
    halves.save(kept, "PNG")

    def middle_of(crop: Crop):
        return drawn(keep(world, kept.getvalue(), crop).large).getpixel((256, 256))

    assert middle_of(Crop(x=0)) == (255, 0, 0, 255)
    assert middle_of(Crop(x=100)) == (0, 0, 255, 255)
    assert middle_of(Crop(x=-5, y=900, zoom=10_000)) == (255, 0, 0, 255)
    corner = drawn(keep(world, kept.getvalue(), Crop(whole=True)).large).getpixel((256, 5))
    assert corner[3] == 0


def test_another_takes_its_place_and_removing_brings_the_letter_back(world):
    first = keep(world, picture(colour=(1, 2, 3))).digest
    second = keep(world, picture(colour=(200, 2, 3))).digest
    assert first != second
    with tenancy.scope(world.aroma.id):
        assert Logo.objects.count() == 1
        assert logos.read_logo(f"{first}.png") is None
        logos.remove_logo(merchant=world.aroma, actor=None)
        logos.remove_logo(merchant=world.aroma, actor=None)
        assert Event.objects.filter(name="logo.removed").count() == 1
    assert logos.logo_path(world.aroma) == ""


def test_a_logo_of_one_is_not_found_at_another(world):
    digest = keep(world, picture()).digest
    with tenancy.scope(world.bloom.id):
        assert logos.read_logo(f"{digest}.png") is None
        assert not Logo.objects.exists()
