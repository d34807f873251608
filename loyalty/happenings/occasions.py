"""What members do but buy, told by what follows from it: a profile is complete, the newsletter has a new reader.

Each counts once for a person, by a key made of who and what; and only where a rule asks for it: what is done before there is
such a rule is not noted, so it may still count afterwards.
"""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from core.idempotency import AnswerErased, is_answered
from core.ids import key_within
from core.models import Event
from core.tenancy import current_merchant_id
from loyalty.happenings.happening import happen
from loyalty.programme.publishing import catch_up
from loyalty.programme.versions import version_in_force
from loyalty.purchases.earning import OLDEST
from loyalty.rules.types import Trigger
from members.cards import MemberUnknown, Scanned
from members.models import Consent, Member
from members.profiles import consents_of
from members.queries import ids_of
from members.queries import member as member_of
from merchants.models import Merchant


def follow_profile(event: Event) -> None:
    """`member.joined`, `member.changed`: the profile is complete when name, birthday and a number or an address are known."""
    catch_up()
    if is_asked_for("profile"):
        member = _member_of(event)
        if member and member.name and member.birthday and (member.phone or member.email):
            give_once(member_id=member.id, trigger="profile", occurred_at=_moment_of(event))


def follow_newsletter(event: Event) -> None:
    """`member.joined`, `consent.given`: the member agreed to news by e-mail, has an address and did not take it back."""
    catch_up()
    if is_asked_for("newsletter"):
        member = _member_of(event)
        if member and member.email and consents_of(member).get(Consent.Purpose.NEWS_EMAIL):
            give_once(member_id=member.id, trigger="newsletter", occurred_at=_moment_of(event))


def is_asked_for(trigger: Trigger) -> bool:
    """Whether a rule in force is set off by it. One query at most."""
    return any(rule.active and rule.trigger == trigger for rule in version_in_force().rules)


def give_once(
    *, member_id: UUID, trigger: Trigger, occurred_at: dt.datetime, which: str = "", name: str = ""
) -> bool:
    """Record a happening that each person has once, or once for each `which`: the year of a birthday. Says if it is new.

    Whoever was merged into the member had it for both. Nothing happens to who was erased, or what is over for a year.
    Raises TooBusy: then try again. In the merchant's scope, after `publishing.catch_up`: members may be locked already.
    """
    part = part_of(trigger, which)
    if not timezone.now() - OLDEST <= occurred_at or is_answered(
        key_within(each, part) for each in ids_of(member_id)
    ):
        return False
    try:
        answered = happen(
            merchant=Merchant.objects.get(id=current_merchant_id()),
            who=Scanned(member_id=member_id),
            trigger=trigger,
            name=name,
            key=key_within(member_id, part),
            asked=[member_id, part],
            occurred_at=occurred_at,
        )
    except (MemberUnknown, AnswerErased):
        return False
    return not answered.replayed


def part_of(trigger: Trigger, which: str) -> str:
    """What a happening that each has once is keyed by, within its member's id."""
    return f"{trigger} {which}"


def _member_of(event: Event) -> Member | None:
    try:
        return member_of(UUID(event.payload["member"]))
    except MemberUnknown:
        return None


def _moment_of(event: Event) -> dt.datetime:
    told = event.payload.get("occurred_at")
    return dt.datetime.fromisoformat(told) if told else event.recorded_at
