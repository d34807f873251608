"""Changing what is known of a member."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import DomainError
from members.cards import MemberUnknown
from members.cards_replacing import replace_card
from members.enrolment import AlreadyMember, read_profile
from members.models import Card, Consent, Member
from members.queries import members, merged_into
from merchants.models import Merchant

FIELDS = ("name", "phone", "email", "locale", "birthday")


class ProofNeeded(DomainError):
    """A number or an address that may be somebody's only way back is changed by whoever proved to be the member."""

    code = "proof_needed"
    message = _("First show that it is you, then change it.")


def change_profile(
    *, member: Member, merchant: Merchant, changes: dict[str, Any], actor: str, is_proven: bool = True
) -> Member:
    """Set some of FIELDS. Raises as `enrolment.read_profile`, AlreadyMember and MemberUnknown; then nothing has changed.

    A number or an address that was wrong must lose what it opened, so changing one replaces the card. `is_proven` is
    False for a browser that holds the card and may be anybody's who found the phone: then ProofNeeded, unless all that
    is known is an address that nobody has proven.
    """
    wanted = {field: getattr(member, field) for field in FIELDS} | changes
    profile = read_profile(merchant=merchant, **wanted)
    changed = [field for field in FIELDS if getattr(member, field) != getattr(profile, field)]
    contacts = [field for field in ("phone", "email") if field in changed]
    if contacts and not is_proven and needs_proof(member):
        raise ProofNeeded(field=contacts[0])
    outdated = [field for field in contacts if getattr(member, field)]
    kept: dict[str, Any] = {field: getattr(profile, field) for field in FIELDS} | {"search": profile.search}
    if "email" in changed:
        kept["email_verified_at"] = None
    try:
        with transaction.atomic():
            take_over(member, {field: getattr(profile, field) for field in changed})
            if not members().filter(id=member.id).update(**kept):
                raise MemberUnknown  # erased since it was read: what was typed must not bring it back
    except IntegrityError:
        raise AlreadyMember(field="phone" if "phone" in changed else "email") from None
    for field, value in kept.items():
        setattr(member, field, value)
    if changed:
        # Which fields, not what they say: the outbox is no place for personal data.
        events.record("member.changed", {"member": str(member.id), "fields": changed, "actor": actor})
    if outdated:
        replace_card(member=member, actor=actor)
    return member


def take_over(member: Member, values: dict[str, Any]) -> None:
    """A number or an address of somebody merged into this member becomes its own. What a member says of itself anew is
    nobody's to have back: an un-merge then leaves it.

    In the transaction of the change. One query where nobody was merged.
    """
    for merged in merged_into(member.id) if values else ():
        before = list(merged.gave)
        merged.gave = [field for field in merged.gave if field not in values]
        for field in ("phone", "email"):
            if values.get(field) and getattr(merged, field) == values[field]:
                setattr(merged, field, "")
                merged.gave.append(field)
        if not merged.email:
            merged.email_verified_at = None
        if merged.gave != before:
            merged.save(update_fields=["phone", "email", "email_verified_at", "gave"])


def needs_proof(member: Member) -> bool:
    """Whether a number or a proven address says who this is. An address with a slip in it may be mended by its card."""
    return bool(member.phone or member.email_verified_at)


def verify_email(*, member: Member, email: str, is_own_browser: bool) -> Card:
    """The member showed that it reads `email`; where that is its address, it is proven from now on. Returns its card.

    The first proof in another browser than one that holds the card replaces the card: whoever joined with this address,
    which is then perhaps not theirs, loses it.
    """
    first = Member.objects.filter(id=member.id, email=email, email_verified_at=None).exclude(email="")
    if first.update(email_verified_at=timezone.now()):
        member.refresh_from_db(fields=["email_verified_at"])
        if not is_own_browser:
            return replace_card(member=member, actor="member")
    return Card.objects.get(member=member)


def set_consent(*, member: Member, purpose: str, given: bool, source: str) -> None:
    """Note an answer; the same answer again is not noted twice."""
    if consents_of(member).get(purpose) != given:
        Consent.objects.create(member=member, purpose=purpose, given=given, source=source)
        if given:
            events.record("consent.given", {"member": str(member.id), "purpose": purpose})


def consents_of(member: Member) -> dict[str, bool]:
    """The answers that hold: purpose → given. A purpose never asked is absent."""
    return {row.purpose: row.given for row in consent_history(member)}


def last_answer(member: Member, purpose: str) -> Consent | None:
    """The answer that holds, with when and where it was given. None where nobody asked."""
    return Consent.objects.filter(member=member, purpose=purpose).order_by("recorded_at", "id").last()


def consent_history(member: Member) -> list[Consent]:
    """Every answer ever given, oldest first."""
    return list(Consent.objects.filter(member=member).order_by("recorded_at", "id"))
