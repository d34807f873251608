"""How much of a purchase is paid with units, as a till sends it: `pay`. No query."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from api.fields import Fields
from api.refusals import ValueOfWrongKind
from core.errors import DomainError
from core.money import read_amount
from loyalty.rules.paying import Asked

HOW = ("amount", "money", "most")
PAY = frozenset({"unit", *HOW})
PROOF = frozenset({"proof"})
MOST_UNITS = 1_000_000_000  # beyond what any member has
LONGEST_UNIT = 40
LONGEST_PROOF = 40  # a PIN or a code, with whatever spaces


class PayAmbiguous(DomainError):
    """How much is not said, or in two ways."""

    code = "pay_ambiguous"
    message = _("Say exactly one of %(names)s.")
    field = "pay"


class PaidTwice(DomainError):
    """Units that the till has taken, and units that we are to take."""

    code = "paid_twice"
    message = _("Say paid_with_units only for what was taken elsewhere: what pay asks for is taken here.")
    field = "paid_with_units"


def read_pay(fields: Fields, bill: Mapping[str, Any], currency: str) -> Asked | None:
    """What these fields ask to be paid with units. Whom the key names by its id, the program has made sure of itself.

    Raises PayAmbiguous, PaidTwice, and what fields and amounts raise.
    """
    if "pay" not in fields.values:
        return None
    value = fields.values["pay"]
    if type(value) is not dict:
        raise ValueOfWrongKind(field="pay", kind=_("an object"))
    if "paid_in_units_minor" in bill:
        raise PaidTwice
    pay = Fields(value, PAY, where="pay.")
    pay.require("unit")
    if sum(name in value for name in HOW) != 1:
        raise PayAmbiguous(names=", ".join(HOW))
    if "most" in value and value["most"] is not True:
        raise ValueOfWrongKind(field="pay.most", kind="true")
    return Asked(
        pay.text("unit", limit=LONGEST_UNIT),
        units=pay.whole("amount", least=1, most=MOST_UNITS, default=1) if "amount" in value else None,
        minor=_money(pay, currency) if "money" in value else None,
        is_proven="member" in fields.values,
    )


def read_proof(values: dict[str, Any]) -> str:
    """The PIN or the code that proves it, taken out of the body: another one is the same request.

    Raises ValueOfWrongKind, TextTooLong.
    """
    return Fields({"proof": values.pop("proof", "")}, PROOF).code("proof", limit=LONGEST_PROOF)


def _money(pay: Fields, currency: str) -> int:
    text = pay.amount("money")
    try:
        return read_amount(text, currency)
    except DomainError as refusal:
        refusal.field = "pay.money"
        raise
