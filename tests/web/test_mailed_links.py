"""Links in e-mails lead to BASE_URL, whatever Host the asking request named."""

import re

import pytest
from django.core import mail
from django.test import Client

OURS = "https://habitue.example"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/accounts/password/reset/", {"email": "olivia@aroma.test"}),
        ("/accounts/password/reset/", {"email": "nobody@aroma.test"}),
        ("/accounts/signup/", {"email": "olivia@aroma.test", "password1": "a long sentence"}),
        ("/accounts/signup/", {"email": "new@aroma.test", "password1": "a long sentence"}),
    ],
)
def test_the_host_header_writes_no_letter(world, settings, path, form):
    settings.BASE_URL = OURS
    settings.ALLOWED_HOSTS = ["evil.example"]
    mail.outbox.clear()
    Client(headers={"Host": "evil.example"}).post(path, form)
    (letter,) = mail.outbox
    parts = [letter.body, *(str(part.content) for part in getattr(letter, "alternatives", []))]
    links = [link for part in parts for link in re.findall(r"https?://[^\s\"<]+", part)]
    assert links
    assert [link for link in links if not link.startswith(f"{OURS}/accounts/")] == []
    assert not [part for part in parts if "evil" in part]
