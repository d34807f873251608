"""A member's card on paper, as PDF: credit-card size or A6, with the static code, which earns and never spends.

Everything is vector but the merchant's logo. A name that the embedded fonts cannot write is left out rather than boxed:
the code says who it is. It decides nothing about who may have it.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import cast

from django.utils.translation import gettext, override
from fpdf import FPDF
from fpdf.enums import MethodReturnValue
from fpdf.fonts import TTFFont

from core import qr
from members import cards
from members.models import Card, Member
from merchants.branding import palette_of
from merchants.logos import LARGE, logo_path, read_logo
from merchants.models import Merchant

FONTS = Path(__file__).with_name("fonts")  # made by bin/print-fonts
PAPER, INK, SOFT = "#ffffff", "#261d16", "#554b42"
POINT = 25.4 / 72  # in millimetres
LEADING = 1.16
OVERLAP = 0.03  # of a module: rows that only touch show a hair of paper between them on some screens


class Size(StrEnum):
    """The two papers. The first is ISO/IEC 7810 ID-1: it fits where bank cards go."""

    CARD = "card"
    A6 = "a6"


MILLIMETRES = {Size.CARD: (85.6, 53.98), Size.A6: (105.0, 148.0)}


@dataclass(frozen=True)
class Box:
    """A place on the paper, in millimetres from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


def card_pdf(*, card: Card, member: Member, merchant: Merchant, size: Size) -> bytes:
    """The card in the member's language. In the merchant's scope, for its logo."""
    with override(member.locale):
        sheet = _Sheet(merchant, size, member.locale)
        draw = {Size.CARD: _draw_card, Size.A6: _draw_a6}[size]
        draw(sheet, cards.static_code(card, merchant), _spoken(card), sheet.first_name(member))
        return bytes(sheet.pdf.output())


def _draw_card(sheet: "_Sheet", code: str, spoken: str, name: str) -> None:
    sheet.fill(Box(0, 0, 42, 53.98))
    sheet.logo(Box(5, 5, 11, 11))
    sheet.write(sheet.name, Box(5, 19, 33, 15), "display", 15, sheet.on, lines=3)
    if name:
        sheet.write(name, Box(5, 36.5, 33, 4.5), "strong", 9, sheet.on)
    sheet.write(_how_to(), Box(5, 41.5, 33, 9), "text", 6.5, sheet.on, lines=3)
    sheet.code(code, Box(43.8, 2.5, 40, 40))
    sheet.write(_or_say(), Box(43.8, 42.2, 40, 3), "text", 6, SOFT, align="C")
    sheet.write(spoken, Box(43.8, 45, 40, 6.2), "strong", 14, INK, align="C")


def _draw_a6(sheet: "_Sheet", code: str, spoken: str, name: str) -> None:
    sheet.fill(Box(0, 0, 105, 38))
    sheet.logo(Box(8, 10, 18, 18))
    sheet.write(sheet.name, Box(30, 9, 67, 20), "display", 24, sheet.on, lines=3, middle=True)
    if name:
        sheet.write(name, Box(8, 43, 89, 10), "display", 22, INK, align="C")
    sheet.code(code, Box(18.5, 53, 68, 68))
    sheet.write(_or_say(), Box(8, 119.5, 89, 4), "text", 9, SOFT, align="C")
    sheet.write(spoken, Box(8, 123.5, 89, 10), "strong", 22, INK, align="C")
    sheet.write(_how_to(), Box(8, 135.5, 89, 9), "text", 9, SOFT, lines=2, align="C")


def _how_to() -> str:
    return gettext("Show it when you pay: every purchase counts.")


def _or_say() -> str:
    return gettext("or say")


def _spoken(card: Card) -> str:
    return f"{card.spoken_code[:3]} {card.spoken_code[3:]}"


class _Sheet:
    """One page in a merchant's colours, and the few things that are drawn on it."""

    def __init__(self, merchant: Merchant, size: Size, language: str) -> None:
        self.merchant = merchant
        shades = palette_of(merchant.brand_colour).light
        self.ground, self.on = shades.fill, shades.on
        self.pdf = FPDF(unit="mm", format=MILLIMETRES[size])
        self.pdf.set_auto_page_break(auto=False)
        self.pdf.set_margin(0)
        self.pdf.c_margin = 0
        for family in ("text", "strong", "display"):
            self.pdf.add_font(family, fname=FONTS / f"{family}.ttf")
        self.name = merchant.name if self._can_write(merchant.name) else merchant.slug
        self.pdf.set_title(gettext("Card at %(merchant)s") % {"merchant": merchant.name})
        self.pdf.set_lang(language)
        self.pdf.add_page()

    def first_name(self, member: Member) -> str:
        """The first word of the name; empty where there is none that can be printed."""
        first = member.name.partition(" ")[0]
        return first if self._can_write(first) else ""

    def fill(self, box: Box) -> None:
        """A ground of the merchant's colour."""
        self.pdf.set_fill_color(self.ground)
        self.pdf.rect(box.x, box.y, box.width, box.height, style="F")

    def logo(self, box: Box) -> None:
        """The merchant's logo in a disc, or its first letter in a ring."""
        kept = (
            read_logo(logo_path(self.merchant, LARGE).rpartition("/")[2])
            if self.merchant.logo_digest
            else None
        )
        if kept is not None:
            self.pdf.set_fill_color(PAPER)
            with self.pdf.round_clip(box.x, box.y, box.width):
                self.pdf.rect(box.x, box.y, box.width, box.height, style="F")
                self.pdf.image(kept[0], x=box.x, y=box.y, w=box.width, h=box.height)
            return
        self.pdf.set_draw_color(self.on)
        self.pdf.set_line_width(box.width / 26)
        self.pdf.ellipse(box.x, box.y, box.width, box.height)
        letter = Box(box.x, box.y + box.height * 0.24, box.width, box.height / 2)
        self.write(
            self.name[:1].upper(), letter, "strong", box.height * 1.35, self.on, align="C", middle=True
        )

    def code(self, text: str, box: Box) -> None:
        """The QR with its quiet zone of four modules inside the box: ink on white, whatever the colours are."""
        rows = qr.matrix(text, "M")
        module = box.width / (len(rows) + 2 * qr.QUIET_MODULES)
        self.pdf.set_fill_color(PAPER)
        self.pdf.rect(box.x, box.y, box.width, box.height, style="F")
        self.pdf.set_fill_color(INK)
        for y, row in enumerate(rows, start=qr.QUIET_MODULES):
            x = qr.QUIET_MODULES
            for dark, modules in groupby(row):
                width = len(list(modules))
                if dark:
                    left, top = box.x + x * module, box.y + y * module
                    self.pdf.rect(left, top, width * module, (1 + OVERLAP) * module, style="F")
                x += width

    def write(
        self,
        text: str,
        box: Box,
        family: str,
        points: float,
        colour: str,
        *,
        lines: int = 1,
        align: str = "L",
        middle: bool = False,
    ) -> None:
        """The text in the box, as large as `points` or as fits in `lines`: a long name gets smaller, never cut."""
        text = text.replace("\u202f", "\u00a0")  # the fonts have no narrow one
        parts = self._fitted(text, box, family, points, lines)
        height = self.pdf.font_size_pt * POINT * LEADING
        top = box.y + (box.height - height * len(parts)) / 2 if middle else box.y
        self.pdf.set_text_color(colour)
        for number, part in enumerate(parts):
            self.pdf.set_xy(box.x, top + number * height)
            self.pdf.cell(box.width, height, part, align=align)

    def _fitted(self, text: str, box: Box, family: str, points: float, lines: int) -> list[str]:
        """The lines, in the largest size that holds them; that size is set from then on."""
        while True:
            self.pdf.set_font(family, size=points)
            parts = cast(
                "list[str]",
                self.pdf.multi_cell(
                    box.width, text=text, align="L", dry_run=True, output=MethodReturnValue.LINES
                ),
            )
            widest = max(self.pdf.get_string_width(word) for word in text.split(" "))
            height = points * POINT * LEADING * len(parts)
            if points <= 3 or (len(parts) <= lines and widest <= box.width and height <= box.height + 0.5):
                return parts
            points -= 0.5

    def _can_write(self, text: str) -> bool:
        """With all of the fonts: the one for names has the fewest letters."""
        cmaps = [font.cmap for font in self.pdf.fonts.values() if isinstance(font, TTFFont)]
        return all(ord(char) in cmap for cmap in cmaps for char in text)
