"""What one purchase gives in each tier, worked out by the engine itself: the rules, understood at a glance."""

from typing import Any

from django.utils import timezone

from core.languages import reader_language
from core.money import exponent
from loyalty.rules.engine import judge
from loyalty.rules.facts import Facts
from loyalty.rules.types import Tier, Version
from loyalty.wording import say_reason
from web.templatetags.habitue import short_money, signed

EXAMPLE = 12  # a lunch for two at the counter, in whole units of the currency


def example_of(version: Version) -> dict[str, Any]:
    """Lines of a receipt, highest tier first, for one amount."""
    amount = EXAMPLE * 10 ** exponent(version.currency)
    ladder: list[Tier | None] = [*reversed(version.tiers)]
    return {
        "amount": short_money(amount, version.currency),
        "lines": [_line(version, tier, amount) for tier in ladder or [None]],
    }


def _line(version: Version, tier: Tier | None, amount: int) -> dict[str, str]:
    facts = Facts("purchase", amount, tier.id if tier else None, moment=timezone.localtime())
    awards = [award for award in judge(facts, version).awards if award.unit == version.units[0].id]
    language = reader_language()
    reasons = [say_reason(award.reason.as_json(), version.currency, language, version) for award in awards]
    return {
        "label": tier.name if tier else "",
        "note": " + ".join(reasons),
        "amount": signed(sum(award.amount for award in awards)),
    }
