"""A tier as every surface shows it: its dot, its ink, and how far the next one is. It reads nothing."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from core.languages import reader_language
from loyalty.membership.tier_story import TierTurn
from loyalty.queries import MemberStanding
from loyalty.rules.tiers import Tier
from loyalty.rules.types import Version
from loyalty.wording import say_climbed, say_keeping
from rewards.offers import say_in
from web.templatetags.habitue import full_date

METALS = ("bronze", "silver", "gold")
METAL_OF = {"bronze": "bronze", "silver": "silver", "argent": "silver", "gold": "gold", "or": "gold"}


def pips_of(names: Sequence[str]) -> list[str]:
    """The dots of a ladder whose tiers are called so, lowest first: bronze, silver, gold, then ink. Where tiers are called
    after metals, each has its own and the others have ink: of Silver and Gold none is bronze.
    """
    metals = [METAL_OF.get(name.strip().casefold(), "") for name in names]
    if any(metals):
        return [metal or str(len(METALS) + place) for place, metal in enumerate(metals, start=1)]
    return [METALS[place] if place < len(METALS) else str(place + 1) for place in range(len(names))]


def pip_of(tier: Tier | None, tiers: Sequence[Tier]) -> str:
    """The same, of a tier in its ladder, which stands lowest first. Empty without a tier."""
    return pips_of([each.name for each in tiers])[tiers.index(tier)] if tier else ""


def ink_of(tier: Tier | None, tiers: Sequence[Tier]) -> str:
    """What a tier's seal is stamped with: its metal, or the merchant's own colour beyond the third."""
    pip = pip_of(tier, tiers)
    return pip if pip in METALS else "brand"


def say_keeping_of(standing: MemberStanding) -> str:
    """ "Spend €38 more by 31 December to stay Gold", or nothing where no tier is about to be lost."""
    warned, tier = standing.warned, standing.tier
    if warned is None or tier is None:
        return ""
    return say_keeping(warned.short, warned.by, tier, standing.version, reader_language())


def say_way_to(tier: str, left: int, version: Version) -> str:
    """ "€38 to Gold", "2 visits to Gold"."""
    said = say_climbed(max(left, 0), version, reader_language())
    return _("%(money)s to %(tier)s") % {"money": said, "tier": tier}


def say_turn(turn: TierTurn, version: Version) -> tuple[str, str]:
    """What became of a tier, and why: "No longer Gold", "It was not earned again. Silver from that day on."

    `version` says only how units and money are written.
    """
    if turn.voucher:
        name = say_in(turn.voucher, reader_language())
        return _("Voucher taken back: %(name)s") % {"name": name}, _(
            "What had brought its tier was taken back."
        )
    if turn.lost_on is not None:
        then = replace(version, ladder=replace(version.ladder, climbing=turn.climbing))
        short = say_climbed(turn.short, then, reader_language())
        why = _("%(short)s short: it is lost on %(day)s.") % {"short": short, "day": full_date(turn.lost_on)}
        return _("About to lose %(tier)s") % {"tier": turn.tier or _("a tier")}, why
    if not turn.why:
        return _("A tier changed"), ""
    if turn.is_up:
        begun, lifted = _("Its season has begun."), _("The tiers were changed, and this one is reached.")
        return _("Now %(tier)s") % {"tier": turn.tier}, begun if turn.why == "season_begun" else lifted
    is_over = turn.why == "season_over"
    why = _("Its season is over.") if is_over else _("It was not earned again.")
    since = (
        _("%(tier)s from that day on.") % {"tier": turn.tier} if turn.tier else _("No tier from that day on.")
    )
    return _("No longer %(tier)s") % {"tier": turn.before}, f"{why} {since}"
