"""What the pictures of the front page show: a morning at the café Aroma, in the reader's words and figures.

Samples only: no row is read, and nothing here is promised that the product does not do.
"""

from typing import Any

from django.utils.translation import gettext as _

from web.templatetags.habitue import money, number, short_money, signed, times

SHOP, ADDRESS = "Aroma", "14 rue des Tables-Claudiennes, Lyon"
CURRENCY = "EUR"
BALANCE, COFFEE_MINOR, SPENT_MINOR = 1218, 1200, 61_250
SILVER_MINOR, GOLD_MINOR = 25_000, 50_000  # the ladder that every new programme may begin with


def card() -> dict[str, Any]:
    """Mia's card, as `templates/front/_pictures.html` draws it."""
    percent = 81.7  # of a line that ends half as far again as Gold
    return {
        "shop": SHOP,
        "address": ADDRESS,
        "balance": number(BALANCE),
        "spent": _("%(money)s so far") % {"money": money(SPENT_MINOR, CURRENCY)},
        "percent": percent,
        "marks": [
            {"percent": 0, "label": _("Bronze")},
            {"percent": 33.3, "label": f"{_('Silver')} {short_money(SILVER_MINOR, CURRENCY)}"},
            {"percent": 66.6, "label": f"{_('Gold')} {short_money(GOLD_MINOR, CURRENCY)}"},
        ],
        "lines": [
            _line(18, f"{short_money(1200, CURRENCY)} {times(150)} ({_('Gold')})", _("just now")),
            _line(9, f"{short_money(600, CURRENCY)} {times(150)} ({_('Gold')})", _("yesterday")),
        ],
    }


def _line(amount: int, what: str, when: str) -> dict[str, str]:
    return {"amount": signed(amount), "what": what, "where": "Croix-Rousse", "when": when}


def receipt() -> dict[str, Any]:
    """Where eighteen points came from."""
    return {
        "total": signed(18),
        "total_label": _("Mia now has %(balance)s") % {"balance": number(BALANCE)},
        "lines": [
            {
                "label": _("%(money)s spent") % {"money": money(COFFEE_MINOR, CURRENCY)},
                "note": _("1 point per %(money)s") % {"money": short_money(100, CURRENCY)},
                "amount": signed(12),
            },
            {
                "label": _("Gold"),
                "note": _("counts %(times)s") % {"times": times(150)},
                "amount": signed(6),
            },
        ],
    }


def ladder() -> list[dict[str, str]]:
    """The three tiers of the ladder that one button makes, highest first."""
    from_money = [
        _("from %(money)s") % {"money": short_money(it, CURRENCY)} for it in (GOLD_MINOR, SILVER_MINOR)
    ]
    return [
        {"name": _("Gold"), "threshold": from_money[0], "perk": times(150), "pip": "gold"},
        {"name": _("Silver"), "threshold": from_money[1], "perk": times(125), "pip": "silver"},
        {"name": _("Bronze"), "threshold": _("on joining"), "perk": times(100), "pip": "bronze"},
    ]
