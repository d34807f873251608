"""Links: made, found by what is printed, renamed, stopped, set going again. Never deleted: paper cannot be called back.

A printed code says the merchant's number and six random letters, which no other link of the merchant's ever has. No text of a
merchant's is part of that, nor of where it leads.
"""

import datetime as dt
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import Decline, DomainError
from core.text import read_text
from loyalty.models import Programme
from loyalty.purchases.earning import LocationUnknown
from members.cards import SPOKEN_ALPHABET
from merchants.models import Location, Merchant
from merchants.onboarding import NameMissing
from rewards.catalogue import RewardUnknown
from rewards.models import Reward
from studio.models import Link

Kind = Link.Kind

ALPHABET = SPOKEN_ALPHABET.lower()  # no look-alikes: somebody types it from a poster that does not scan
LETTERS = 6
MOST_NUMBER_LETTERS = 7  # 32 bits
LONGEST_LABEL, LONGEST_NAME = 80, 60
_ADDRESS = re.compile(rf"/q/([{ALPHABET}]+)/[{ALPHABET}]{{{LETTERS}}}$")
MOST_LINKS = 1000  # that lead: one for every table and every partner of a chain; more is a script


class LinkUnknown(DomainError):
    """No such link of this merchant's."""

    code = "link_not_found"
    message = _("There is no such link.")


class LinkStopped(Decline):
    """A link of this merchant's that brings nobody any more."""

    code = "link_stopped"
    message = _("This link is stopped: nobody joins by it.")
    field = "link"


class TooManyLinks(DomainError):
    """More than anybody hangs up. Those that were stopped do not count."""

    code = "too_many_links"
    message = _("%(most)d codes are in use, and more are not possible. Stop one that nobody scans any more.")


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to be made, of a `kind` of `Link.Kind`. `label`: what the shop calls it. A reward's kind needs its reward, and no other has one."""

    kind: str
    label: str
    partner: str = ""
    campaign: str = ""
    location_id: UUID | None = None
    reward_id: UUID | None = None


def make_link(*, asked: NewLink, actor_id: UUID | None, link_id: UUID | None = None) -> Link:
    """Make a link; it leads from now on. Repeating `link_id` changes nothing. In the merchant's scope.

    Raises NameMissing, TextTooLong, TextForbidden, LocationUnknown, RewardUnknown, TooManyLinks.
    """
    label = _named(asked.label)
    partner = _one_line(asked.partner, LONGEST_NAME, "partner")
    campaign = _one_line(asked.campaign, LONGEST_NAME, "campaign")
    made = Link.objects.filter(id=link_id).first() if link_id else None
    if made is not None:
        return made
    if asked.location_id and not Location.objects.filter(id=asked.location_id, closed_at=None).exists():
        raise LocationUnknown(field="location")
    reward_id = asked.reward_id if asked.kind == Kind.REWARD else None
    if asked.kind == Kind.REWARD and not (reward_id and Reward.objects.filter(id=reward_id).exists()):
        raise RewardUnknown(field="reward")
    link = Link(
        **({"id": link_id} if link_id else {}),
        kind=Kind(asked.kind),
        label=label,
        partner=partner,
        campaign=campaign,
        location_id=asked.location_id,
        reward_id=reward_id,
        made_by=actor_id,
    )
    try:
        with transaction.atomic():
            _refuse_full()
            return _save(link, actor_id)
    except (IntegrityError, TooManyLinks):  # the same form, sent twice at once
        made = Link.objects.filter(id=link_id).first() if link_id else None
        if made is None:
            raise
        return made


def poster_link(location: Location) -> Link:
    """What the poster of a location says, always the same: made when somebody first looks at that poster. In the scope."""
    found = Link.objects.filter(location=location, is_poster=True).first()
    if found is not None:
        return found
    try:
        return _save(Link(kind=Kind.JOIN, label=location.name, location=location, is_poster=True), None)
    except IntegrityError:  # two looked at the same moment
        return Link.objects.get(location=location, is_poster=True)


def rename_link(*, link_id: UUID, label: str, actor_id: UUID | None) -> Link:
    """Call it something else; where it leads does not follow from that. Raises LinkUnknown, NameMissing, TextTooLong, TextForbidden."""
    new = _named(label)
    with transaction.atomic():
        link = _locked(link_id)
        if link.label != new:
            link.label = new
            link.save(update_fields=["label"])
            _record("link.renamed", link, actor_id)
    return link


def stop_link(*, link_id: UUID, actor_id: UUID | None) -> Link:
    """From now on its page says kindly that it is over. Repeating changes nothing. Raises LinkUnknown."""
    return _stopped(link_id, timezone.now(), "link.stopped", actor_id)


def resume_link(*, link_id: UUID, actor_id: UUID | None) -> Link:
    """As if it had not been stopped. Repeating changes nothing. Raises LinkUnknown, TooManyLinks."""
    return _stopped(link_id, None, "link.resumed", actor_id)


def find_link(letters: str) -> Link | None:
    """By its letters, stopped or not; None for none of this merchant's. In the merchant's scope; no query for what is no link."""
    if len(letters) != LETTERS or not set(letters) <= set(ALPHABET):
        return None
    return Link.objects.filter(letters=letters).first()


def leading_link(letters: str) -> Link | None:
    """The same, but None for one that was stopped: it brings nobody, though its address be kept in an old tab."""
    link = find_link(letters)
    return link if link is not None and link.stopped_at is None else None


def link_to_join_by(link_id: UUID) -> Link:
    """The link that somebody says they came by. In the scope. Raises LinkUnknown, LinkStopped."""
    link = Link.objects.select_related("location").filter(id=link_id).first()
    if link is None:
        raise LinkUnknown(field="link")
    if link.stopped_at is not None:
        raise LinkStopped
    return link


def all_links(after: Sequence[Any] | None = None) -> QuerySet[Link]:
    """Newest first, with their locations and rewards; those `after` a link, which is told as its (made_at, id)."""
    found = Link.objects.select_related("location", "reward").order_by("-made_at", "-id")
    if after is None:
        return found
    made_at, link_id = after
    return found.filter(Q(made_at__lt=made_at) | Q(made_at=made_at, id__lt=link_id))


def link_address(link: Link, merchant: Merchant) -> str:
    """What its QR says: short, so that its modules are large."""
    return address_of(merchant, link.letters)


def address_of(merchant: Merchant, letters: str) -> str:
    """What the QR of the merchant's link with these letters says. All of a merchant's are equally long."""
    return f"{settings.BASE_URL}/q/{letters_of(merchant.number)}/{letters}"


def is_address_of(text: str, merchant: Merchant) -> bool:
    """Whether a text that somebody scanned is what a link of this merchant's says; the database is not asked."""
    said = _ADDRESS.search(text.strip())
    return said is not None and number_of(said[1]) == merchant.number


def letters_of(number: int) -> str:
    """A merchant's number in the letters of links."""
    letters = ""
    while number or not letters:
        number, digit = divmod(number, len(ALPHABET))
        letters = ALPHABET[digit] + letters
    return letters


def number_of(letters: str) -> int | None:
    """The merchant's number that `letters_of` wrote so; None for what it never writes."""
    if not 0 < len(letters) <= MOST_NUMBER_LETTERS or not set(letters) <= set(ALPHABET):
        return None
    number = 0
    for letter in letters:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    return number if letters_of(number) == letters else None


def _named(label: str) -> str:
    """The label as it is kept."""
    read = _one_line(label, LONGEST_LABEL, "label")
    if not read:
        raise NameMissing(field="label")
    return read


def _one_line(text: str, limit: int, field: str) -> str:
    return " ".join(read_text(text, limit=limit, field=field).split())


def _save(link: Link, actor_id: UUID | None) -> Link:
    """With letters that no other has: thirty to the sixth, so a collision is rare, and another draw settles it."""
    while True:
        link.letters = "".join(secrets.choice(ALPHABET) for _letter in range(LETTERS))
        if not Link.objects.filter(letters=link.letters).exists():
            break
    with transaction.atomic():
        link.save(force_insert=True)
        _record("link.made", link, actor_id)
    return link


def _stopped(link_id: UUID, at: dt.datetime | None, event: str, actor_id: UUID | None) -> Link:
    """Stopped from a moment on, or, with None, not any more; nothing where it is so already."""
    with transaction.atomic():
        link = _locked(link_id)
        if (link.stopped_at is None) != (at is None):
            if at is None:
                _refuse_full()
            link.stopped_at = at
            link.save(update_fields=["stopped_at"])
            _record(event, link, actor_id)
    return link


def _refuse_full() -> None:
    """Raises TooManyLinks. Who makes or resumes another at the same moment waits, and counts afterwards."""
    list(Programme.objects.select_for_update(no_key=True).values_list("id"))
    if Link.objects.filter(stopped_at=None).count() >= MOST_LINKS:
        raise TooManyLinks(most=MOST_LINKS)


def _locked(link_id: UUID) -> Link:
    link = Link.objects.select_for_update().filter(id=link_id).first()
    if link is None:
        raise LinkUnknown
    return link


def _record(event: str, link: Link, actor_id: UUID | None) -> None:
    events.record(
        event,
        {
            "link": str(link.id),
            "kind": link.kind,
            "label": link.label,
            "actor": str(actor_id) if actor_id else None,
        },
    )
