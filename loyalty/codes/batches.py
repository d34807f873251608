"""Making codes, and stopping them. A batch is one row: what its codes are follows from its number (`texts`)."""

import datetime as dt
import re
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import Decline, DomainError
from core.text import read_text
from loyalty.codes.texts import LARGEST_NUMBER, LENGTH, bare
from loyalty.models import CodeBatch, Programme
from loyalty.rules.shapes import LONGEST_NAME
from merchants.onboarding import NameMissing

MOST_CODES = 10_000  # of one batch: what a printer takes at once
MOST_ENTRIES = 1_000_000  # of a word
SHORTEST_WORD, LONGEST_WORD = 4, 30


class CodesOutOfRange(DomainError):
    """None, or more than anybody prints."""

    code = "codes_out_of_range"
    message = _("Write a number from 1 to %(largest)d.")
    field = "size"


class WordUnreadable(DomainError):
    """A word that nobody can type, or that looks like one of a batch's codes."""

    code = "word_unreadable"
    message = _("A word has %(least)d to %(most)d letters and digits, but not %(length)d: “SUMMER26”.")
    field = "word"


class DaysReversed(DomainError):
    """The last day lies before the first one."""

    code = "days_reversed"
    message = _("The last day is before the first.")
    field = "last_on"


class BatchNameTaken(Decline):
    """Rules ask for codes by their name: there are no two of one name."""

    code = "code_name_taken"
    message = _("There are codes of this name already. Add a month or a number.")
    field = "name"


class WordTaken(Decline):
    """One word, one batch, for ever: what is printed cannot be taken back."""

    code = "word_taken"
    message = _("This word is in use already, or was. Choose another.")
    field = "word"


class BatchUnknown(DomainError):
    """No such batch of this merchant's."""

    code = "code_batch_not_found"
    message = _("There are no such codes.")


class TooManyBatches(DomainError):
    """Every number that a code can say is given."""

    code = "too_many_batches"
    message = _("No more codes can be made here.")


@dataclass(frozen=True, slots=True)
class NewBatch:
    """Codes to be made: `size` of them, for once each; or a `word`, for `size` times. Days are the shop's, both within.

    `per_member`: so many for one member at most; None is no limit, but of a word, which anybody can repeat, once. `source`: the
    partner or product that carries them.
    """

    name: str
    size: int
    source: str = ""
    word: str = ""
    per_member: int | None = None
    first_on: dt.date | None = None
    last_on: dt.date | None = None


def make_batch(*, asked: NewBatch, actor_id: UUID | None, batch_id: UUID | None = None) -> CodeBatch:
    """Make codes; they can be entered from now on. Repeating `batch_id` changes nothing. In the merchant's scope.

    Raises NameMissing, TextTooLong, TextForbidden, CodesOutOfRange, WordUnreadable, DaysReversed, BatchNameTaken, WordTaken,
    TooManyBatches.
    """
    name, source, word = _checked(asked)
    with transaction.atomic():
        Programme.objects.select_for_update().get()  # who makes others at the same moment gets the next number
        made = CodeBatch.objects.filter(id=batch_id).first() if batch_id else None
        if made is not None:
            return made
        _refuse_taken(name, word)
        newest = CodeBatch.objects.aggregate(newest=Max("number"))["newest"] or 0
        if newest >= LARGEST_NUMBER:
            raise TooManyBatches
        batch = CodeBatch(
            **({"id": batch_id} if batch_id else {}),
            number=newest + 1,
            name=name,
            source=source,
            word=word,
            size=asked.size,
            per_member=asked.per_member or (1 if word else None),
            first_on=asked.first_on,
            last_on=asked.last_on,
            made_by=actor_id,
        )
        batch.save(force_insert=True)
        events.record("codes.made", _fact(batch, actor_id) | {"size": batch.size})
    return batch


def stop_batch(*, batch_id: UUID, actor_id: UUID | None) -> CodeBatch:
    """From now on none of them can be entered; what they gave stays. Repeating changes nothing. Raises BatchUnknown."""
    with transaction.atomic():
        batch = CodeBatch.objects.select_for_update().filter(id=batch_id).first()
        if batch is None:
            raise BatchUnknown
        if batch.stopped_at is None:
            batch.stopped_at = timezone.now()
            batch.save(update_fields=["stopped_at"])
            events.record("codes.stopped", _fact(batch, actor_id))
    return batch


def note_download(batch: CodeBatch, actor_id: UUID | None) -> None:
    """Somebody took the codes themselves away: kept for the audit, since whoever has them can enter them."""
    events.record("codes.downloaded", _fact(batch, actor_id))


def _checked(asked: NewBatch) -> tuple[str, str, str]:
    """Name, source and word as they are kept."""
    name = " ".join(read_text(asked.name, limit=LONGEST_NAME, field="name").split())
    if not name:
        raise NameMissing
    source = " ".join(read_text(asked.source, limit=LONGEST_NAME, field="source").split())
    typed = read_text(asked.word, limit=LONGEST_WORD * 2, field="word")
    word = bare(typed) or typed
    if word and (
        not re.fullmatch(r"[A-Z0-9]+", word)
        or not SHORTEST_WORD <= len(word) <= LONGEST_WORD
        or len(word) == LENGTH
    ):
        raise WordUnreadable(least=SHORTEST_WORD, most=LONGEST_WORD, length=LENGTH)
    most = MOST_ENTRIES if word else MOST_CODES
    if not 1 <= asked.size <= most:
        raise CodesOutOfRange(largest=most)
    if asked.per_member is not None and not 1 <= asked.per_member <= most:
        raise CodesOutOfRange(largest=most, field="per_member")
    if asked.first_on and asked.last_on and asked.last_on < asked.first_on:
        raise DaysReversed
    return name, source, word


def _refuse_taken(name: str, word: str) -> None:
    if CodeBatch.objects.filter(name__iexact=name).exists():
        raise BatchNameTaken
    if word and CodeBatch.objects.filter(word=word).exists():
        raise WordTaken


def _fact(batch: CodeBatch, actor_id: UUID | None) -> dict[str, str | None]:
    return {"batch": str(batch.id), "actor": str(actor_id) if actor_id else None}
