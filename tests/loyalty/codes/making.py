"""Codes for tests: made, entered, and a rule that gives for them."""

from dataclasses import replace

import orjson

from core import tenancy
from core.ids import new_id
from loyalty.codes import batches, texts, using
from loyalty.programme.publishing import change_programme
from loyalty.rules.editing import with_rule
from loyalty.rules.types import Condition
from members.cards import Scanned
from tests.loyalty.happenings.test_greeting import flat
from tests.loyalty.ruled import with_rules

OATLY = batches.NewBatch(name="Oat cartons", size=20, source="Oatly")
# What somebody may type, or a camera read, and no code is.
NO_TEXTS = ["http://[?code=ABC", "AB\x00CD", "?code=%00AB", "SUMMER_26", "?code=a%20%2F%20b"]


def gives(merchant, amount=20, *names, **more):
    """So many points for a code, of these batches or of any."""
    rule = flat(merchant, "code", amount)
    conditions = (Condition("batch", {"any": list(names)}),) if names else ()
    return with_rules(merchant, replace(rule, conditions=conditions, **more))


def gives_by_chance(merchant, *conditions):
    """20 points for every other code."""
    coin = Condition("chance", {"seed": "pastry", "one_in": 2})
    return with_rules(merchant, replace(flat(merchant, "code", 20), conditions=(coin, *conditions)))


def also_gives(merchant, amount=20, trigger="code"):
    """The same beside the rules that there are; or for something else than a code."""
    with tenancy.scope(merchant.id):
        rule = flat(merchant, trigger, amount)
        change_programme(merchant=merchant, change=lambda version: with_rule(version, rule), actor=None)


def made(merchant, **said):
    """Codes like those on the oat cartons, but for what is said."""
    with tenancy.scope(merchant.id):
        return batches.make_batch(asked=replace(OATLY, **said), actor_id=None)


def code(merchant, batch, serial=1):
    """One of a batch, as it is printed."""
    return texts.code_at(merchant.id, texts.Place(batch.number, serial))


def enter(merchant, member, typed, key=None, **more):
    """Enter a code for a member; what is kept as the answer."""
    with tenancy.scope(merchant.id):
        return using.enter_code(
            merchant=merchant,
            who=Scanned(member_id=member.id),
            typed=typed,
            key=key or new_id(),
            asked=[typed],
            **more,
        )


def told(answered):
    """The answer as a program reads it."""
    return orjson.loads(answered.body)
