"""The link that a member passes on to a friend, and what both have of it."""

from typing import Any

from core.languages import reader_language
from loyalty.programme.versions import version_in_force
from loyalty.wording import say_rule
from members.referring import friend_link
from web.card.session import CardRequest


def friend_words(request: CardRequest) -> dict[str, Any] | None:
    """`link`, and `rules` in words; None where the programme gives nothing for a friend. In the merchant's scope."""
    version = version_in_force()
    asked = [rule for rule in version.rules if rule.active and rule.trigger in ("referrer", "friend")]
    if not asked:
        return None
    return {
        "link": friend_link(request.card, request.merchant),
        "rules": [say_rule(rule, version, reader_language()) for rule in asked],
    }
