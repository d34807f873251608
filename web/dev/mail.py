"""The letters that development keeps instead of sending, newest first. It reads files and changes none."""

import datetime as dt
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import urlize
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# Django's file backend ends each letter of a file with a line of 79 hyphens.
END_OF_LETTER = re.compile(rb"^-{79}\r?\n", re.MULTILINE)
MOST_SHOWN = 200


@dataclass(frozen=True)
class Letter:
    """One e-mail. `id` is its file's name and its place in the file; `order` grows with time."""

    id: str
    order: tuple[int, int]
    message: EmailMessage

    @property
    def subject(self) -> str:
        """As the reader's list shows it."""
        return str(self.message["Subject"] or "")

    @property
    def sender(self) -> str:
        """Who wrote it."""
        return str(self.message["From"] or "")

    @property
    def recipient(self) -> str:
        """To whom it went."""
        return str(self.message["To"] or "")

    @property
    def sent_at(self) -> str:
        """The moment its header says, on this machine's clock."""
        date = self.message["Date"]
        if not date or not date.datetime:
            return ""
        moment = date.datetime
        if timezone.is_naive(moment):  # "-0000": UTC, from nowhere in particular
            moment = moment.replace(tzinfo=dt.UTC)
        return timezone.localtime(moment).strftime("%H:%M:%S")

    def part(self, kind: str) -> str:
        """The text of one of its parts: `plain` or `html`; empty when there is none."""
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body is not None else ""

    @property
    def html(self) -> str:
        """The HTML part, with the pictures that it carries along in their places."""
        html = self.part("html")
        for picture in self.message.walk():
            name, content = str(picture["Content-ID"] or "").strip("<>"), picture.get_payload(decode=True)
            if name and isinstance(content, bytes):
                here = b64encode(content).decode()
                html = html.replace(f"cid:{name}", f"data:{picture.get_content_type()};base64,{here}")
        return html

    @property
    def text(self) -> SafeString:
        """The plain part, its addresses clickable. Everything else is escaped."""
        return SafeString(urlize(self.part("plain"), autoescape=True))


@require_safe
@never_cache
def letters(request: HttpRequest) -> HttpResponse:
    """All letters, newest first."""
    return render(request, "dev/mail.html", {"letters": kept_letters()})


@require_safe
@never_cache
def letter(request: HttpRequest, letter_id: str) -> HttpResponse:
    """One letter: its plain text, and its HTML on demand."""
    shown = _letter(letter_id)
    return render(request, "dev/letter.html", {"letter": shown, "has_html": bool(shown.part("html"))})


@require_safe
@never_cache
@csp(  # type: ignore[arg-type]  # it is typed for views without arguments of their own
    {
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "frame-ancestors": [NONE],
        "sandbox": ["allow-popups"],
    }
)
def letter_html(request: HttpRequest, letter_id: str) -> HttpResponse:
    """The HTML part alone, in a document that may run nothing and load nothing but its own styles."""
    return HttpResponse(_letter(letter_id).html)


def kept_letters() -> list[Letter]:
    """The newest letters of the folder."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=_written_at, reverse=True) if folder.is_dir() else []
    found = [letter for file in files[:MOST_SHOWN] for letter in _letters_of(file)]
    return sorted(found, key=lambda letter: letter.order, reverse=True)


def _written_at(file: Path) -> int:
    """To the nanosecond: a letter's own header counts whole seconds."""
    return file.stat().st_mtime_ns


def _letter(letter_id: str) -> Letter:
    for letter in kept_letters():
        if letter.id == letter_id:
            return letter
    raise Http404


def _letters_of(file: Path) -> Iterator[Letter]:
    parts = [part for part in END_OF_LETTER.split(file.read_bytes()) if part.strip()]
    for number, part in enumerate(parts):
        message = message_from_bytes(part, _class=EmailMessage, policy=policy.default)
        yield Letter(f"{file.stem}-{number}", (_written_at(file), number), message)
