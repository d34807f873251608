"""Entering a code: once each, or as often as a word may be; what it gives is what the programme's rules on codes give.

A code that gives nothing is not used up: it may give something tomorrow, when its rule is published. Where chance was
asked it is used, won or lost: nobody draws until they win.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import idempotency
from core.errors import Decline, DomainError
from core.idempotency import Answered, fingerprint_of
from core.ids import public_id
from loyalty.answers import reason_words
from loyalty.codes.guessing import count_wrong, refuse_guessing
from loyalty.codes.texts import LENGTH, Place, bare, place_of
from loyalty.happenings.happening import Recorded, record
from loyalty.locking import lock_member
from loyalty.models import CodeBatch, CodeUse, Standing
from loyalty.programme.publishing import catch_up
from loyalty.programme.versions import version_in_force
from loyalty.purchases.telling import Occasion
from loyalty.purchases.velocity import check_happening
from loyalty.rules.calendar import local_day
from loyalty.rules.verdicts import Reason
from members.cards import MemberUnknown, Scanned
from members.models import Member
from members.queries import ids_of, scanned
from merchants.models import Merchant


class CodeUnknown(DomainError):
    """No code of this merchant's: mistyped, or invented."""

    code = "code_unknown"
    message = _("This is none of our codes. Check each letter: there is no 0, O, 1, I, L or U in them.")
    field = "code"


class CodeNotYet(Decline):
    """Its first day is still to come."""

    code = "code_not_yet"
    message = _("This code counts from a later day on. Keep it.")
    field = "code"


class CodeOver(Decline):
    """Its last day is over."""

    code = "code_over"
    message = _("This code has run out: its last day is over.")
    field = "code"


class CodeStopped(Decline):
    """The merchant stopped its batch."""

    code = "code_stopped"
    message = _("This code does not count any more.")
    field = "code"


class CodeUsed(Decline):
    """It serves once, and did."""

    code = "code_used"
    message = _("This code was used already.")
    field = "code"


class CodeUsedUp(Decline):
    """A word that was entered as often as it may be."""

    code = "code_used_up"
    message = _("This code was for the first %(size)d, and they have been.")
    field = "code"


class TooManyCodes(Decline):
    """The member has had as many of the batch as anybody may."""

    code = "too_many_codes"
    message = _("No more of these codes count for one person.")
    field = "code"


class CodeGivesNothing(Decline):
    """No rule gives anything for it, as things stand. It is not used up."""

    code = "code_gives_nothing"
    message = _("This code gives nothing today. It is still good: keep it for another day.")
    field = "code"


def enter_code(
    *,
    merchant: Merchant,
    who: Scanned,
    typed: str,
    key: UUID,
    asked: Any,
    actor_id: UUID | None = None,
    location_id: UUID | None = None,
    channel: str = "",
) -> Answered:
    """Enter a code for a member, once. Repeating `key` with the same `asked` gives the first answer for ever. In the
    merchant's scope.

    `typed`: the code, the word, or the address that carries one. `channel`: as `Happening` has it. Raises MemberUnknown, CodeUnknown, TooManyTries, TooBusy,
    idempotency.KeyReused, idempotency.AnswerErased: then nothing was written. Declines with CardExpired, CardRevoked,
    CodeNotYet, CodeOver, CodeStopped, CodeUsed, CodeUsedUp, TooManyCodes, velocity.StaticLimitReached, CodeGivesNothing: then
    that was written, and nothing else.
    """
    catch_up()

    def work() -> tuple[int, dict[str, Any], UUID | None]:
        member = Member.objects.get(id=lock_member(scanned(who).id))
        if member.erased_at is not None:
            raise MemberUnknown
        now = timezone.now()
        code, day = bare(typed), local_day(now, merchant.time_zone)
        place = place_of(merchant.id, code)
        # Words have another length than codes.
        refuse_guessing(member.id, actor_id, channel, is_word=not place and len(code) != LENGTH)
        batch = _batch(code, place)
        if batch is None:
            count_wrong(member.id, actor_id, channel)
            raise CodeUnknown
        serial = _taken(batch, place, member, day)
        occasion = Occasion(
            "code", now, batch.name.lower(), actor_id, location_id, channel, is_static=who.is_static
        )
        check_happening(Standing.objects.get(member=member), occasion, version_in_force(), merchant.time_zone)
        recorded = record(merchant, member, occasion)
        if not _gives(recorded):
            raise CodeGivesNothing(member_id=member.id)
        _note(batch, serial, recorded)
        return 201, _answer(batch, recorded), member.id

    return idempotency.answer_once(key, fingerprint_of("code", asked), work)


def _taken(batch: CodeBatch, place: Place | None, member: Member, day: dt.date) -> int:
    """Which of the batch's codes this one is, if it still counts for this member."""
    serial = place.serial if place else batch.used + 1
    _refuse_unfit(batch, member.id, day)
    if place and CodeUse.objects.filter(batch=batch, serial=serial).exists():
        raise CodeUsed(member_id=member.id)
    if batch.used >= batch.size:
        raise CodeUsedUp(member_id=member.id, size=batch.size)
    if batch.per_member is not None:
        mine = CodeUse.objects.filter(batch=batch, member_id__in=ids_of(member.id)).count()
        if mine >= batch.per_member:
            raise TooManyCodes(member_id=member.id)
    return serial


def _batch(code: str, place: Place | None) -> CodeBatch | None:
    """The batch, ours until the transaction ends. After the member's own locks."""
    held = CodeBatch.objects.select_for_update()
    if place is None:
        return held.filter(word=code).first() if code else None
    batch = held.filter(number=place.number, word="").first()
    return batch if batch and 1 <= place.serial <= batch.size else None


def _refuse_unfit(batch: CodeBatch, member_id: UUID, day: dt.date) -> None:
    if batch.stopped_at is not None:
        raise CodeStopped(member_id=member_id)
    if batch.first_on and day < batch.first_on:
        raise CodeNotYet(member_id=member_id)
    if batch.last_on and day > batch.last_on:
        raise CodeOver(member_id=member_id)


def _gives(recorded: Recorded) -> bool:
    """Units, a badge, or a step towards either; or the chance of one."""
    verdict = recorded.verdict
    return bool(verdict.awards or verdict.badges or verdict.memory or _lost(recorded))


def _lost(recorded: Recorded) -> list[Reason]:
    """Where chance was asked, last of all conditions, and said no."""
    return [reason for reason in recorded.verdict.reasons if reason.code == "not_drawn"]


def _note(batch: CodeBatch, serial: int, recorded: Recorded) -> None:
    happening = recorded.happening
    CodeUse.objects.create(
        id=happening.id,
        batch=batch,
        serial=serial,
        member_id=happening.member_id,
        used_at=happening.occurred_at,
    )
    CodeBatch.objects.filter(id=batch.id).update(used=F("used") + 1)


def _answer(batch: CodeBatch, recorded: Recorded) -> dict[str, Any]:
    version = version_in_force(recorded.happening.programme_version)
    lost = [reason_words(reason, version) for reason in _lost(recorded)]
    return recorded.answer | {
        "name": batch.name,
        "nearly": recorded.answer["nearly"] + lost,
        "batch": {"id": public_id("cdb", batch.id), "name": batch.name, "source": batch.source},
    }
