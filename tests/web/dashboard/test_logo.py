"""The logo: taken from staff who may, refused when it is none, served to everybody."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from merchants import logos
from merchants.models import Merchant
from tests.web.desk import HOME, desk_of, manager_of, text_of
from tests.world import signed_in

SETTINGS = f"{HOME}settings/"
UPLOAD = f"{SETTINGS}branding/logo/"


def aroma() -> Merchant:
    """As it is kept."""
    return Merchant.objects.get(slug="aroma")


def png(size=(200, 200), colour="teal") -> bytes:
    """A picture of one colour."""
    return written(Image.new("RGB", size, colour))


def written(picture: Image.Image) -> bytes:
    """As a file."""
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def upload(client: Client, content: bytes, name: str = "logo.png", **more):
    """Send a file as the form does."""
    return client.post(UPLOAD, {"logo": SimpleUploadedFile(name, content)} | more, follow=True)


def served(size: int) -> Image.Image:
    """The logo as anybody gets it."""
    return Image.open(io.BytesIO(Client().get(logos.logo_path(aroma(), size)).content))


def test_a_logo_is_taken_and_served_to_all_for_a_year(world):
    assert "The logo is in its place" in text_of(upload(desk_of(world), png()))
    for size in (logos.LARGE, logos.MEDIUM, logos.SMALL):
        response = Client().get(logos.logo_path(aroma(), size))
        assert served(size).size == (size, size)
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_it_stands_on_the_card_and_in_the_rail(world):
    upload(desk_of(world), png())
    assert logos.logo_path(aroma()) in text_of(Client().get("/c/aroma/join"))
    assert logos.logo_path(aroma()) in text_of(desk_of(world).get(HOME))


def test_the_address_of_a_logo_opens_no_other(world):
    upload(desk_of(world), png())
    good = logos.logo_path(aroma())
    for path in (
        good.replace("/c/aroma/", "/c/bloom/"),
        good.replace("/c/aroma/", "/c/nowhere/"),
        good.replace("-128.webp", "-512.webp"),
        "/c/aroma/logo/0000000000000000.png",
        "/c/aroma/logo/..%2f..%2fetc%2fpasswd",
    ):
        assert Client().get(path).status_code == 404, path


def test_the_sliders_choose_the_part_and_untouched_mean_the_middle(world):
    flag = Image.new("RGB", (300, 100), "white")
    flag.paste("blue", (0, 0, 100, 100))
    flag.paste("red", (200, 0, 300, 100))
    seen = []
    for more in ({}, {"x": "0"}, {"x": "100", "zoom": "200"}):
        upload(desk_of(world), written(flag), **more)
        seen.append(served(logos.LARGE).convert("RGB").getpixel((256, 256)))
    assert seen == [(255, 255, 255), (0, 0, 255), (255, 0, 0)]


REFUSED = {
    "a drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.svg", "SVG files can carry programs"),
    "a drawing under another name": (b"<?xml version='1.0'?><svg/>", "logo.png", "SVG files can carry"),
    "a program": (b"MZ" + b"\0" * 500, "logo.png", "not a picture"),
    "half a picture": (png()[:100], "logo.png", "not a picture"),
    "too much": (png() + b"\0" * (10 * 1024 * 1024), "logo.png", "larger than 5 MB"),
    "nothing": (b"", "logo.png", "This file is empty."),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_is_no_logo_is_refused_at_its_field(world, what):
    content, name, words = REFUSED[what]
    response = upload(desk_of(world), content, name)
    assert response.status_code == 422
    assert 'id="logo_logo_error"' in text_of(response)
    assert words in text_of(response)
    assert aroma().logo_digest == ""


def test_a_picture_named_as_a_program_is_a_picture(world):
    assert "The logo is in its place" in text_of(upload(desk_of(world), png(), "logo.php.svg"))


def test_far_too_much_is_not_even_read(world, settings):
    settings.UPLOAD_MOST_BYTES = 1024 * 1024
    assert upload(desk_of(world), b"\0" * (1024 * 1024 + 1)).status_code == 413
    assert aroma().logo_digest == ""


@pytest.mark.parametrize("form", [UPLOAD, f"{HOME}start/look/logo/"])
def test_a_photograph_of_megabytes_is_taken_in_the_settings_and_in_the_wizard(world, form):
    photograph = io.BytesIO()
    Image.effect_noise((900, 900), 90).convert("RGB").save(photograph, "PNG")
    assert len(photograph.getvalue()) > 1024 * 1024
    sent = {"logo": SimpleUploadedFile("sign.png", photograph.getvalue())}
    assert desk_of(world).post(form, sent).status_code == 302
    assert aroma().logo_digest != ""


def test_a_form_without_a_picture_says_so(world):
    response = desk_of(world).post(UPLOAD, {})
    assert response.status_code == 422
    assert "Choose a picture first." in text_of(response)


def test_a_second_file_comes_to_nothing(world):
    two = {"logo": SimpleUploadedFile("a.png", png()), "other": SimpleUploadedFile("b.png", b"x" * 100_000)}
    assert desk_of(world).post(UPLOAD, two).status_code in {302, 422}


def test_a_page_that_asks_for_no_file_takes_none(world):
    file = {"name": SimpleUploadedFile("a.png", png())}
    assert desk_of(world).post(SETTINGS, file).status_code == 400


def test_an_upload_needs_its_token(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.olivia, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert upload(client, png()).status_code == 403
    assert aroma().logo_digest == ""


def test_strangers_and_cashiers_upload_nothing(world):
    assert upload(signed_in(world.petra), png()).status_code == 404
    assert upload(signed_in(world.sam), png()).status_code == 403
    assert "/accounts/login/" in upload(Client(), png()).redirect_chain[-1][0]
    assert aroma().logo_digest == ""


def test_a_manager_may(world):
    assert upload(signed_in(manager_of(world.aroma)), png()).status_code == 200
    assert aroma().logo_digest != ""


def test_a_logo_is_removed_and_the_letter_is_back(world):
    upload(desk_of(world), png())
    old = logos.logo_path(aroma())
    page = text_of(desk_of(world).post(f"{UPLOAD}removal/", follow=True))
    assert "The logo is removed." in page
    assert old not in page
    assert Client().get(old).status_code == 404
