"""What developers get: the mail that was kept, the drawer of components. Neither is there in production."""

import os
import subprocess
import sys
from email.mime.image import MIMEImage

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from tests.servers import ROOT
from tests.web.desk import text_of


@pytest.fixture
def kept(db, mail_folder) -> None:
    """Two letters, the second with an HTML part and an accent."""
    EmailMultiAlternatives(
        "First", "Read http://127.0.0.1/accounts/x?a=1&b=2", "a@x.test", ["mia@example.org"]
    ).send()
    second = EmailMultiAlternatives("Bienvenue à vous", "<b>plain</b>", "a@x.test", ["noé@example.org"])
    second.attach_alternative("<p>Bonjour <script>alert(1)</script></p>", "text/html")
    second.send()


def test_letters_are_listed_newest_first(kept):
    page = text_of(Client().get("/dev/mail"))
    assert page.index("Bienvenue à vous") < page.index("First")
    assert "mia@example.org" in page


def test_a_letters_links_can_be_followed_and_its_text_is_text(kept):
    client = Client()
    first, second = sorted(
        set(paths_in(text_of(client.get("/dev/mail")))),
        key=lambda path: "First" not in text_of(client.get(path)),
    )
    assert '<a href="http://127.0.0.1/accounts/x?a=1&amp;b=2"' in text_of(client.get(first))
    assert "&lt;b&gt;plain&lt;/b&gt;" in text_of(client.get(second))


def test_the_html_part_runs_nothing(kept):
    client = Client()
    paths = paths_in(text_of(client.get("/dev/mail")))
    responses = [client.get(f"{path}/html") for path in paths]
    assert any("Bonjour" in text_of(response) for response in responses)
    for response in responses:
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert "script-src" not in policy


def test_a_picture_that_a_letter_carries_is_seen_in_its_place(db, mail_folder):
    letter = EmailMultiAlternatives("A voucher", "K7QX", "a@x.test", ["mia@example.org"])
    letter.attach_alternative('<img src="cid:drawn" alt="">', "text/html")
    picture = MIMEImage(b"drawing", "png")
    picture.add_header("Content-ID", "<drawn>")
    letter.attach(picture)
    letter.send()
    [path] = set(paths_in(text_of(Client().get("/dev/mail"))))
    assert text_of(Client().get(f"{path}/html")) == '<img src="data:image/png;base64,ZHJhd2luZw==" alt="">'


def test_no_letter_no_error(db, settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "nothing"
    assert "No mail yet" in text_of(Client().get("/dev/mail"))
    assert Client().get("/dev/mail/20260101-000000-1-0").status_code == 404
    assert Client().get("/dev/mail/..%2F..%2Fetc%2Fpasswd").status_code == 404


def test_the_styleguide_shows_the_drawer(db):
    assert "The drawer" in text_of(Client().get("/styleguide?theme=dark"))


def test_production_has_neither():
    asked = (
        "import django; django.setup()\n"
        "from django.urls import Resolver404, resolve\n"
        "for path in ('/dev/card', '/dev/errors/500', '/dev/mail', '/dev/mail/x', '/styleguide', '/styleguide/colours.css'):\n"
        "    try: print(resolve(path))\n"
        "    except Resolver404: pass\n"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HABITUE_ENV": "production",
        "BASE_URL": "https://habitue.example",
        "SECRET_KEY": "e6c1-9v0d-w2zq-x8fk-" * 4,
        "CARD_SECRET": "n4t7-b3yh-0kqd-5mra-" * 4,
        "EMAIL_HOST": "mail.example",
    }
    done = subprocess.run(
        [sys.executable, "-c", asked], check=False, env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def paths_in(page: str) -> list[str]:
    """Addresses of letters in a page."""
    return [part.partition('"')[0] for part in page.split('href="') if part.startswith("/dev/mail/")]
