"""Why a reward is not taken, or not handed over: answers about how things stand, each kept under its key."""

from django.utils.translation import gettext_lazy as _

from core.errors import Decline


class RewardSoldOut(Decline):
    """The last one is held by or was handed to somebody else."""

    code = "reward_sold_out"
    message = _("%(name)s is sold out.")


class RewardWithdrawn(Decline):
    """It is not offered any more."""

    code = "reward_withdrawn"
    message = _("%(name)s is not offered any more.")


class RewardRefused(Decline):
    """It is not for this member, or not now: the sentence says why, and from when it is possible."""

    code = "reward_refused"
    message = _("%(name)s: %(why)s.")


class RewardNotNow(RewardRefused):
    """It is offered on other days or hours."""

    code = "reward_not_now"


class RewardNotForMember(RewardRefused):
    """It is for other members."""

    code = "reward_not_for_member"


class RewardElsewhere(RewardRefused):
    """It is offered at another location."""

    code = "reward_elsewhere"


class RewardLimitReached(RewardRefused):
    """The member has taken as many as anybody may."""

    code = "reward_limit_reached"


class BasketShort(RewardRefused):
    """Of what it makes free, too little was bought on that purchase."""

    code = "basket_short"


class RedemptionClosed(Decline):
    """It has ended already, otherwise than asked."""

    code = "redemption_closed"
    message = _("This cannot be done: the reward is marked “%(status)s”.")


class VoucherClosed(RedemptionClosed):
    """It was used, has run out or was stopped: the sentence says which, and when."""

    code = "voucher_closed"
    message = "%(why)s"  # type: ignore[assignment]  # the sentence is translated already


class PurchaseNotOpen(Decline):
    """The purchase is another member's, or of a card before that was merged, where what was paid with units is with the one who
    stays; or a part of it went back before the reward was used on it."""

    code = "purchase_not_open"
    message = _(
        "Nothing can be used on that purchase: it is another member’s, was made before two cards became one, or money of it went back."
    )
    field = "purchase"


class VoidTooLate(Decline):
    """What was handed over so long ago is given back by nobody but a manager."""

    code = "void_too_late"
    message = _("That was handed over more than %(days)s days ago. A manager can still give it back.")
