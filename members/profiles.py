"""Changing what is known of a member."""

from typing import Any

from django.db import IntegrityError, transaction

from core import events
from members.enrolment import AlreadyMember, read_profile
from members.models import Consent, Member
from merchants.models import Merchant

FIELDS = ("name", "phone", "email", "locale", "birthday")


def change_profile(*, member: Member, merchant: Merchant, changes: dict[str, Any], actor: str) -> Member:
    """Set some of FIELDS. Raises as `enrolment.read_profile`, and AlreadyMember; then nothing has changed."""
    wanted = {field: getattr(member, field) for field in FIELDS} | changes
    profile = read_profile(merchant=merchant, **wanted)
    changed = [field for field in FIELDS if getattr(member, field) != getattr(profile, field)]
    for field in changed:
        setattr(member, field, getattr(profile, field))
    member.search = profile.search
    try:
        with transaction.atomic():
            member.save(update_fields=[*FIELDS, "search"])
    except IntegrityError:
        raise AlreadyMember(field="phone" if "phone" in changed else "email") from None
    if changed:
        # Which fields, not what they say: the outbox is no place for personal data.
        events.record("member.changed", {"member": str(member.id), "fields": changed, "actor": actor})
    return member


def set_consent(*, member: Member, purpose: str, given: bool, source: str) -> None:
    """Note an answer; the same answer again is not noted twice."""
    if consents_of(member).get(purpose) != given:
        Consent.objects.create(member=member, purpose=purpose, given=given, source=source)


def consents_of(member: Member) -> dict[str, bool]:
    """The answers that hold: purpose → given. A purpose never asked is absent."""
    rows = Consent.objects.filter(member=member).order_by("recorded_at", "id")
    return {row.purpose: row.given for row in rows}
