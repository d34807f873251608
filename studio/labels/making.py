"""Labels asked for, made by a worker while a page shows how far they are, and deleted an hour later.

What is asked for is a row, and so is the file: a worker that dies is replaced by another, which begins anew. A file holds codes
that can be entered by whoever has them, and no table else does; so it is kept for as long as somebody prints, and no longer.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core import jobs, tenancy
from core.errors import Decline, DomainError
from loyalty.codes import queries
from loyalty.models import CodeBatch
from merchants.models import Merchant
from studio.drawing.colours import WHITE
from studio.drawing.designs import PLAIN, Frame
from studio.drawing.lettering import can_write
from studio.labels.grids import GRIDS
from studio.labels.pages import CodeUnread, LabelPages, Words
from studio.looks import Look, look_of, look_with
from studio.models import LabelFile

logger = logging.getLogger(__name__)

PART = 1000  # codes of a file: what is made in half a minute, and printed in one go
KEPT = dt.timedelta(hours=1)  # time to print; whoever comes later asks once more
LEASE = dt.timedelta(seconds=60)  # a worker that shows no sign for so long is gone
STEP = (
    8  # codes between two signs: one may take a tenth of a second, and several times that on a busy machine
)
MOST_AT_ONCE = 1  # in the whole house: the other workers are for what cannot wait
CALL = _("Scan and collect")

DUE = "SELECT DISTINCT merchant_id FROM studio_labelfile WHERE finished_at < %s"


class LabelsUnknown(DomainError):
    """A word, which is no sheet of codes, a part that the batch does not have, or labels that nobody sells."""

    code = "labels_not_found"
    message = _("There are no such labels.")


class CodesStopped(Decline):
    """Nobody prints what counts no more."""

    code = "codes_stopped"
    message = _("These codes are stopped: none of them counts any more.")


def parts_of(batch: CodeBatch) -> int:
    """How many files a batch makes; none of a word."""
    return 0 if batch.word else -(-batch.size // PART)


def ask_for_labels(
    *, batch: CodeBatch, part: int, grid: str, merchant: Merchant, actor_id: UUID | None
) -> LabelFile:
    """Have the `part`th thousand of a batch, from 1, made for a grid of `GRIDS`. In the merchant's scope.

    The same is not made twice while it is kept, unless it failed or the shop's codes look otherwise since.
    Raises LabelsUnknown, CodesStopped.
    """
    if grid not in GRIDS or not 1 <= part <= parts_of(batch):
        raise LabelsUnknown
    locked = CodeBatch.objects.select_for_update().get(id=batch.id)  # two who ask at once: one file
    if locked.stopped_at is not None:
        raise CodesStopped
    wanted = {"batch": batch, "part": part, "grid": grid}
    made = files_of(batch).filter(part=part, grid=grid).first()
    if made is not None and (
        not made.finished_at or (made.size_bytes and made.look == _digest(label_look(merchant), merchant))
    ):
        return made
    LabelFile.objects.filter(**wanted).delete()
    return LabelFile.objects.create(**wanted, asked_by=actor_id)


def files_of(batch: CodeBatch) -> QuerySet[LabelFile]:
    """What is made of it and what will be, without the files themselves; nothing whose hour is over, or of stopped codes."""
    kept = LabelFile.objects.filter(batch=batch, batch__stopped_at=None).exclude(
        finished_at__lt=timezone.now() - KEPT
    )
    return kept.defer("content").order_by("part", "grid")


def content_of(batch: CodeBatch, labels_id: UUID) -> tuple[LabelFile, bytes]:
    """A file that is made and kept. Raises LabelsUnknown."""
    found = files_of(batch).defer(None).filter(id=labels_id, content__isnull=False).first()
    if found is None:
        raise LabelsUnknown
    return found, bytes(found.content or b"")


def drop_labels(*, batch: CodeBatch, labels_id: UUID) -> None:
    """Delete a file, or stop its making. In the merchant's scope. Raises LabelsUnknown."""
    if not LabelFile.objects.filter(batch=batch, id=labels_id).delete()[0]:
        raise LabelsUnknown


def forget_labels() -> int:
    """Delete every file whose hour is over, at every shop, each in a transaction of its own. Returns how many those were."""
    before, done = timezone.now() - KEPT, 0
    with jobs.jobs_connection() as asking:
        due = [row[0] for row in asking.execute(DUE, [before])]
    for merchant_id in due:
        try:
            with tenancy.scope(merchant_id):
                done += LabelFile.objects.filter(finished_at__lt=before).delete()[0]
        except Exception:  # the edge: the shops behind this one must not wait for it
            logger.exception("labels of merchant %s were not deleted", merchant_id)
    return done


def label_look(merchant: Merchant) -> Look:
    """The shop's, without a frame and on white: a paper of another colour would show how far the printer is from the cut.

    In the merchant's scope.
    """
    return look_with(merchant, replace(look_of(merchant).design, paper=WHITE, frame=Frame()))


def lease_waiting(most: int = MOST_AT_ONCE) -> list[tuple[UUID, UUID, dt.datetime]]:
    """Merchant, file and when it was leased, of those at which nobody works: so many as make `most` under way."""
    return jobs.lease_waiting(LabelFile._meta.db_table, lease=LEASE, most=most)


def make_labels(*, merchant: Merchant, labels_id: UUID, leased_at: dt.datetime | None = None) -> None:
    """Make the file and keep it, if it is still as it was leased. If it was dropped, it stops. Call it outside any scope."""
    content: bytes | None = None
    making = _Making(merchant, labels_id, leased_at)
    try:
        with suppress(_Dropped):
            making.begin()
            content = making.drawn()
    except Exception:  # the edge: whoever waits for it is told, and the worker goes on
        logger.exception("labels %s were not made", labels_id)
    making.finish(content)


class _Dropped(Exception):
    """Nobody waits for it, another worker has it, or the codes are stopped."""


class _Making:
    """One file while a worker makes it: each sign that it shows is a claim that nobody else may have touched since."""

    def __init__(self, merchant: Merchant, labels_id: UUID, leased_at: dt.datetime | None) -> None:
        self.merchant, self.labels_id, self.seen_at = merchant, labels_id, leased_at

    def begin(self) -> None:
        """Read what is to be drawn. Raises _Dropped."""
        with tenancy.scope(self.merchant.id):
            look = label_look(self.merchant)
        self._show(look=_digest(look, self.merchant))
        with tenancy.scope(self.merchant.id):
            asked = LabelFile.objects.select_related("batch").defer("content").get(id=self.labels_id)
            if asked.batch.stopped_at is not None:
                raise _Dropped
            first = (asked.part - 1) * PART
            found = queries.codes_of(asked.batch, self.merchant, after=first, limit=PART)
            self.codes = [(code.text, code.link) for code in found]
        self.looks, self.grid = (look, Look(PLAIN)), GRIDS[asked.grid]

    def drawn(self) -> bytes:
        """All pages in the shop's look; where one code does not read back in that, all of them plain.

        Raises _Dropped, and CodeUnread where not even that is read.
        """
        for look in self.looks:
            with suppress(CodeUnread):
                return self._drawn_in(look)
        raise CodeUnread

    def _drawn_in(self, look: Look) -> bytes:
        with closing(LabelPages(self.grid, look, _words(self.merchant))) as pages:
            for start in range(0, len(self.codes), self.grid.count):
                pages.add(self._shown(start, start + self.grid.count))
            return pages.content()

    def _shown(self, start: int, end: int) -> Iterator[tuple[str, str]]:
        """The codes from one to another, each as it is drawn, with a sign now and then. Raises _Dropped."""
        for done, code in enumerate(self.codes[start:end], start):
            if done % STEP == 0:
                self._show(done=done, total=len(self.codes))
            yield code

    def finish(self, content: bytes | None) -> None:
        """Keep the file, or that there is none."""
        with suppress(_Dropped):
            size = len(content or b"")
            self._show(content=content, size_bytes=size, done=F("total"), finished_at=timezone.now())

    def _show(self, **change: object) -> None:
        now = timezone.now()
        with tenancy.scope(self.merchant.id):
            mine = LabelFile.objects.filter(id=self.labels_id, finished_at=None, seen_at=self.seen_at)
            if not mine.update(seen_at=now, **change):
                raise _Dropped
        self.seen_at = now


def _words(merchant: Merchant) -> Words:
    with override(merchant.locale):
        name = merchant.name if can_write(merchant.name, "display") else merchant.slug
        return Words(name, str(CALL), merchant.locale)


def _digest(look: Look, merchant: Merchant) -> str:
    """Names what labels look like: the code, and the shop's name beside it."""
    return look.proof_digest(merchant.name)
