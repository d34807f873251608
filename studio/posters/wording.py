"""What a shop's printed matter says in a language: its headline, how one joins, and what its programme offers, as it is now."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from loyalty.programme.versions import version_in_force
from merchants.models import Merchant
from rewards.catalogue import live_rewards, offer_of
from rewards.models import Reward
from rewards.offers import Offer
from studio.models import Link
from studio.posters.contents import Content
from studio.posters.promises import promise_of

LONGEST_HEADLINE = 40  # letters: three lines that are read from the door


@dataclass(frozen=True)
class OwnWords:
    """What a shop says in the place of our words; what is empty stays ours."""

    headline: str = ""
    promise: str = ""


OURS = OwnWords()


def content_of(merchant: Merchant, link: Link, language: str, own: OwnWords = OURS) -> Content:
    """What stands around the code of a link, which comes with its location and reward. In the merchant's scope, two queries."""
    promised = promise_of(version_in_force(), _for_everybody(link), language)
    with override(language):
        return Content(
            shop=merchant.name,
            headline=own.headline or _("The usual?"),
            call=_("Scan, leave a number"),
            below=_("and that’s all"),
            promise=own.promise or promised.words,
            address=link.location.address if link.location else "",
            circles=promised.circles,
            trade=merchant.trade,
            no_app=_("No app, no password."),
            no_phone=_("No phone? Ask for a card at the counter."),
            language=language,
        )


def _for_everybody(link: Link) -> Sequence[Offer]:
    """What anybody may take for units: of a reward's link that one alone."""
    rewards = [link.reward] if link.reward else live_rewards()
    return [offer_of(reward) for reward in rewards if _is_for_everybody(reward)]


def _is_for_everybody(reward: Reward) -> bool:
    is_there = reward.stock is None or reward.taken < reward.stock
    return reward.status == Reward.Status.LIVE and reward.cost > 0 and is_there and not reward.conditions
