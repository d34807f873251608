"""A voucher on paper, as PDF: one A6 with what it brings, its QR and code, its last day. Whoever holds it can use it, once.

What the embedded fonts cannot write is left out rather than boxed: the code says what it is. It decides nothing about who may
have it.
"""

import math

from django.utils.text import capfirst
from django.utils.translation import gettext, override

from loyalty.programme.versions import version_in_force
from loyalty.wording.numbers import say_day
from merchants.models import Merchant
from rewards.offers import say_in
from rewards.saying import name_of, reader_of
from rewards.vouchers import Voucher
from rewards.wording import say_kept_value
from web.card.sheet import INK, SOFT, Box, Sheet, Size

DOT, APART = 0.34, 2.4  # of the perforation, in millimetres


def voucher_pdf(*, voucher: Voucher, merchant: Merchant) -> bytes:
    """The voucher in its member's language. In the merchant's scope, for its logo and the programme's words."""
    language = voucher.member.locale
    with override(language):
        name = name_of(voucher.redemption)
        title = gettext("A voucher from %(merchant)s: %(name)s") % {"merchant": merchant.name, "name": name}
        sheet = Sheet(merchant, Size.A6, language, title)
        _draw(sheet, voucher, name, language)
        return bytes(sheet.pdf.output())


def _draw(sheet: Sheet, voucher: Voucher, name: str, language: str) -> None:
    what = voucher.redemption.what
    terms = say_in(what["terms"], language)
    reader = reader_of(sheet.merchant, version_in_force())
    last_day = say_day(voucher.last_on.isoformat(), language)
    long = len(terms) > 200  # then its words need the room of a smaller QR, which is still 4 cm
    wide = 44 if long else 54
    sheet.head()
    _line(sheet, name, Box(8, 41, 89, 14), "display", 22, colour=INK, lines=2)
    _line(
        sheet,
        capfirst(say_kept_value(what["kind"], what["value"], reader)),
        Box(8, 55.5, 89, 4.5),
        "text",
        9,
        colour=SOFT,
    )
    _perforate(sheet, 62)
    sheet.code(voucher.code, Box((105 - wide) / 2, 63.5, wide, wide))
    top = 63.5 + wide
    sheet.write(voucher.code, Box(8, top, 89, 6.5), "strong", 15, INK, align="C")
    sheet.write(_until(last_day), Box(8, top + 7, 89, 5), "strong", 10, INK, align="C")
    if terms:
        _line(sheet, terms, Box(8, top + 13.5, 89, 126 - top), "text", 7.5, colour=SOFT, lines=14)
    sheet.write(_keep_it(), Box(8, 141, 89, 4), "text", 7, SOFT, align="C")


def _line(
    sheet: Sheet, text: str, box: Box, family: str, points: float, *, colour: str, lines: int = 1
) -> None:
    words = " ".join(text.split())
    if words and sheet.can_write(words.replace("\u202f", "\u00a0"), family):
        sheet.write(words, box, family, points, colour, lines=lines, align="C", middle=family == "display")


def _perforate(sheet: Sheet, y: float) -> None:
    """Where a ticket would be torn."""
    sheet.pdf.set_fill_color(SOFT)
    for number in range(math.floor(105 / APART)):
        sheet.pdf.ellipse(APART * (number + 0.7), y, DOT, DOT, style="F")


def _until(day: str) -> str:
    return gettext("Good until %(day)s.") % {"day": day}


def _keep_it() -> str:
    return gettext("Whoever has this code can use it, once. Keep it for yourself.")
