"""Invitations to the team: offered to an e-mail address, accepted by whoever proved to read it. Nobody is told whether
an address has an account: the letter, the link and the page are the same for all.

The link is signed and names the invitation and the letter that carries it. It works once, for a week, and only in the
newest letter; it opens nothing by itself.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import DomainError
from core.rate_limits import count_try
from core.tenancy import current_merchant_id
from merchants.models import Invitation, Merchant, StaffMember, User
from merchants.onboarding import SettingUnknown
from merchants.team import RoleUnknown, add_staff, is_in_team

LIVES = dt.timedelta(days=7)  # a person who wants the job reads e-mail within a week
# A team is a handful of people. Of all merchants together too, so that no stranger's box is filled through us; much
# higher, so that no shop uses up what another may send.
MOST_LETTERS_AN_HOUR, MOST_TO_ONE_A_DAY, MOST_TO_ONE_OF_ALL_A_DAY = 20, 5, 20
_SALT = "habitue invitation"


class AddressUnreadable(DomainError):
    """Not an e-mail address."""

    code = "address_unreadable"
    message = _("Write an e-mail address, such as sam@example.com.")
    field = "email"


class AlreadyInTeam(DomainError):
    """Somebody with this address is staff here: the list beside the form says so too."""

    code = "already_in_team"
    message = _("This person is in the team already.")
    field = "email"


class AlreadyInvited(DomainError):
    """An open invitation is there."""

    code = "already_invited"
    message = _("An invitation is on its way already. Send it again below.")
    field = "email"


class InvitationGone(DomainError):
    """Altered, used, taken back, too old, or of an older letter: which of them is not said."""

    code = "invitation_gone"
    message = _("This invitation does not work any more. Ask for a new one.")


class InvitationForAnother(DomainError):
    """Whoever is signed in did not prove to read the invited address."""

    code = "invitation_for_another"
    message = _("This invitation was sent to another address. Sign in with the address that got the letter.")


@dataclass(frozen=True)
class Offer:
    """What a genuine link says. Whether it still stands, the invitation tells."""

    merchant_id: UUID
    invitation_id: UUID
    letter: int


def invite(*, email: str, role: str, locale: str, actor: StaffMember) -> Invitation:
    """Offer a place; the letter follows. Raises AddressUnreadable, RoleUnknown, SettingUnknown, AlreadyInTeam,
    AlreadyInvited, TooManyTries.
    """
    email = _read_email(email)
    if role not in StaffMember.Role.values:
        raise RoleUnknown
    if locale not in dict(settings.LANGUAGES):
        raise SettingUnknown(field="locale")
    if is_in_team(email):
        raise AlreadyInTeam
    now = timezone.now()
    Invitation.objects.filter(email=email, accepted_at=None, revoked_at=None, expires_at__lte=now).update(
        revoked_at=now
    )
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=email, role=role, locale=locale, invited_by=actor, expires_at=now + LIVES
            )
            # Last: what is refused is no letter, and one letter too many is no invitation.
            _count_letter(email)
    except IntegrityError:
        raise AlreadyInvited from None
    _record("invitation.made", invitation, actor)
    return invitation


def send_again(*, invitation_id: UUID, actor: StaffMember) -> Invitation:
    """A new letter and a new week; the link of the letter before is void. Raises InvitationGone, TooManyTries."""
    invitation = _open_one(invitation_id)
    _count_letter(invitation.email)
    invitation.letter += 1
    invitation.invited_by = actor
    invitation.expires_at = timezone.now() + LIVES
    invitation.save(update_fields=["letter", "invited_by", "expires_at"])
    _record("invitation.sent_again", invitation, actor)
    return invitation


def revoke_invitation(*, invitation_id: UUID, actor: StaffMember) -> Invitation:
    """The link opens nothing from now on. Raises InvitationGone."""
    invitation = _open_one(invitation_id)
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    _record("invitation.revoked", invitation, actor)
    return invitation


def token_of(invitation: Invitation) -> str:
    """What the newest letter's link carries. In the scope of its merchant."""
    claim = [current_merchant_id().hex, invitation.id.hex, invitation.letter]
    return signing.dumps(claim, salt=_SALT)


def read_token(token: str) -> Offer:
    """Needs no scope and no query. Raises InvitationGone."""
    try:
        merchant, invitation, letter = signing.loads(token, salt=_SALT, max_age=LIVES)
        return Offer(UUID(hex=merchant), UUID(hex=invitation), int(letter))
    except (signing.BadSignature, ValueError, TypeError):
        raise InvitationGone from None


def standing_invitation(offer: Offer) -> Invitation:
    """The invitation of a link, if it still stands, locked. In its merchant's scope. Raises InvitationGone."""
    invitation = _open_one(offer.invitation_id)
    if (
        offer.merchant_id != current_merchant_id()
        or invitation.letter != offer.letter
        or invitation.expires_at <= timezone.now()
    ):
        raise InvitationGone
    return invitation


def accept(*, offer: Offer, user: User, proven: Collection[str], merchant: Merchant) -> StaffMember:
    """Take the place. `proven` are the addresses that this user showed to read. A link works once.

    Raises InvitationGone, InvitationForAnother.
    """
    invitation = standing_invitation(offer)
    if invitation.email not in {address.lower() for address in proven}:
        raise InvitationForAnother
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    staff = add_staff(user=user, role=invitation.role, merchant=merchant, actor=invitation.invited_by)
    _record("invitation.accepted", invitation, staff)
    return staff


def _read_email(text: str) -> str:
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise AddressUnreadable from None
    if len(email) > 254:
        raise AddressUnreadable
    return email


def _open_one(invitation_id: UUID) -> Invitation:
    found = Invitation.objects.select_for_update().filter(id=invitation_id, accepted_at=None, revoked_at=None)
    invitation = found.first()
    if invitation is None:
        raise InvitationGone
    return invitation


def _count_letter(email: str) -> None:
    count_try("invitations", current_merchant_id(), most=MOST_LETTERS_AN_HOUR, seconds=3600)
    count_try("invited_here", current_merchant_id(), email, most=MOST_TO_ONE_A_DAY, seconds=24 * 3600)
    count_try("invited", email, most=MOST_TO_ONE_OF_ALL_A_DAY, seconds=24 * 3600)


def _record(name: str, invitation: Invitation, actor: StaffMember) -> None:
    events.record(name, {"invitation": str(invitation.id), "role": invitation.role, "actor": str(actor.id)})
