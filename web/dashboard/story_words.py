"""What became of a purchase and of a tier, and what was taken or given back, in the words of a member's story."""

from django.utils.translation import gettext as _

from loyalty.membership.story import StoryLine
from loyalty.membership.tier_story import TierTurn
from loyalty.models import Purchase
from loyalty.rules.types import Version
from web.templatetags.habitue import money, number
from web.tiers import say_turn


def became(purchase: Purchase) -> str:
    """What of a purchase went back since; empty where nothing did."""
    if purchase.cancelled_at:
        return _("Cancelled since.")
    if purchase.ended_at:
        return _("Refunded since.")
    spent = money(purchase.refunded_minor, purchase.currency)
    return _("%(money)s refunded since.") % {"money": spent} if purchase.refunded_minor else ""


def of_change(line: StoryLine) -> list[str]:
    """What was taken or given back, in the words of whoever did it, and who that was."""
    sentences = []
    units = {"units": number(line.units), "all": number(line.reasons.get("units", 0))}
    if line.kind == "take_back" and line.units == line.reasons.get("units"):
        sentences.append(_("Takes back the %(units)s it had given.") % units)
    elif line.kind == "take_back":
        sentences.append(_("Takes back %(units)s of the %(all)s it had given.") % units)
    elif line.kind == "return":
        sentences.append(_("Gives back %(units)s that were used on it.") % units)
    elif line.kind == "capture":
        sentences.append(_("They had been set aside for it."))
    if line.note:
        sentences.append(_("“%(note)s”") % {"note": line.note})
    if line.actor:
        sentences.append(_("By %(name)s.") % {"name": line.actor.partition(" ")[0]})
    return sentences


def of_tier(turn: TierTurn, version: Version) -> dict[str, str]:
    """A tier that was lost, may be lost, or began with its season, or what came with one and was taken back: what, and why."""
    what, why = say_turn(turn, version)
    icon = "gift" if turn.voucher else "award" if turn.is_up and turn.lost_on is None else "hourglass"
    return {"icon": icon, "what": what, "why": why}
