"""A sheet of paper in a merchant's look, as PDF: what the printed card and the printed voucher are drawn with.

Everything is vector but the merchant's logo.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from members.models import Member
from merchants.branding import palette_of
from merchants.logos import LARGE, logo_path, read_logo
from merchants.models import Merchant
from studio.drawing.lettering import FONTS, LEADING, POINT
from studio.looks import drawing_of

PAPER, INK, SOFT = "#ffffff", "#261d16", "#554b42"


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


class Sheet:
    """One page in a merchant's colours, and the few things that are drawn on it."""

    def __init__(self, merchant: Merchant, size: Size, language: str, title: str) -> None:
        self.merchant = merchant
        shades = palette_of(merchant.brand_colour).light
        self.ground, self.on = shades.fill, shades.on
        # Here, with the one of `code`: a start without paper saves the time that it takes.
        from fpdf import FPDF

        self.pdf = FPDF(unit="mm", format=MILLIMETRES[size])
        self.pdf.set_auto_page_break(auto=False)
        self.pdf.set_margin(0)
        self.pdf.c_margin = 0
        for family in ("text", "strong", "display"):
            self.pdf.add_font(family, fname=FONTS / f"{family}.ttf")
        self.name = merchant.name if self.can_write(merchant.name) else merchant.slug
        self.pdf.set_title(title)
        self.pdf.set_lang(language)
        self.pdf.add_page()

    def first_name(self, member: Member) -> str:
        """The first word of the name; empty where there is none that can be printed."""
        first = member.name.partition(" ")[0]
        return first if self.can_write(first) else ""

    def fill(self, box: Box) -> None:
        """A ground of the merchant's colour."""
        self.pdf.set_fill_color(self.ground)
        self.pdf.rect(box.x, box.y, box.width, box.height, style="F")

    def head(self) -> None:
        """Of an A6: the shop's logo and name on its colour, 38 high."""
        self.fill(Box(0, 0, 105, 38))
        self.logo(Box(8, 10, 18, 18))
        self.write(self.name, Box(30, 9, 67, 20), "display", 24, self.on, lines=3, middle=True)

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
        """The QR with its quiet zone, as wide as the box: in the shop's look where that scans, without its frame."""
        from studio.drawing.pdf import place

        drawing = drawing_of(self.merchant, text, framed=False)
        place(self.pdf, drawing, x=box.x, y=box.y, width=box.width)

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
        from fpdf.enums import MethodReturnValue

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

    def can_write(self, text: str, family: str = "") -> bool:
        """With this font, or with all of them: the one for names has the fewest letters."""
        from fpdf.fonts import TTFFont

        fonts = [font for name, font in self.pdf.fonts.items() if family in ("", name)]
        cmaps = [font.cmap for font in fonts if isinstance(font, TTFFont)]
        return all(ord(char) in cmap for cmap in cmaps for char in text)
