"""What a cashier tells of a member but a purchase: a gift, coming to an event. Only what a rule asks for; and its undo."""

from typing import Any
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.idempotency import Answered
from core.ids import key_within, moment_of, new_id, read_id
from core.languages import reader_language
from loyalty.happenings.by_hand import Act, act_of, acts_of
from loyalty.happenings.happening import record_happening
from loyalty.happenings.taking_back import cancel_happening
from loyalty.programme.versions import version_in_force
from loyalty.rules.types import Version
from merchants.access import Permission, may
from web.access import StaffRequest, staff_view
from web.acts import act_words, say_act
from web.parts import form_of
from web.places import names_by_id
from web.scanner import card_texts, till
from web.scanner.cancelling import GRACE, SHOWN
from web.scanner.misses import count_miss, refuse_looking_up
from web.scanner.problems import draw_problem, read_key
from web.scanner.tickets import tickets_beside
from web.scanner.words import purchase_words, undone_words


class ActGone(DomainError):
    """No rule in force asks for it any more."""

    code = "act_gone"
    message = _("No rule asks for this any more. Scan again to see what may be given.")


@staff_view(Permission.SCAN)
@require_POST
def tell(request: StaffRequest) -> HttpResponse:
    """201 with the answer, 200 when it is a repetition, a 4xx with the reason and nothing written."""
    code = request.POST.get("code", "").strip()
    version = version_in_force()
    try:
        answered, act = _tell(request, code, version)
    except DomainError as refusal:
        return draw_problem(request, count_miss(request, refusal))
    words = _answer_words(request, orjson.loads(answered.body), say_act(act), version)
    return till.draw(
        request,
        "_answer",
        tickets_beside(request, code) | {"purchase": words},
        status=200 if answered.replayed else 201,
    )


def _tell(request: StaffRequest, code: str, version: Version) -> tuple[Answered, Act]:
    """Record it. Raises KeyMissing, ActGone, and what codes and `record_happening` raise."""
    key = read_key(request.POST.get("key", ""))
    act = act_of(version, request.POST.get("act", ""))
    if act is None:
        raise ActGone
    who = card_texts.read(code, request.merchant)
    refuse_looking_up(request, who)
    place = till.place(request)
    answered = record_happening(
        merchant=request.merchant,
        who=who,
        trigger=act.trigger,
        name=act.name,
        key=key,
        asked=["scanner", code, act.code],
        actor_id=request.staff.id,
        location_id=place.id if place else None,
        channel="scanner",
    )
    return answered, act


@form_of("scanner")
@staff_view(Permission.SCAN)
def cancel(request: StaffRequest, happening_id: UUID) -> HttpResponse:
    """As the undo of a purchase: whoever told it, within seconds; a manager later too."""
    try:
        answered = cancel_happening(
            merchant=request.merchant,
            happening_id=happening_id,
            key=key_within(happening_id, "undo at the till"),
            actor_id=request.staff.id,
            own_within=None if may(request.staff, Permission.CANCEL_PURCHASES) else GRACE,
        )
    except DomainError as refusal:
        return draw_problem(request, refusal)
    words = undone_words(happening_id, "", orjson.loads(answered.body), version_in_force(), reader_language())
    return till.draw(request, "_undone", {"undone": words}, status=200 if answered.replayed else 201)


def acts_offered(version: Version) -> list[dict[str, Any]]:
    """What may be told of whoever was scanned, each with the key of its tap. One query where there is any."""
    acts = acts_of(version)
    places = names_by_id() if acts else {}
    return [act_words(act, version, reader_language(), places) | {"key": str(new_id())} for act in acts]


def _answer_words(
    request: StaffRequest, answer: dict[str, Any], label: str, version: Version
) -> dict[str, Any]:
    happening_id = read_id("evt", answer["id"])
    moved_up = {"moved_up": "tier.reached" in answer["events"]}
    words = purchase_words(answer | moved_up, 0, version, reader_language())
    words |= {"id": str(happening_id), "amount": label, "told": label}
    if timezone.now() - moment_of(happening_id) <= GRACE - SHOWN:
        words["cancels"] = reverse("scanner-happening-undo", args=[request.merchant.slug, happening_id])
    return words
