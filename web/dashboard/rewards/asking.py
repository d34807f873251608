"""What a reward asks of whoever takes it: as rules ask it, said with more or with less; and what there is to choose from."""

from dataclasses import dataclass, replace

from loyalty.gallery.templates import Kit
from loyalty.rules.types import Rule, Version
from loyalty.wording.reader import Places, Reader
from rewards.offers import CONDITIONS, Offer
from web.dashboard.sentences import Extra, extras_of, offers, with_extra, without_extra


@dataclass(frozen=True, slots=True)
class Known:
    """Who reads at the desk, with what there is to choose from, and for whom values are made."""

    reader: Reader
    kit: Kit

    @property
    def version(self) -> Version:
        """The programme in force, which whoever reads at the desk knows."""
        assert self.reader.version is not None
        return self.reader.version

    @property
    def places(self) -> Places:
        """Names of locations by their id."""
        return self.reader.places


def asked_as(offer: Offer) -> Rule:
    """What it asks, as a rule would."""
    return Rule("", "visit", offer.unit, conditions=offer.conditions)


def more_to_ask(offer: Offer, known: Known) -> list[Extra]:
    """What it does not ask and could."""
    return [one for one in offers(asked_as(offer), known.version, known.places) if one.extra in CONDITIONS]


def asked_now(offer: Offer) -> list[Extra]:
    """What it asks and need not."""
    return [one for one in extras_of(asked_as(offer)) if one.extra in CONDITIONS]


def with_condition(offer: Offer, extra: str, known: Known, *, out: bool) -> Offer:
    """The offer asking that too, with first values to be filled in, or not any more. Raises LookupError."""
    if extra not in {one.extra for one in (asked_now(offer) if out else more_to_ask(offer, known))}:
        raise LookupError(extra)
    rule = asked_as(offer)
    after = without_extra(rule, extra) if out else with_extra(rule, extra, known.version, known.places)
    return replace(offer, conditions=after.conditions)
