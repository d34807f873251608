"""Merging two members who are one person, and parting them again for thirty days: units, standing, and whom a card finds.

Nothing is copied and nothing erased. Purchases stay with the member who made them and count for the one who stays; the books
move the units by an entry in each account. The preview is made of the same values as the merge, and both refuse the same.
"""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import DomainError
from core.idempotency import KeyReused
from core.ids import key_within
from loyalty.ledger import postings, statements
from loyalty.membership.merging_standings import part_standings, unite_standings
from loyalty.models import Merge, Standing
from loyalty.programme.publishing import catch_up
from loyalty.programme.versions import version_in_force
from members import merging as rows
from members.cards import MemberUnknown
from members.models import Member
from members.queries import merged_into

PARTED_WITHIN = dt.timedelta(
    days=30
)  # long enough for the other person to come by and ask where the points are


class SameMember(DomainError):
    """A member is one already."""

    code = "same_member"
    message = _("This is the same member. Choose another one.")


class AlreadyMerged(DomainError):
    """One of the two leads to somebody else already. Merges make no chains."""

    code = "already_merged"
    message = _("%(name)s was merged into %(into)s. Merge into %(into)s instead.")


class HasMerged(DomainError):
    """Somebody was merged into the one who would go."""

    code = "has_merged"
    message = _(
        "Somebody was merged into %(name)s before, so %(name)s is the one who stays. Merge the other way round."
    )


class NotMerged(DomainError):
    """It was never merged, or was parted before."""

    code = "not_merged"
    message = _("These two are not merged any more.")


class TooLateToPart(DomainError):
    """The days are over."""

    code = "unmerge_too_late"
    message = _("A merge can be undone for 30 days, and they are over.")


def refuse(*, stays: Member, goes: Member) -> None:
    """Whether these two may be merged now. Raises SameMember, MemberUnknown, AlreadyMerged, HasMerged."""
    if stays.id == goes.id:
        raise SameMember
    for each in (stays, goes):
        if each.erased_at is not None:
            raise MemberUnknown
        if each.merged_into is not None:
            raise AlreadyMerged(name=each, into=each.merged_into)
    if merged_into(goes.id):
        raise HasMerged(name=goes)


def merge_members(*, stays_id: UUID, goes_id: UUID, key: UUID, actor_id: UUID | None) -> Merge:
    """From now on the second member is the first: its cards, number and address find the one who stays, its units, what is set
    aside and its progress are added there, and it gets no messages. Repeating `key` gives the first merge.

    Raises what `refuse` raises, TooBusy, KeyReused; then nothing was changed.
    """
    catch_up()
    with transaction.atomic():
        _lock(stays_id, goes_id)
        known = Merge.objects.filter(id=key).first()
        if known is not None:
            if (known.into_id, known.merged_id) != (stays_id, goes_id):
                raise KeyReused
            return known
        now = timezone.now()
        stays, goes = _rows(stays_id, goes_id)
        refuse(stays=stays, goes=goes)
        _move_units(stays, goes, key, actor_id, now)
        tier_before = unite_standings(stays, goes)
        rows.lead_to(stays=stays, goes=goes, now=now)
        merge = Merge.objects.create(
            id=key, merged=goes, into=stays, tier_before=tier_before, actor_id=actor_id, merged_at=now
        )
        events.record("member.merged", _fact(merge, actor_id))
    return merge


def may_part_until(merge: Merge) -> dt.datetime:
    """The last moment at which a merge can be undone."""
    return merge.merged_at + PARTED_WITHIN


def part_members(*, merge_id: UUID, actor_id: UUID | None) -> Merge:
    """Undo a merge: what is still there of its units goes back, and each has the progress of its own purchases again.

    What was bought since is the one's who stayed. Repeating it changes nothing.
    Raises NotMerged, MemberUnknown, TooLateToPart, TooBusy, and what `members.merging.part` raises: then nothing was changed.
    """
    merge = Merge.objects.filter(id=merge_id).first()
    if merge is None:
        raise NotMerged
    catch_up()
    with transaction.atomic():
        _lock(merge.into_id, merge.merged_id)
        merge.refresh_from_db()
        if merge.undone_at is not None:
            return merge
        now = timezone.now()
        stays, goes = _rows(merge.into_id, merge.merged_id)
        refuse_parting(merge=merge, stays=stays, goes=goes, now=now)
        _give_back_units(merge, actor_id, now)
        rows.part(stays=stays, goes=goes)
        part_standings(merge)
        merge.undone_at, merge.undone_by = now, actor_id
        merge.save(update_fields=["undone_at", "undone_by"])
        events.record("member.unmerged", _fact(merge, actor_id))
    return merge


def refuse_parting(*, merge: Merge, stays: Member, goes: Member, now: dt.datetime) -> None:
    """Whether a merge may be undone now. Raises as `part_members`."""
    if merge.undone_at is not None or goes.merged_into_id != stays.id:
        raise NotMerged
    if stays.erased_at is not None or goes.erased_at is not None:
        raise MemberUnknown
    if now > may_part_until(merge):
        raise TooLateToPart
    rows.refuse_unreachable(stays=stays, goes=goes)


def merges_into(member_id: UUID) -> list[Merge]:
    """The merges into this member that hold, the latest first, each with who was merged. One query."""
    found = Merge.objects.select_related("merged").filter(into_id=member_id, undone_at=None)
    return list(found.order_by("-merged_at", "-id"))


def merge_of(merge_id: UUID) -> Merge | None:
    """One merge, with both members and their merchant."""
    return Merge.objects.select_related("merged", "into", "merchant").filter(id=merge_id).first()


def _lock(one: UUID, other: UUID) -> None:
    """Accounts, then standings, in the order of a purchase's own locks; of two members the smaller id first."""
    both = sorted({one, other})
    for member_id in both:
        postings.lock(member_id)
    list(Standing.objects.select_for_update().filter(member_id__in=both).order_by("member_id"))


def _rows(stays_id: UUID, goes_id: UUID) -> tuple[Member, Member]:
    """As they are under the lock. Raises MemberUnknown."""
    found = Member.objects.select_related("merged_into").select_for_update(of=("self",), no_key=True)
    both = {member.id: member for member in found.filter(id__in=(stays_id, goes_id)).order_by("id")}
    if not {stays_id, goes_id} <= both.keys():
        raise MemberUnknown
    return both[stays_id], both[goes_id]


def _move_units(stays: Member, goes: Member, key: UUID, actor_id: UUID | None, now: dt.datetime) -> None:
    reasons = {"code": "merged", "version": version_in_force().number}
    for account in statements.accounts_of(goes.id):
        postings.merge(
            from_account_id=account.id,
            into_account_id=postings.open_account(member_id=stays.id, unit_id=account.unit_id),
            key=key_within(key, str(account.unit_id)),
            reasons=reasons,
            actor_id=actor_id,
            now=now,
        )


def _give_back_units(merge: Merge, actor_id: UUID | None, now: dt.datetime) -> None:
    reasons = {"code": "unmerged", "version": version_in_force().number}
    there = {account.unit_id: account.id for account in statements.accounts_of(merge.into_id)}
    for account in statements.accounts_of(merge.merged_id):
        moved_by = key_within(merge.id, str(account.unit_id))
        if statements.posted_amount(moved_by) is not None:
            postings.unmerge(
                from_account_id=account.id,
                into_account_id=there[account.unit_id],
                merge_key=moved_by,
                key=key_within(moved_by, "unmerge"),
                reasons=reasons,
                actor_id=actor_id,
                now=now,
            )


def _fact(merge: Merge, actor_id: UUID | None) -> dict[str, str | None]:
    return {
        "member": str(merge.into_id),
        "merged": str(merge.merged_id),
        "merge": str(merge.id),
        "actor": str(actor_id) if actor_id else None,
    }
