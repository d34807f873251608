"""A member's card on paper, as PDF: credit-card size or A6, with the static code, which earns and never spends.

A name that the embedded fonts cannot write is left out rather than boxed: the code says who it is. It decides nothing about
who may have it.
"""

from django.utils.translation import gettext, override

from members import cards
from members.models import Card, Member
from merchants.models import Merchant
from web.card.sheet import INK, SOFT, Box, Sheet, Size


def card_pdf(*, card: Card, member: Member, merchant: Merchant, size: Size) -> bytes:
    """The card in the member's language. In the merchant's scope, for its logo."""
    with override(member.locale):
        title = gettext("Card at %(merchant)s") % {"merchant": merchant.name}
        sheet = Sheet(merchant, size, member.locale, title)
        draw = {Size.CARD: _draw_card, Size.A6: _draw_a6}[size]
        draw(sheet, cards.static_code(card, merchant), _spoken(card), sheet.first_name(member))
        return bytes(sheet.pdf.output())


def _draw_card(sheet: Sheet, code: str, spoken: str, name: str) -> None:
    sheet.fill(Box(0, 0, 42, 53.98))
    sheet.logo(Box(5, 5, 11, 11))
    sheet.write(sheet.name, Box(5, 19, 33, 15), "display", 15, sheet.on, lines=3)
    if name:
        sheet.write(name, Box(5, 36.5, 33, 4.5), "strong", 9, sheet.on)
    sheet.write(_how_to(), Box(5, 41.5, 33, 9), "text", 6.5, sheet.on, lines=3)
    sheet.code(code, Box(43.8, 2.5, 40, 40))
    sheet.write(_or_say(), Box(43.8, 42.2, 40, 3), "text", 6, SOFT, align="C")
    sheet.write(spoken, Box(43.8, 45, 40, 6.2), "strong", 14, INK, align="C")


def _draw_a6(sheet: Sheet, code: str, spoken: str, name: str) -> None:
    sheet.head()
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
