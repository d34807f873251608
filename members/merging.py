"""Two members who are one: the row of the one merged leads to the one who stays, and what that one lacks is taken over.

What `members` knows of it. Units and standings are another room's: see `loyalty.membership.merging`.
"""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from members.cards_replacing import replace_card
from members.enrolment import Profile
from members.models import Consent, Member
from members.profiles import consents_of, last_answer

TAKEN = ("name", "phone", "email", "birthday")
CONTACTS = ("phone", "email")  # of which no two members have the same
MERGING, PARTING = "merge", "unmerge"  # where an answer comes from that no member gave


class NobodyReached(DomainError):
    """Parted again, one of the two would have neither a number nor an address."""

    code = "contact_missing_after_unmerge"
    message = _(
        "%(name)s would be left without a phone number and an e-mail. Add one of them to %(stays)s first."
    )


class ContactLost(DomainError):
    """What reached the merged member was changed since, and is not known any more."""

    code = "contact_lost"
    message = _("No phone number and no e-mail of %(name)s is known any more, so nobody would be reached.")


def taken_by(stays: Member, goes: Member) -> list[str]:
    """What the one who stays lacks and would have from the other."""
    return [field for field in TAKEN if not getattr(stays, field) and getattr(goes, field)]


def narrowed_by(stays: Member, goes: Member) -> list[str]:
    """To which purposes the one who stays said yes and the other, whose address it would get, did not."""
    if "email" not in taken_by(stays, goes):
        return []
    mine, theirs = consents_of(stays), consents_of(goes)
    return [purpose for purpose, given in mine.items() if given and not theirs.get(purpose)]


def lead_to(*, stays: Member, goes: Member, now: dt.datetime) -> None:
    """From now on who looks for `goes` finds `stays`. Both rows are locked by the caller.

    No answer widens: what the owner of an address did not agree to is not sent there.
    """
    for purpose in narrowed_by(stays, goes):
        Consent.objects.create(member=stays, purpose=purpose, given=False, source=MERGING)
    taken = taken_by(stays, goes)
    given: dict[str, Any] = {field: getattr(goes, field) for field in taken}
    if "email" in taken:
        given["email_verified_at"] = goes.email_verified_at
        goes.email_verified_at = None
    for field in set(taken) & set(CONTACTS):
        setattr(goes, field, "")
    goes.merged_into, goes.merged_at, goes.gave = stays, now, taken
    _keep(goes)
    for field, value in given.items():
        setattr(stays, field, value)
    stays.tags = {**goes.tags, **stays.tags}
    _keep(stays)


def part(*, stays: Member, goes: Member) -> None:
    """Undo `lead_to`: what was taken over and not changed since goes back. Both rows are locked by the caller.

    With an address that goes back, the card of the one who stays is replaced: letters sent there meanwhile open it.
    Raises NobodyReached, ContactLost; then nothing was changed.
    """
    gave = list(goes.gave)
    refuse_unreachable(stays=stays, goes=goes)
    back: dict[str, Any] = {field: getattr(stays, field) for field in gave}
    if "email" in gave:
        back["email_verified_at"] = stays.email_verified_at
        stays.email_verified_at = None
        _answer_again(stays)
    for field in gave:
        setattr(stays, field, None if field == "birthday" else "")
    # What was said of the other person, known by the moment and by who said it, is no longer said of this one.
    stays.tags = {tag: given for tag, given in stays.tags.items() if goes.tags.get(tag) != given}
    _keep(stays)
    for field, value in back.items():
        setattr(goes, field, value)
    goes.merged_into, goes.merged_at, goes.gave = None, None, []
    _keep(goes)
    if "email" in gave:
        replace_card(member=stays, actor=PARTING)


def refuse_unreachable(*, stays: Member, goes: Member) -> None:
    """Whether each of the two would have a number or an address of its own. Raises NobodyReached, ContactLost."""
    kept = [field for field in CONTACTS if getattr(stays, field) and field not in goes.gave]
    if not kept:
        raise NobodyReached(name=stays, stays=stays)
    back = [field for field in CONTACTS if getattr(goes, field) or field in goes.gave]
    if not back:
        raise ContactLost(name=goes)


def _answer_again(stays: Member) -> None:
    """What the merge narrowed is again as the member itself had answered."""
    for purpose in Consent.Purpose.values:
        last = last_answer(stays, purpose)
        if last is not None and last.source == MERGING:
            Consent.objects.create(member=stays, purpose=purpose, given=True, source=PARTING)


def _keep(member: Member) -> None:
    profile = Profile(member.name, member.phone, member.email, member.locale, member.birthday)
    member.search = profile.search
    member.save(
        update_fields=[*TAKEN, "search", "tags", "email_verified_at", "merged_into", "merged_at", "gave"],
    )
