"""The programme begun, and its name changed."""

from django.db import transaction

from core.ids import new_id
from core.money import exponent
from core.text import read_text
from loyalty.models import STATIC_A_DAY, Programme
from loyalty.programme.publishing import Change, publish
from loyalty.rules import types
from loyalty.rules.editing import renamed, with_rule
from loyalty.rules.limits import Limits
from merchants.models import Merchant
from merchants.onboarding import NameMissing

POINTS = {"en": ("point", "points"), "fr": ("point", "points")}


def start_programme(*, merchant: Merchant, name: str, welcome: int = 0) -> Programme:
    """The first programme of the current merchant: points, one for each unit of its currency. Published at once."""
    unit = types.Unit(str(new_id()), "points", POINTS)
    each = types.Rule(
        str(new_id()),
        "purchase",
        unit.id,
        amount=1,
        per_minor=10 ** exponent(merchant.currency),
        multiplied=True,
    )
    version = types.Version(
        number=0,
        name=read_text(name, limit=80, field="name"),
        currency=merchant.currency,
        units=(unit,),
        rules=(each,),
        tiers=(),
        limits=Limits(static_a_day=STATIC_A_DAY),
    )
    if welcome:
        joining = types.Rule(str(new_id()), "joining", unit.id, amount=welcome, gives="flat")
        version = with_rule(version, joining)
    with transaction.atomic():
        Programme.objects.create(name=version.name)
        publish(merchant=merchant, version=version, actor=None)
        return Programme.objects.get()


def renaming(name: str) -> Change:
    """A change of the programme's name, for `drafting.change_draft`. Raises NameMissing, TextTooLong."""
    name = read_text(name, limit=80, field="name")
    if not name:
        raise NameMissing
    return lambda version: renamed(version, name)
