"""How a letter looks and what it carries: text and HTML from one context, in a merchant's colours, without any tracking.

It composes and never sends; whom to write to, and whether, others decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from core.languages import reader_language
from merchants.branding import ColourUnreadable, Oklch, as_hex, palette_of
from merchants.logos import MEDIUM, logo_path
from merchants.models import Merchant

# The service's own: ink, where a merchant has its colour.
SERVICE_COLOUR = as_hex(Oklch(0.24, 0.02, 60))


@dataclass(frozen=True)
class Look:
    """A sender's name, picture and colours, light and dark, as plain #rrggbb: mail programs know no other."""

    name: str
    initial: str
    logo: str  # where its picture is, on our own address; empty without one
    fill: str
    on: str
    text: str
    mark: str
    dark_text: str
    dark_mark: str


def look_of(merchant: Merchant | None) -> Look:
    """The merchant's look, or the service's own."""
    name = merchant.name if merchant else "Habitué"
    try:
        palette = palette_of(merchant.brand_colour if merchant else SERVICE_COLOUR)
    except ColourUnreadable:
        palette = palette_of(SERVICE_COLOUR)
    return Look(
        name=name,
        initial=name[:1].upper(),
        logo=settings.BASE_URL + logo_path(merchant, MEDIUM) if merchant and merchant.logo_digest else "",
        fill=palette.light.fill,
        on=palette.light.on,
        text=palette.light.text,
        mark=palette.light.mark,
        dark_text=palette.dark.text,
        dark_mark=palette.dark.mark,
    )


def compose(
    template: str,
    *,
    subject: str,
    to: str,
    merchant: Merchant | None,
    context: Mapping[str, Any],
    stop_link: str = "",
) -> EmailMultiAlternatives:
    """`emails/<template>.txt` and `.html` in the language that is active, from `sender_of(merchant)`.

    `stop_link` is where one click ends letters of this kind (RFC 8058); codes and links that one asked for have none.
    """
    words = {
        **context,
        "merchant": merchant,
        "look": look_of(merchant),
        "language": reader_language(),
        "stop_link": stop_link,
    }
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),  # a name with a line's end in it must not begin a header
        body=render_to_string(f"emails/{template}.txt", words).strip() + "\n",
        from_email=sender_of(merchant),
        to=[to],
    )
    mail.attach_alternative(render_to_string(f"emails/{template}.html", words), "text/html")
    if stop_link:
        mail.extra_headers["List-Unsubscribe"] = f"<{stop_link}>"
        mail.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return mail


def sender_of(merchant: Merchant | None) -> str:
    """The service's address, in the merchant's name."""
    if merchant is None:
        return settings.DEFAULT_FROM_EMAIL
    return formataddr((merchant.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
