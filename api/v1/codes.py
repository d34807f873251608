"""Codes on packaging and from partners: made, counted, read out, stopped, and entered for a member."""

import datetime as dt
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from api.errors import repeat
from api.fields import Fields
from api.pagination import PARAMETERS, cursor_at, cut, read_cursor, read_limit
from api.refusals import ValueOfWrongKind
from api.v1 import document_codes as document
from api.v1.new_purchases import WHO, read_who
from api.views import Endpoint, answer, read_idempotency_key, say_moment
from core.idempotency import answer_once, fingerprint_of
from core.ids import IdUnreadable, public_id, read_id
from loyalty.codes import batches, queries
from loyalty.codes.texts import LONGEST_TYPED
from loyalty.codes.using import enter_code
from loyalty.models import CodeBatch
from loyalty.rules.shapes import LONGEST_NAME
from merchants.access import Scope
from merchants.models import Merchant

BATCH = frozenset({"name", "source", "size", "word", "per_member", "first_day", "last_day"})
REDEMPTION = frozenset({*WHO, "code"})


class CodeBatches(Endpoint):
    """Batches of codes."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.READ_PROGRAMME, "POST": Scope.WRITE_CODES}

    @document.code_batches_list
    def get(self, request: HttpRequest) -> HttpResponse:
        """Newest first, each with how many of it were entered."""
        query = self.query(*PARAMETERS)
        limit, after = read_limit(query), read_cursor(query, int)
        found = queries.batches(after[0] if after else None)
        page, following = cut(found, limit, lambda batch: cursor_at(batch.number))
        return answer({"items": [_shown(batch, self) for batch in page], "next": following})

    @document.code_batch_make
    def post(self, request: HttpRequest) -> HttpResponse:
        """Make codes, once under one key."""
        self.query()
        key = read_idempotency_key(self.request._request)
        body = self.body(BATCH)
        asked = _new_batch(body)

        def make() -> tuple[int, dict[str, Any], UUID | None]:
            batch = _made(asked, self.key.id)
            return 201, say_batch(batch, self.merchant), None

        return repeat(answer_once(key, fingerprint_of("codes", body.values), make))


class OneCodeBatch(Endpoint):
    """A batch."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.READ_PROGRAMME}

    @document.code_batch_read
    def get(self, request: HttpRequest, batch_id: str) -> HttpResponse:
        """What was said of it, and how many of it were entered."""
        self.query()
        return answer(_shown(queries.find_batch(_batch_id(batch_id)), self))


class BatchCodes(Endpoint):
    """The codes of a batch themselves."""

    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.WRITE_CODES}

    @document.code_batch_codes
    def get(self, request: HttpRequest, batch_id: str) -> HttpResponse:
        """A page of them, in the order of the file. Who took codes away is kept for the audit, whichever page it was."""
        query = self.query(*PARAMETERS)
        limit, after = read_limit(query), read_cursor(query, _place)
        batch = queries.find_batch(_batch_id(batch_id))
        begin = after[0] if after else 0
        codes = list(queries.codes_of(batch, self.merchant, after=begin, limit=limit))
        if codes:
            batches.note_download(batch, self.key.id)
        end = begin + len(codes)
        more = not batch.word and codes and end < batch.size
        said = [
            {"code": one.text, "link": one.link, "used_on": one.used_on.isoformat() if one.used_on else None}
            for one in codes
        ]
        return answer({"items": said, "next": cursor_at(end) if more else None})


class StopCodes(Endpoint):
    """An end to a batch."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_CODES}

    @document.code_batch_stop
    def post(self, request: HttpRequest, batch_id: str) -> HttpResponse:
        """None of it counts from now on. Repeating changes nothing."""
        self.query()
        key, stopped_id = read_idempotency_key(self.request._request), _batch_id(batch_id)

        def stop() -> tuple[int, dict[str, Any], UUID | None]:
            batch = batches.stop_batch(batch_id=stopped_id, actor_id=self.key.id)
            return 201, say_batch(batch, self.merchant), None

        return repeat(answer_once(key, fingerprint_of("codes stopped", batch_id), stop))


class CodeRedemptions(Endpoint):
    """Codes entered for members."""

    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.WRITE_PURCHASES}

    @document.code_redeem
    def post(self, request: HttpRequest) -> HttpResponse:
        """Once under one key."""
        self.query()
        key = read_idempotency_key(self.request._request)
        body = self.body(REDEMPTION)
        body.require("code")
        return repeat(
            enter_code(
                merchant=self.merchant,
                who=read_who(body, self.merchant),
                typed=body.code("code", limit=LONGEST_TYPED),
                key=key,
                asked=body.values,
                actor_id=self.key.id,
                channel="api",
            )
        )


def say_batch(batch: CodeBatch, merchant: Merchant) -> dict[str, Any]:
    """A batch as the public contract shows it."""
    return {
        "id": public_id("cdb", batch.id),
        "name": batch.name,
        "source": batch.source,
        "word": batch.word,
        "size": batch.size,
        "used": batch.used,
        "per_member": batch.per_member,
        "first_day": batch.first_on.isoformat() if batch.first_on else None,
        "last_day": batch.last_on.isoformat() if batch.last_on else None,
        "made_at": say_moment(batch.made_at, merchant),
        "stopped_at": say_moment(batch.stopped_at, merchant) if batch.stopped_at else None,
    }


def _shown(batch: CodeBatch, view: Endpoint) -> dict[str, Any]:
    """The same for a key that may only read: without the word, which is the code itself."""
    said = say_batch(batch, view.merchant)
    return said if Scope.WRITE_CODES in view.key.scopes or not batch.word else said | {"word": None}


def _made(asked: batches.NewBatch, key_id: UUID) -> CodeBatch:
    """Raises what `make_batch` raises, of fields as they are called here."""
    try:
        return batches.make_batch(asked=asked, actor_id=key_id)
    except batches.DaysReversed:
        raise batches.DaysReversed(field="last_day") from None


def _new_batch(body: Fields) -> batches.NewBatch:
    """Raises what fields raise."""
    body.require("name", "size")
    most = batches.MOST_ENTRIES
    limited = body.values.get("per_member") is not None
    return batches.NewBatch(
        name=body.text("name", limit=LONGEST_NAME),
        source=body.text("source", limit=LONGEST_NAME),
        size=body.whole("size", least=1, most=most, default=0),
        word=body.text("word", limit=batches.LONGEST_WORD * 2),
        per_member=body.whole("per_member", least=1, most=most, default=1) if limited else None,
        first_on=_day(body, "first_day"),
        last_on=_day(body, "last_day"),
    )


def _day(body: Fields, name: str) -> dt.date | None:
    """A day of the shop's calendar, or None. Raises ValueOfWrongKind."""
    if body.values.get(name) is None:
        return None
    text = body.text(name, limit=80)
    try:
        day = dt.date.fromisoformat(text)
        if day.isoformat() == text:
            return day
    except ValueError:
        pass
    raise ValueOfWrongKind(field=name, kind=_("a day, as 2027-03-31"))


def _place(part: Any) -> int:
    if type(part) is not int or not 0 <= part <= batches.MOST_CODES:
        raise ValueError
    return part


def _batch_id(text: str) -> UUID:
    try:
        return read_id("cdb", text)
    except IdUnreadable:
        raise batches.BatchUnknown from None
