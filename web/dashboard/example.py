"""What one purchase gives in each tier, worked out by the engine itself: the rules, understood at a glance."""

from typing import Any

from django.utils import timezone

from core.languages import reader_language
from core.money import exponent
from loyalty.programme.trying import Basket, try_for_tier
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from loyalty.wording import say_reason
from web.templatetags.habitue import short_money, signed

LUNCH = 12  # for two at the counter, in whole units of the currency


def example_of(version: Version) -> dict[str, Any]:
    """Lines of a receipt, highest tier first, for one amount."""
    amount = LUNCH * 10 ** exponent(version.currency)
    ladder: list[Tier | None] = [*reversed(version.tiers)]
    return {
        "amount": short_money(amount, version.currency),
        "lines": [_line(version, tier, amount) for tier in ladder or [None]],
    }


def _line(version: Version, tier: Tier | None, amount: int) -> dict[str, str]:
    verdict = try_for_tier(
        version=version, basket=Basket(amount, timezone.localtime()), tier_id=tier.id if tier else None
    )
    awards = [award for award in verdict.awards if award.unit == version.units[0].id]
    language = reader_language()
    reasons = [say_reason(award.reason.as_json(), version.currency, language, version) for award in awards]
    return {
        "label": tier.name if tier else "",
        "note": " + ".join(reasons),
        "amount": signed(sum(award.amount for award in awards)),
    }
