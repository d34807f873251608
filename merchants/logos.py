"""A merchant's logo: read with distrust, cropped square, drawn anew. Bytes that came from outside are never kept.

What is kept are pixels that we encoded ourselves, so that no comment, location, program or second file inside the
upload survives. SVG is refused: it is a program that draws.
"""

import hashlib
import io
import re
import struct
import threading
import warnings
import zlib
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from PIL import Image

from core import events, tenancy
from core.errors import DomainError
from merchants.models import Logo, Merchant, StaffMember

MOST_BYTES = 5 * 1024 * 1024  # a photograph of a sign, straight from a phone
MOST_PIXELS = 25_000_000  # what a phone takes; a decoded picture needs four bytes for each
LEAST_SIDE = 64  # less is a blur on any card
FORMATS = ("PNG", "JPEG", "WEBP")
LARGE, MEDIUM, SMALL = 512, 192, 128
MOST_ZOOM = 400  # percent
_WORKING = LARGE * MOST_ZOOM // 100  # the closest crop of a picture of this side still fills the largest size
_DIGITS = 16  # of a digest
_DIGEST = re.compile(f"[0-9a-f]{{{_DIGITS}}}")
_drawing = threading.Lock()  # a decoded picture is a hundred megabytes: one at a time in a process
# What Pillow says of broken ones: each format, and each of its notes, breaks in its own way.
_BROKEN = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    struct.error,
    zlib.error,
)
_ORIENTATION = 0x0112  # the note of a camera that says which side is up, and how to turn the picture for it
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ENDINGS = {LARGE: ".png", MEDIUM: "-192.png", SMALL: "-128.webp"}
_COLUMNS = {".png": "large", "-192.png": "medium", "-128.webp": "small"}


class LogoTooLarge(DomainError):
    """More bytes than any logo needs."""

    code = "logo_too_large"
    message = _("This picture is larger than %(most)d MB. Save it smaller and choose it again.")
    field = "logo"


class LogoTooManyPixels(DomainError):
    """A picture that would fill the memory, or one too small to show."""

    code = "logo_size"
    message = _("A picture has at least %(least)d pixels a side, and at most %(most)d million in all.")
    field = "logo"


class LogoIsDrawing(DomainError):
    """SVG holds scripts and links."""

    code = "logo_is_svg"
    message = _("SVG files can carry programs, so we take none. Save it as PNG and choose that.")
    field = "logo"


class LogoUnreadable(DomainError):
    """Not a picture, or a broken one."""

    code = "logo_unreadable"
    message = _("This is not a picture that we can read. Choose a PNG, JPEG or WebP file.")
    field = "logo"


@dataclass(frozen=True)
class Crop:
    """Which square of the picture: where its centre lies, in percent, and how close. `whole` adds a margin instead."""

    x: int = 50
    y: int = 50
    zoom: int = 100
    whole: bool = False


def set_logo(*, merchant: Merchant, content: bytes, crop: Crop, actor: StaffMember | None) -> Logo:
    """Take the place of the logo before. Raises LogoTooLarge, LogoTooManyPixels, LogoIsDrawing, LogoUnreadable.

    It opens the scope itself, once all is drawn: no transaction waits for a picture.
    """
    drawn = draw_anew(content, crop)
    with tenancy.scope(merchant.id):
        logo, _new = Logo.objects.update_or_create(defaults=drawn)
        _name(merchant, logo.digest)
        events.record("logo.set", {"actor": str(actor.id) if actor else None})
    return logo


def remove_logo(*, merchant: Merchant, actor: StaffMember | None) -> None:
    """The letter of the name takes its place again. Removing twice changes nothing."""
    gone, _models = Logo.objects.all().delete()
    if gone:
        _name(merchant, "")
        events.record("logo.removed", {"actor": str(actor.id) if actor else None})


def draw_anew(content: bytes, crop: Crop) -> dict[str, Any]:
    """An uploaded picture as it is kept: {"digest", "large", "medium", "small"}. Raises as `set_logo`. Takes a second: call it
    outside any transaction.
    """
    with _drawing:
        square = crop_square(read_picture(content), crop)
        large = _encode(square, LARGE, "PNG")
        return {
            "digest": hashlib.blake2b(large, digest_size=_DIGITS // 2).hexdigest(),
            "large": large,
            "medium": _encode(square, MEDIUM, "PNG"),
            "small": _encode(square, SMALL, "WEBP"),
        }


def logo_path(merchant: Merchant, size: int = SMALL) -> str:
    """The address of the logo below our own, in one of the three sizes; empty without a logo. No query."""
    if not merchant.logo_digest:
        return ""
    return f"/c/{merchant.slug}/logo/{picture_name(merchant.logo_digest, size)}"


def picture_name(digest: str, size: int) -> str:
    """The last part of the address of a picture that we drew, in one of the three sizes."""
    return f"{digest}{_ENDINGS[size]}"


def read_logo(name: str) -> tuple[bytes, str] | None:
    """Content and type of the current merchant's logo by the last part of its address; None for another or an old one."""
    return read_drawn(Logo.objects.all(), name)


def read_drawn(pictures: QuerySet[Any], name: str) -> tuple[bytes, str] | None:
    """Content and type of one of these by its `picture_name`; None where there is none of that name."""
    digest, ending = name[:_DIGITS], name[_DIGITS:]
    if ending not in _COLUMNS or not _DIGEST.fullmatch(digest):
        return None
    content = pictures.filter(digest=digest).values_list(_COLUMNS[ending], flat=True).first()
    kind = "image/webp" if ending.endswith(".webp") else "image/png"
    return (bytes(content), kind) if content is not None else None


def read_picture(content: bytes) -> Image.Image:
    """The picture, upright, in RGBA and without anything that came with it. Raises as `set_logo`."""
    if len(content) > MOST_BYTES:
        raise LogoTooLarge(most=MOST_BYTES // 1024 // 1024)
    if _looks_like_svg(content):
        raise LogoIsDrawing
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of many pixels: counted below, before any is decoded
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                width, height = picture.size
                if min(width, height) < LEAST_SIDE or width * height > MOST_PIXELS:
                    raise LogoTooManyPixels(least=LEAST_SIDE, most=MOST_PIXELS // 1_000_000)
                picture.draft(
                    "RGB", (_WORKING, _WORKING)
                )  # a JPEG is decoded smaller, not whole and then shrunk
                small = picture if picture.mode in {"RGB", "RGBA", "L"} else picture.convert("RGBA")
                small.thumbnail((_WORKING, _WORKING))
                return _upright(small).convert("RGBA")
    except Image.DecompressionBombError:
        raise LogoTooManyPixels(least=LEAST_SIDE, most=MOST_PIXELS // 1_000_000) from None
    except _BROKEN:
        raise LogoUnreadable from None


def crop_square(picture: Image.Image, crop: Crop) -> Image.Image:
    """The square that was chosen; what lies outside the picture is transparent."""
    width, height = picture.size
    if crop.whole:
        side = max(width, height)
        square = Image.new("RGBA", (side, side))
        square.paste(picture, ((side - width) // 2, (side - height) // 2))
        return square
    side = max(1, min(width, height) * 100 // _between(crop.zoom, 100, MOST_ZOOM))
    left = (width - side) * _between(crop.x, 0, 100) // 100
    top = (height - side) * _between(crop.y, 0, 100) // 100
    return picture.crop((left, top, left + side, top + side))


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as its camera noted. Nothing else of the notes is read: whatever is wrong with them, the picture is good."""
    try:
        turn = _TURNS.get(picture.getexif().get(_ORIENTATION, 1))
    except _BROKEN:
        return picture
    return picture if turn is None else picture.transpose(turn)


def _looks_like_svg(content: bytes) -> bool:
    """By its text; gzip is how SVGZ begins. A PNG that says so somewhere inside is a PNG, and is drawn anew."""
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--", b"\x1f\x8b")) or (
        content[:2] in {b"\xff\xfe", b"\xfe\xff"} and b"s\x00v\x00g" in content[:2048].lower()
    )


def _encode(square: Image.Image, side: int, kind: str) -> bytes:
    """Resampled, and written from pixels alone."""
    drawn = Image.new("RGBA", (side, side))
    drawn.paste(square.resize((side, side), Image.Resampling.LANCZOS))
    kept = io.BytesIO()
    if kind == "PNG":
        drawn.save(kept, "PNG", optimize=True)
    else:
        drawn.save(kept, "WEBP", quality=85, method=6)
    return kept.getvalue()


def _name(merchant: Merchant, digest: str) -> None:
    merchant.logo_digest = digest
    merchant.save(update_fields=["logo_digest"])


def _between(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))
