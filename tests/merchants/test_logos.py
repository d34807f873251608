"""A logo from outside: what is refused, and that nothing of the upload survives but its pixels."""

import io
import zlib

import pytest
from PIL import Image, PngImagePlugin

from core import tenancy
from core.models import Event
from merchants import logos
from merchants.logos import Crop
from merchants.models import Logo, Merchant

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
