"""The letter that invites to a team: fixed words, the shop's name and who invites, in the language that was chosen.

It goes to an address that perhaps knows nothing of us, so it holds nothing else, and it goes once a letter.
"""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.translation import gettext, override

from core.models import Event
from core.tenancy import current_merchant_id
from integrations.notifications.letters import compose
from merchants.invitations import token_of
from merchants.models import Invitation, Merchant


def send_invitation(event: Event) -> None:
    """`invitation.made`, `invitation.sent_again`: the newest link. Twice is only a second copy of it."""
    invitation = (
        Invitation.objects.select_related("invited_by__user")
        .filter(id=event.payload["invitation"], accepted_at=None, revoked_at=None)
        .first()
    )
    if invitation is None or invitation.expires_at <= timezone.now():
        return
    merchant = Merchant.objects.get(id=current_merchant_id())
    with override(invitation.locale):
        _compose(invitation, merchant).send()


def _compose(invitation: Invitation, merchant: Merchant) -> EmailMultiAlternatives:
    inviter = invitation.invited_by.user if invitation.invited_by else None
    return compose(
        "invitation",
        subject=gettext("Join the team of %(merchant)s") % {"merchant": merchant.name},
        to=invitation.email,
        merchant=merchant,
        context={
            "inviter": str(inviter) if inviter else merchant.name,
            "role": invitation.get_role_display(),
            "link": f"{settings.BASE_URL}/dashboard/invitations/{token_of(invitation)}/",
        },
    )
