"""A part of the bill paid with units, at the till: what is offered beside the amount, what was chosen, what it came to."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.languages import reader_language
from core.money import read_amount, read_typed_amount, say_money
from loyalty.purchases.earning import NewPurchase
from loyalty.queries import MemberStanding
from loyalty.rules.paying import Asked, payable, pays, worth_of
from loyalty.rules.types import Version
from loyalty.wording.reader import Reader
from members.models import Member
from rewards.proof import ways_of
from web.scanner import card_texts

NOTHING, MOST, SOME = "", "most", "some"


def pay_choices(standing: MemberStanding, member: Member, code: str) -> dict[str, Any] | None:
    """As `scanner/_paying.html` takes it: the unit that pays, its name, the most that all of it would pay, and what is
    asked (`rewards.proof.Ways`), for a code that is no proof of who holds it.

    None where nothing pays, where the member has none, and for such a code where there is no way to prove it. One query, then.
    """
    found = _first_that_pays(standing)
    if found is None or code.startswith(card_texts.NOTE):
        return found
    ways = ways_of(member)
    return found | {"asks": ways} if ways.pin or ways.code else None


def _first_that_pays(standing: MemberStanding) -> dict[str, Any] | None:
    version = standing.version
    reader = Reader(reader_language(), version.currency, version)
    for unit in payable(version):
        worth, has = worth_of(unit), standing.balances.get(unit.code, {"available": 0})["available"]
        most = pays(worth, has) if worth else None
        if most and most.minor:
            return {"unit": unit.code, "units": reader.many(unit.id), "most": reader.price(most.minor)}
    return None


def as_if_proven(bought: NewPurchase) -> NewPurchase:
    """For what is only foretold: nothing is spent, and a PIN that is half typed is not a wrong one."""
    return replace(bought, pay=replace(bought.pay, is_proven=True)) if bought.pay else bought


def read_pay(said: QueryDict, currency: str) -> Asked | None:
    """What was chosen. Raises AmountUnreadable, AmountOutOfRange, AmountTooPrecise."""
    unit, how = said.get("pay_unit", "").strip()[:40], said.get("pay", NOTHING)
    if not unit or how not in {MOST, SOME}:
        return None
    minor = read_typed_amount(said.get("pay_money", ""), currency) if how == SOME else None
    return Asked(unit, minor=minor)


def paid_words(answer: Mapping[str, Any], version: Version) -> dict[str, str] | None:
    """What it came to, from the stored answer: `how` it was paid, what that `takes`, and what is `left` to pay; None where no
    unit paid.
    """
    paid = answer.get("paid")
    if paid is None:
        return None
    language, currency = reader_language(), version.currency
    unit = next((one for one in version.units if one.code == paid["unit"]), version.units[0])
    money = say_money(read_amount(paid["money"], currency), currency, language)
    left = say_money(
        read_amount(paid["left"], currency) if paid["left"].strip("0.") else 0, currency, language
    )
    units = Reader(language, currency, version).units(unit.id, paid["amount"])
    how = money if unit.kind == "credit" else _("%(units)s paid %(money)s") % {"units": units, "money": money}
    return {"how": how, "takes": f"−{units}", "left": left}
